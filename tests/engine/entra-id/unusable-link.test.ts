import { describe, expect, it } from '@jest/globals';
import { entraInstance } from './entra-instance.ts';

describe('a delta link that cannot be used', () => {
  it.each([
    ['is no address', () => 'garbage'],
    ['is of another host', () => 'https://graph.example.invalid/v1.0/users/delta()?$deltatoken=x'],
    ['is refused', (url: string) => `${url}/v1.0/nowhere`],
    [
      'is of another host, behind a name of ours',
      (url: string) => `${url.replace('//', '//x@')}.example.invalid/delta`,
    ],
    ['has no scheme', () => '//graph.example.invalid/v1.0/users/delta()'],
    ['is a script', () => 'javascript:alert(1)'],
    ['is a file', () => 'file:///etc/passwd'],
    ['has no path', (url: string) => url],
    ['is of something else', (url: string) => `${url}/v1.0/subscribedSkus`],
    ['is as long as may be', (url: string) => `${url}/v1.0/users/delta()?$deltatoken=${'x'.repeat(30_000)}`],
    ['has line ends', (url: string) => `${url}/v1.0/no\r\nwhere: x`],
    ['has a NUL', (url: string) => `${url}/v1.0/no\0where`],
    ['is JSON', () => '{"link":"https://graph.microsoft.com"}'],
    ['is spaces', () => '   '],
  ])('is dropped with a warning, and everything is read anew: it %s', async (_, linkOf) => {
    await using instance = await entraInstance({ users: 20, devices: 0 });
    await instance.set({ ACDefaultSite: 1, accreateunmatchedusers: true, ACUseDeltaQueries: true });
    expect((await instance.sync()).results[0]).toMatchObject({ status: 'succeeded', read: 20 });
    await using session = await instance.database.session('test');
    const link = linkOf(instance.sandbox.url);
    await session.transaction((transaction) => transaction.update('AzureDelta', { ADNextDelta: link }, { all: [] }));
    expect((await instance.sync()).results[0]).toMatchObject({ status: 'succeeded', read: 20, unchanged: 20 });
    expect(await instance.logged()).toMatch(/delta link of the tenant .* cannot be used, and all its users are read/);
    // What came of that has a link of its own.
    expect((await instance.sync()).results[0]).toMatchObject({ status: 'succeeded', read: 0 });
  });
});
