import { describe, expect, it } from '@jest/globals';
import type { SignIn } from '../../../node/src/integrations/kit/sign-in/sign-in.ts';
import { scriptedVendor, skippingClock, type GotRequest, type Said } from './scripted-vendor.ts';
import { open, settings, tokenVendor } from './signed-in.ts';

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
