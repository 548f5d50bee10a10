import { generateKeyPairSync } from 'node:crypto';
import { importSPKI, jwtVerify } from 'jose';
import { describe, expect, it } from '@jest/globals';
import type { SignIn } from '../../../node/src/integrations/kit/sign-in/sign-in.ts';
import type { KeptTexts } from '../../../node/src/integrations/kept-texts.ts';
import type { VendorContext } from '../../../node/src/integrations/connection.ts';
import { openApi, type DeclaredApi } from '../../../node/src/integrations/kit/vendor-api.ts';
import {
  apiContext,
  scriptedVendor,
  skippingClock,
  type GotRequest,
  type Said,
  type ScriptedVendor,
} from './scripted-vendor.ts';

const settings = { Id: 'my-id', Secret: 'my-secret', User: 'me@acme.example', Password: 'pass word&1', Key: 'k-12345' };

function open(
  vendor: ScriptedVendor,
  signIn: SignIn,
  more: Partial<DeclaredApi> = {},
  context: Partial<VendorContext> = {},
) {
  const declared = { integration: 'Acme', address: `${vendor.url}/v2`, signIn, ...more };
  const all = { ...settings, ...context.settings };
  return openApi(declared, apiContext(all, { ...context, settings: all }));
}

/** A vendor that gives tokens one after another and takes only the last; `expire` makes that one void. */
function tokenVendor(token: (request: GotRequest, count: number) => Said, path = '/token') {
  const state = { issued: 0, valid: '' };
  return {
    state,
    expire: () => (state.valid = 'none'),
    start: () =>
      scriptedVendor((request) => {
        if (request.path === path) {
          const said = token(request, state.issued + 1);
          if ((said.status ?? 200) < 300) state.valid = `token-${++state.issued}`;
          return said;
        }
        const ok = request.headers.authorization === `Bearer ${state.valid}`;
        return ok
          ? { body: { fine: true } }
          : { status: 401, body: { message: `no ${request.headers.authorization}` } };
      }),
  };
}

describe('a key in headers', () => {
  it.each<[string, SignIn, Record<string, string>]>([
    ['with a prefix', { style: 'key', headers: { Authorization: 'SSWS {Key}' } }, { authorization: 'SSWS k-12345' }],
    ['of any name', { style: 'key', headers: { 'X-Api-Key': '{Key}' } }, { 'x-api-key': 'k-12345' }],
    [
      'of two parts',
      { style: 'key', headers: { 'X-ApiKeys': 'accessKey={Id}; secretKey={Secret}' } },
      { 'x-apikeys': 'accessKey=my-id; secretKey=my-secret' },
    ],
    [
      'by its own form',
      {
        style: 'key',
        headers: ({ Key }): Record<string, string> =>
          String(Key).length > 100 ? { authorization: 'Bearer {Key}' } : { 'x-api-key': '{Key}' },
      },
      { 'x-api-key': 'k-12345' },
    ],
    [
      'as basic authentication',
      { style: 'basic', username: '{User}', password: '{Password}' },
      { authorization: `Basic ${btoa('me@acme.example:pass word&1')}` },
    ],
    [
      'without a user',
      { style: 'basic', username: '', password: '{Key}' },
      { authorization: `Basic ${btoa(':k-12345')}` },
    ],
  ])('%s', async (_name, signIn, expected) => {
    await using vendor = await scriptedVendor(() => ({ body: {} }));
    await open(vendor, signIn, { headers: { 'X-Client': 'halo {Id}' } }).ask({ url: '/x' });
    expect(vendor.requests[0]).toMatchObject({ path: '/v2/x', headers: { ...expected, 'x-client': 'halo my-id' } });
  });

  it('that is refused is not tried again, and shows nowhere', async () => {
    await using vendor = await scriptedVendor(() => ({ status: 401, body: { message: 'bad key k-12345' } }));
    const error: unknown = await open(vendor, { style: 'key', headers: { 'X-Api-Key': '{Key}' } })
      .ask({ url: '/x' })
      .catch((one: unknown) => one);
    expect(error).toMatchObject({ code: 'VendorAuth' });
    expect(String(error)).not.toContain('k-12345');
    expect(vendor.requests).toHaveLength(1);
  });

  it('that is missing is named', () => {
    const parts = apiContext({});
    const signIn = { style: 'key', headers: { a: '{Id}-{Secret}' } } as const;
    expect(() => openApi({ integration: 'Acme', address: 'http://x', signIn }, parts)).toThrow(
      'Acme lacks Id and Secret.',
    );
  });
});

describe('secrets in the query', () => {
  it('go with each request and show nowhere', async () => {
    await using vendor = await scriptedVendor(({ path }) =>
      path.endsWith('/list')
        ? { body: [] }
        : { status: 400, body: { message: 'passhash=pass word&1 is wrong (pass%20word%261)' } },
    );
    const api = open(vendor, { style: 'query', parameters: { username: '{User}', passhash: '{Password}' } });
    await api.ask({ url: '/list', query: { count: 5 } });
    expect(vendor.requests[0]?.query).toEqual({ username: settings.User, passhash: settings.Password, count: '5' });
    const error = String(await api.ask({ url: '/other' }).catch((one: unknown) => one));
    expect(error).not.toContain('pass word');
  });
});

describe('tokens of OAuth', () => {
  const token = (request: GotRequest, count: number): Said => ({
    body: { access_token: `token-${count}`, expires_in: 3600, token_type: request.method },
  });

  it.each<[string, SignIn, (request: GotRequest) => unknown, object]>([
    [
      'client credentials as a form',
      {
        style: 'client-credentials',
        url: '/token',
        clientId: '{Id}',
        clientSecret: '{Secret}',
        fields: { scope: 'read {Id}' },
      },
      ({ body }) => Object.fromEntries(new URLSearchParams(body)),
      { grant_type: 'client_credentials', client_id: 'my-id', client_secret: 'my-secret', scope: 'read my-id' },
    ],
    [
      'client credentials as JSON',
      {
        style: 'client-credentials',
        url: '/token',
        clientId: '{Id}',
        clientSecret: '{Secret}',
        sends: 'json',
        fields: { audience: 'x' },
      },
      ({ body }) => JSON.parse(body),
      { grant_type: 'client_credentials', client_id: 'my-id', client_secret: 'my-secret', audience: 'x' },
    ],
    [
      'client credentials as basic authentication',
      { style: 'client-credentials', url: '/token', clientId: '{Id}', clientSecret: '{Secret}', basic: true },
      ({ body, headers }) => ({ ...Object.fromEntries(new URLSearchParams(body)), basic: headers.authorization }),
      { grant_type: 'client_credentials', basic: `Basic ${btoa('my-id:my-secret')}` },
    ],
    [
      'a password with a fixed client',
      {
        style: 'password',
        url: '/token',
        username: '{User}',
        password: '{Password}',
        clientId: 'public',
        clientSecret: 'public',
        basic: true,
      },
      ({ body, headers }) => ({ ...Object.fromEntries(new URLSearchParams(body)), basic: headers.authorization }),
      {
        grant_type: 'password',
        username: settings.User,
        password: settings.Password,
        basic: `Basic ${btoa('public:public')}`,
      },
    ],
  ])('by %s', async (_name, signIn, read, expected) => {
    const kept = tokenVendor(token, '/v2/token');
    await using vendor = await kept.start();
    const api = open(vendor, signIn);
    await Promise.all([api.ask({ url: '/x' }), api.ask({ url: '/y' })]);
    const asked = vendor.requests.filter(({ path }) => path === '/v2/token');
    expect(asked.map(read)).toEqual([expected]);
  });

  it('are renewed once when they are refused, and before they end', async () => {
    const kept = tokenVendor(token, '/v2/token');
    await using vendor = await kept.start();
    const clock = skippingClock();
    const api = open(
      vendor,
      { style: 'client-credentials', url: '/token', clientId: '{Id}', clientSecret: '{Secret}' },
      {},
      { clock },
    );
    await api.ask({ url: '/x' });
    kept.expire();
    await api.ask({ url: '/x' });
    expect(kept.state.issued).toBe(2);
    clock.time += 3_500_000;
    await api.ask({ url: '/x' });
    expect(kept.state.issued).toBe(3);
  });

  it('that are refused again end it', async () => {
    const kept = tokenVendor((_request, count) => ({ body: { access_token: `other-${count}` } }), '/v2/token');
    await using vendor = await kept.start();
    const api = open(vendor, {
      style: 'client-credentials',
      url: '/token',
      clientId: '{Id}',
      clientSecret: '{Secret}',
    });
    const error: unknown = await api.ask({ url: '/x' }).catch((one: unknown) => one);
    expect(error).toMatchObject({ code: 'VendorAuth' });
    expect(String(error)).not.toMatch(/other-\d/);
    expect(vendor.requests).toHaveLength(4);
  });

  it.each([{ body: {} }, { body: '' }, { body: { access_token: '' } }, { body: '{"access_token": "cut o' }])(
    'are not taken from %j',
    async (said) => {
      await using vendor = await scriptedVendor(() => said);
      const api = open(vendor, {
        style: 'client-credentials',
        url: '/token',
        clientId: '{Id}',
        clientSecret: '{Secret}',
      });
      await expect(api.ask({ url: '/x' })).rejects.toMatchObject({ code: 'VendorAnswer' });
    },
  );
});

describe('a login', () => {
  it('gives a token for a header of any name', async () => {
    await using vendor = await scriptedVendor(({ path, headers }) =>
      path.endsWith('/apitoken')
        ? { body: { data: { AccessToken: 'abc', ExpirationDate: '2026-01-01T01:00:00Z' } } }
        : { status: headers['x-token'] === 'abc' ? 200 : 401, body: {} },
    );
    const signIn: SignIn = {
      style: 'login',
      request: {
        url: '/apitoken',
        json: { UserName: '{User}', Password: '{Password}', Trusted: true },
        headers: { clientId: '{Id}' },
      },
      token: 'data.AccessToken',
      expires: 'data.ExpirationDate',
      header: 'X-Token',
      prefix: '',
    };
    const api = open(vendor, signIn);
    await api.ask({ url: '/x' });
    await api.ask({ url: '/x' });
    expect(vendor.requests).toHaveLength(3);
    expect(JSON.parse(vendor.requests[0]?.body ?? '')).toEqual({
      UserName: settings.User,
      Password: settings.Password,
      Trusted: true,
    });
    expect(vendor.requests[0]?.headers['clientid']).toBe('my-id');
  });

  it('is renewed with what it gave for that, as plain text, and done anew where that is refused', async () => {
    let renewals = 0;
    await using vendor = await scriptedVendor(({ path, headers, body }) => {
      if (path.endsWith('/authenticate'))
        return headers.authorization === 'Bearer k-12345'
          ? { body: { tokens: { access: { token: 'a1' }, refresh: { token: 'r1' } } } }
          : { status: 401 };
      if (path.endsWith('/refresh'))
        return body === 'r1' && headers['content-type'] === 'text/plain' && renewals++ === 0
          ? { body: { tokens: { access: { token: 'a2' } } } }
          : { status: 400 };
      return headers.authorization === 'Bearer a2' && renewals === 1 ? { body: {} } : { status: 401 };
    });
    const signIn: SignIn = {
      style: 'login',
      request: { url: '/authenticate', headers: { Authorization: 'Bearer {Key}' } },
      token: 'tokens.access.token',
      renewal: { with: 'tokens.refresh.token', request: { url: '/refresh', text: '{renewal}' } },
    };
    const api = open(vendor, signIn);
    await api.ask({ url: '/x' });
    expect(vendor.requests.map(({ path }) => path)).toEqual(['/v2/authenticate', '/v2/x', '/v2/refresh', '/v2/x']);
    renewals = 2;
    await expect(api.ask({ url: '/x' })).rejects.toMatchObject({ code: 'VendorAuth' });
    expect(vendor.requests.slice(4).map(({ path }) => path)).toEqual([
      '/v2/x',
      '/v2/refresh',
      '/v2/authenticate',
      '/v2/x',
    ]);
  });
});

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

describe('who-am-I', () => {
  it('says at which host our data is, once, and what goes with each request', async () => {
    await using regional = await scriptedVendor(() => ({ body: {} }));
    await using vendor = await scriptedVendor(({ path }) =>
      path === '/v2/whoami'
        ? { body: { id: 't-1', idType: 'tenant', apiHosts: { dataRegion: regional.url } } }
        : { status: 404 },
    );
    const api = open(
      vendor,
      { style: 'key', headers: { 'X-Api-Key': '{Key}' } },
      {
        whoAmI: {
          url: '/whoami',
          address: 'apiHosts.dataRegion',
          path: '/api',
          headers: (answer) => ({ 'x-tenant-id': (answer as { id: string }).id }),
        },
      },
    );
    await Promise.all([api.ask({ url: '/x' }), api.ask({ url: '/y' })]);
    expect(vendor.requests).toHaveLength(1);
    expect(regional.requests.map(({ path }) => path).sort()).toEqual(['/api/x', '/api/y']);
    expect(regional.requests[0]?.headers).toMatchObject({ 'x-tenant-id': 't-1', 'x-api-key': 'k-12345' });
  });
});

describe('where credentials go', () => {
  it.each([
    ['https://eu-1.api.acme.example', true],
    ['https://api.acme.example', false],
    ['http://eu-1.api.acme.example', false],
    ['https://eu-1.api.acme.example.evil.com', false],
    ['https://evil.com/.api.acme.example', false],
    ['https://a.b.api.acme.example', false],
  ])('%s: %s', async (url, allowed) => {
    await using vendor = await scriptedVendor(() => ({ body: {} }));
    const stop = new AbortController();
    const asked = open(
      vendor,
      { style: 'key', headers: { 'X-Api-Key': '{Key}' } },
      { alsoAt: ['https://*.api.acme.example'] },
      { http: { ...apiContext({}).http, answer: async ({ url: at }) => ({ status: 200, headers: {}, text: at }) } },
    ).ask({ url }, stop.signal);
    if (allowed) expect((await asked).text).toBe(url);
    else await expect(asked).rejects.toThrow('a link leads to another host');
  });
});
