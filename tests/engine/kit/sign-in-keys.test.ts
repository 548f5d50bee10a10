import { generateKeyPairSync } from 'node:crypto';
import { importSPKI, jwtVerify } from 'jose';
import { describe, expect, it } from '@jest/globals';
import type { SignIn } from '../../../node/src/integrations/kit/sign-in/sign-in.ts';
import type { KeptTexts } from '../../../node/src/integrations/kept-texts.ts';
import { scriptedVendor, skippingClock } from './scripted-vendor.ts';
import { open, settings, tokenVendor } from './signed-in.ts';

describe('a service account', () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const signIn: SignIn = { style: 'service-account', key: '{KeyFile}', scopes: ['a', 'b'], subject: '{User}' };

  it('signs a claim with its key', async () => {
    const kept = tokenVendor((_request, count) => ({ body: { access_token: `token-${count}`, expires_in: 3599 } }));
    await using vendor = await kept.start();
    const KeyFile = JSON.stringify({
      client_email: 'svc@acme',
      private_key: privateKey,
      token_uri: `${vendor.url}/token`,
      private_key_id: 'k1',
    });
    await open(vendor, signIn, {}, { settings: { KeyFile } }).ask({ url: '/x' });
    const form = new URLSearchParams(vendor.requests[0]?.body);
    expect(form.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
    const verified = await jwtVerify(form.get('assertion') ?? '', await importSPKI(publicKey, 'RS256'), {
      currentDate: new Date('2026-01-01T00:00:10Z'),
    });
    expect(verified.payload).toMatchObject({
      iss: 'svc@acme',
      sub: settings.User,
      aud: `${vendor.url}/token`,
      scope: 'a b',
    });
    expect(verified.protectedHeader).toMatchObject({ alg: 'RS256', kid: 'k1' });
  });

  it.each([
    ['no JSON', 'not a key file'],
    ['a part of it', JSON.stringify({ client_email: 'a' })],
    [
      'no private key',
      JSON.stringify({ client_email: 'a', private_key: 'MY-SECRET-KEY', token_uri: 'http://127.0.0.1:1/' }),
    ],
  ])('whose key is %s is said to have none, without the key', async (_name, KeyFile) => {
    await using vendor = await scriptedVendor(() => ({}));
    const error: unknown = await Promise.resolve()
      .then(() => open(vendor, signIn, {}, { settings: { KeyFile } }).ask({ url: '/x' }))
      .catch((one: unknown) => one);
    expect(error).toMatchObject({ code: 'UnusableKey' });
    expect(String(error)).not.toMatch(/MY-SECRET|not a key file"/);
  });
});

describe('a refresh token that is replaced each time', () => {
  const signIn: SignIn = { style: 'refresh-token', url: '/token', refreshToken: '{Refresh}', clientId: '{Id}' };

  /** A vendor that takes each refresh token once, and what was kept when the token it gave was used first. */
  async function rotatingVendor(store: Map<string, string>) {
    const state = { current: 'first-refresh', access: '', count: 0, keptAtUse: [] as string[] };
    const vendor = await scriptedVendor(({ path, body, headers }) => {
      if (path === '/v2/token') {
        if (new URLSearchParams(body).get('refresh_token') !== state.current)
          return { status: 400, body: { error: 'invalid_grant' } };
        state.count++;
        state.current = `refresh-${state.count}`;
        state.access = `access-${state.count}`;
        return { body: { access_token: state.access, refresh_token: state.current, expires_in: 3600 } };
      }
      state.keptAtUse.push([...store.values()].join());
      return headers.authorization === `Bearer ${state.access}` ? { body: {} } : { status: 401 };
    });
    return Object.assign(vendor, { state });
  }
  const keptIn = (store: Map<string, string>): KeptTexts => ({
    settings: 'these',
    read: async (name) => store.get(name),
    write: async (name, text) => void store.set(name, text),
  });

  it('is kept before it is used, sealed, and the next run goes on with it', async () => {
    const store = new Map<string, string>();
    await using vendor = await rotatingVendor(store);
    const { state } = vendor;
    const settings = { Refresh: 'first-refresh' };
    await open(vendor, signIn, {}, { settings, kept: keptIn(store) }).ask({ url: '/x' });
    expect(state.keptAtUse[0]).not.toBe('');
    expect([...store].join()).not.toMatch(/refresh-1|access-1|first-refresh/);
    // Another process, while the access token lives, and one when it does no longer.
    await open(vendor, signIn, {}, { settings, kept: keptIn(store) }).ask({ url: '/x' });
    expect(state.count).toBe(1);
    const clock = skippingClock();
    clock.time += 7_200_000;
    await open(vendor, signIn, {}, { settings, clock, kept: keptIn(store) }).ask({
      url: '/x',
    });
    expect(state.count).toBe(2);
  });

  it('that is refused although it lives is renewed once', async () => {
    const store = new Map<string, string>();
    await using vendor = await rotatingVendor(store);
    const { state } = vendor;
    const api = open(vendor, signIn, {}, { settings: { Refresh: 'first-refresh' }, kept: keptIn(store) });
    await api.ask({ url: '/x' });
    state.access = 'void';
    await api.ask({ url: '/x' });
    expect(state.count).toBe(2);
  });

  it('begins anew with a new one in the settings', async () => {
    const store = new Map<string, string>();
    await using vendor = await rotatingVendor(store);
    const { state } = vendor;
    await open(vendor, signIn, {}, { settings: { Refresh: 'first-refresh' }, kept: keptIn(store) }).ask({ url: '/x' });
    state.current = 'second-refresh';
    await open(vendor, signIn, {}, { settings: { Refresh: 'second-refresh' }, kept: keptIn(store) }).ask({ url: '/x' });
    expect(state.count).toBe(2);
  });

  it('that another process used at the same moment is not used again', async () => {
    const store = new Map<string, string>();
    await using vendor = await rotatingVendor(store);
    const { state } = vendor;
    const settings = { Refresh: 'first-refresh' };
    const other = open(vendor, signIn, {}, { settings, kept: keptIn(store) });
    let reads = 0;
    const late: KeptTexts = {
      ...keptIn(store),
      // The other one comes between looking and asking.
      async read(name) {
        if (reads++ === 0) {
          await other.ask({ url: '/x' });
          return undefined;
        }
        return store.get(name);
      },
    };
    await open(vendor, signIn, {}, { settings, kept: late }).ask({ url: '/x' });
    expect(state.count).toBe(1);
  });

  it('is not used where it cannot be kept', async () => {
    await using vendor = await scriptedVendor(() => ({}));
    expect(() => open(vendor, signIn, {}, { settings: { Refresh: 'x' } })).toThrow('could not be kept');
  });
});
