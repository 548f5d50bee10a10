import { describe, expect, it } from '@jest/globals';
import { entraInstance } from './entra-instance.ts';

const only = (report: { results: readonly unknown[] }) => {
  expect(report.results).toHaveLength(1);
  return report.results[0] as Record<string, unknown>;
};

describe('Entra ID users', () => {
  it('come with their fields, disabled ones stay out, and a second pass writes nothing', async () => {
    await using instance = await entraInstance();
    const result = only(await instance.sync());
    // Every 25th account is disabled, and the connection imports enabled ones; five enabled ones are guests.
    expect(result).toMatchObject({ status: 'succeeded', read: 250, created: 235, rejected: 0 });
    expect(await instance.user(1)).toMatchObject({
      uusername: 'Ben Osei 1',
      uemail: 'ben.osei.1@a001.example',
      Usite: 1,
      uinactive: false,
      UAzureTenantId: instance.sandbox.tenants[0]?.id,
      umobile: '+44 7700 900001',
      UTitle: 'Adviser',
    });
    expect(await instance.user(24)).toBeUndefined();
    // Without an address of its own, the sign-in name is the address.
    expect((await instance.user(48))?.['uemail']).toBe('ines.lund.48@a001.example');
    const clock = await instance.database.read({ from: 'CHANGESEQ', columns: ['lastseq'] });
    expect(only(await instance.sync())).toMatchObject({ created: 0, updated: 0, unchanged: 235, rejected: 0 });
    expect(await instance.database.read({ from: 'CHANGESEQ', columns: ['lastseq'] })).toEqual(clock);
  });

  it('are deactivated when they are switched off or gone, and active again when they come back, in whole reads', async () => {
    await using instance = await entraInstance({ connection: { acdeactivateentities: true } });
    const [tenant] = instance.sandbox.tenants;
    await instance.sync();
    tenant?.change('users', 1, { accountEnabled: false });
    tenant?.change('users', 2, null);
    expect(only(await instance.sync())).toMatchObject({ status: 'succeeded', deactivated: 2 });
    expect([await instance.user(1), await instance.user(2)]).toMatchObject([{ uinactive: true }, { uinactive: true }]);
    expect(only(await instance.sync())).toMatchObject({ updated: 0, deactivated: 0 });
    tenant?.change('users', 1, { accountEnabled: true });
    tenant?.change('users', 2, {});
    expect(only(await instance.sync())).toMatchObject({ created: 0, updated: 2 });
    expect([await instance.user(1), await instance.user(2)]).toMatchObject([
      { uinactive: false },
      { uinactive: false },
    ]);
    // More at once than the settings allow is more likely a mistake at the other end.
    for (let index = 0; index < 60; index++) tenant?.change('users', index, null);
    expect(only(await instance.sync())).toMatchObject({
      deactivated: 0,
      note: expect.stringContaining('MaxDeactivatePercent'),
    });
  });

  it('reads pages of 999 with the fields it needs, and writes last sync to Halo', async () => {
    await using instance = await entraInstance({ users: 2_500 });
    await instance.sync();
    const pages = instance.sandbox.requests.filter(({ path }) => path === '/users');
    expect(pages).toHaveLength(3);
    expect(new URLSearchParams(pages[0]?.query).get('$top')).toBe('999');
    expect(new URLSearchParams(pages[0]?.query).get('$select')).toContain('userPrincipalName');
    const [row] = await instance.database.read({
      from: 'AzureADConnection',
      columns: ['ACHaloIntegratorLastSync', 'ACHaloIntegratorLastError'],
    });
    expect(row?.['ACHaloIntegratorLastSync']).toBeInstanceOf(Date);
    expect(row?.['ACHaloIntegratorLastError']).toBe('');
  });

  it('are matched by object id, then by the connection’s matching fields, and linked', async () => {
    await using instance = await entraInstance({ connection: { ACUserMatchingFields: '["Email"]' } });
    const id = instance.sandbox.tenants[0]?.idOf('users', 3) ?? '';
    await instance.add(
      'USERS',
      { Uid: 9001, uusername: 'By id', Usite: 2, UAzureOID: id },
      { Uid: 9002, uusername: 'By address', Usite: 3, uemail: 'ESTHER.LUND.4@a001.example', umobile: 'typed by hand' },
    );
    const result = only(await instance.sync());
    expect(result).toMatchObject({ created: 233, updated: 2 });
    expect(await instance.user(3)).toMatchObject({ Uid: 9001, uusername: 'Daniel Petrov 3', Usite: 2 });
    // User 4 has no mobile number in Entra: the one in Halo stays, and so does the site.
    expect(await instance.user(4)).toMatchObject({ Uid: 9002, Usite: 3, umobile: 'typed by hand' });
    expect(await instance.database.count('ExternalLink', { column: 'ELHaloId', is: 'equal', value: 9002 })).toBe(1);
  });

  it('that Halo has not are left out where the connection does not create them, and said so', async () => {
    await using instance = await entraInstance({ connection: { accreateunmatchedusers: false } });
    await instance.add('USERS', { Uid: 9001, uusername: 'x', Usite: 2, uemail: 'ben.osei.1@a001.example' });
    const result = only(await instance.sync());
    expect(result).toMatchObject({ status: 'succeeded', created: 0, updated: 1, rejected: 0 });
    expect(result['note']).toMatch(/249 records are not in Halo/);
  });

  it('with what-if nothing is written', async () => {
    await using instance = await entraInstance({ connection: { ACUseDeltaQueries: true } });
    const before = await instance.database.count('USERS');
    expect(only(await instance.sync({ whatIf: true }))).toMatchObject({ created: 235 });
    expect(await instance.database.count('USERS')).toBe(before);
    expect(await instance.database.count('AzureDelta')).toBe(0);
  });

  it('waits as long as Graph asks when it throttles', async () => {
    await using instance = await entraInstance();
    instance.sandbox.faults.queue.push({ kind: 'throttle', retryAfter: '17' }, { kind: 'server-error', status: 503 });
    expect(only(await instance.sync())).toMatchObject({ status: 'succeeded', created: 235 });
    expect(instance.slept).toContain(17_000);
  });

  it('sign in anew when the token is refused', async () => {
    await using instance = await entraInstance({ users: 1_500 });
    instance.sandbox.faults.queue.push({ kind: 'expired-token' });
    expect(only(await instance.sync())).toMatchObject({ status: 'succeeded', created: 1_410 });
    expect(instance.sandbox.requests.map(({ status }) => status)).toContain(401);
  });

  it('say what Microsoft says when the secret is wrong', async () => {
    await using instance = await entraInstance();
    instance.configure({ ClientSecret: 'wrong' });
    const result = only(await instance.sync());
    expect(result).toMatchObject({ status: 'failed', error: { code: 'VendorAuth' } });
    expect(JSON.stringify(result)).toContain('AADSTS7000215');
    expect(await instance.logged()).not.toContain(instance.sandbox.clientSecret);
  });

  it('fail in place of being read forever where pages lead in a circle', async () => {
    await using instance = await entraInstance({ users: 2_500, connection: { acdeactivateentities: true } });
    instance.sandbox.faults.circle = true;
    const result = only(await instance.sync());
    expect(result).toMatchObject({ status: 'failed', error: { code: 'IncompleteList' }, deactivated: 0 });
    expect(instance.sandbox.requests.filter(({ path }) => path === '/users').length).toBeLessThan(8);
  });

  it('never send a token to another host, whatever a link says', async () => {
    await using instance = await entraInstance({ users: 1_500 });
    instance.sandbox.faults.linksTo = 'http://localhost:9';
    const result = only(await instance.sync());
    expect(result).toMatchObject({ status: 'failed', error: { code: 'VendorAnswer' } });
    expect(JSON.stringify(result)).toContain('another host');
  });
});

describe('A run of Entra ID users that is stopped', () => {
  it('goes on where it stopped, and takes nobody for missing until a whole read', async () => {
    await using instance = await entraInstance({ users: 5_000, connection: { acdeactivateentities: true } });
    instance.configureSync({ BatchSize: 999, TimeLimitMinutes: 1 });
    instance.advanceAfterRequests(4, 61_000);
    const stopped = await instance.sync();
    expect(stopped.exitCode).toBe(6);
    const first = only(stopped);
    expect(first).toMatchObject({ status: 'stopped', deactivated: 0 });
    const requests = instance.sandbox.requests.length;
    instance.sandbox.tenants[0]?.change('users', 0, null);
    const second = only(await instance.sync());
    expect(second).toMatchObject({ status: 'succeeded', deactivated: 0 });
    expect(instance.sandbox.requests[requests + 1]?.query).toContain('skiptoken');
    expect(Number(first['created']) + Number(second['created'])).toBe(await instance.entraUsers());
    expect(only(await instance.sync())).toMatchObject({ status: 'succeeded', created: 0, deactivated: 1 });
  });
});
