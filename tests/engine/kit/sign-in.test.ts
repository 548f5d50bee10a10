import { describe, expect, it } from '@jest/globals';
import type { SignIn } from '../../../node/src/integrations/kit/sign-in/sign-in.ts';
import { openApi } from '../../../node/src/integrations/kit/vendor-api.ts';
import { apiContext, scriptedVendor } from './scripted-vendor.ts';
import { open, settings } from './signed-in.ts';

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
