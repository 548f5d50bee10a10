import { describe, expect, it } from '@jest/globals';
import { ConnectionGuid, entraInstance, type EntraInstance } from './entra-instance.ts';

const deltas = { ACUseDeltaQueries: true, acdeactivateentities: true };

const link = async (instance: EntraInstance) =>
  instance.database.read({
    from: 'AzureDelta',
    columns: ['ADRelatedGuid', 'ADTenantId', 'ADEntity', 'ADNextDelta', 'ADLastUpdated'],
  });

describe('Entra ID users by delta', () => {
  it('keeps the link in AzureDelta, and next time reads only what changed, whole and in batches', async () => {
    await using instance = await entraInstance({ connection: deltas });
    const [tenant] = instance.sandbox.tenants;
    const first = await instance.sync();
    expect(first.results[0]).toMatchObject({ status: 'succeeded', read: 250, created: 235 });
    expect(await link(instance)).toMatchObject([
      { ADRelatedGuid: ConnectionGuid, ADTenantId: tenant?.id, ADEntity: 1, ADLastUpdated: expect.any(Date) },
    ]);
    const requests = instance.sandbox.requests.length;

    tenant?.change('users', 1, { jobTitle: 'Director' });
    tenant?.change('users', 2, { jobTitle: 'Partner' });
    tenant?.change('users', 2, { mobilePhone: '+44 7700 900999' });
    tenant?.addUser();
    const second = await instance.sync();
    expect(second.results[0]).toMatchObject({ status: 'succeeded', read: 3, created: 1, updated: 2, deactivated: 0 });
    expect(await instance.user(1)).toMatchObject({ uusername: 'Ben Osei 1', UTitle: 'Director', uinactive: false });
    expect(await instance.user(2)).toMatchObject({ UTitle: 'Partner', umobile: '+44 7700 900999' });
    const asked = instance.sandbox.requests.slice(requests).map(({ path }) => path.split('/').at(-1));
    expect(asked).toEqual(['token', 'delta()', '$batch']);

    expect((await instance.sync()).results[0]).toMatchObject({ status: 'succeeded', read: 0, deactivated: 0 });
    expect(await instance.database.count('AzureDelta')).toBe(1);
  });

  it('deactivates who was removed or switched off, outright, and switches on who came back', async () => {
    await using instance = await entraInstance({ connection: deltas });
    const [tenant] = instance.sandbox.tenants;
    await instance.sync();
    tenant?.change('users', 1, null);
    tenant?.change('users', 2, { accountEnabled: false });
    expect((await instance.sync()).results[0]).toMatchObject({ status: 'succeeded', deactivated: 2, updated: 0 });
    expect(await instance.user(1)).toMatchObject({ uinactive: true });
    expect(await instance.user(2)).toMatchObject({ uinactive: true, uusername: 'Carys Morgan 2' });
    tenant?.change('users', 2, { accountEnabled: true });
    expect((await instance.sync()).results[0]).toMatchObject({ updated: 1 });
    expect(await instance.user(2)).toMatchObject({ uinactive: false });
  });

  it('switches on who was removed and came back where only removed users are deactivated, and nobody in a whole read', async () => {
    const connection = { ACUseDeltaQueries: true, ACDeltaDeactivateEntities: 1 };
    await using instance = await entraInstance({ users: 20, connection });
    const [tenant] = instance.sandbox.tenants;
    await instance.sync();
    tenant?.change('users', 1, null);
    expect((await instance.sync()).results[0]).toMatchObject({ deactivated: 1 });
    expect(await instance.user(1)).toMatchObject({ uinactive: true });
    tenant?.change('users', 1, { displayName: 'Ben back' });
    expect((await instance.sync()).results[0]).toMatchObject({ created: 0, updated: 1 });
    expect(await instance.user(1)).toMatchObject({ uinactive: false, uusername: 'Ben back' });

    // By hand: only a change of the account speaks for it, and not that it is there.
    await using session = await instance.database.session('test');
    await session.transaction((transaction) =>
      transaction.update('USERS', { uinactive: true }, { column: 'uusername', is: 'equal', value: 'Ben back' }),
    );
    tenant?.change('users', 2, { jobTitle: 'Director' });
    instance.sandbox.faults.expiredDelta = 'gone';
    expect((await instance.sync()).results[0]).toMatchObject({ read: 20, updated: 1 });
    expect(await instance.user(1)).toMatchObject({ uinactive: true });
    // A change of an account that is disabled says nothing of coming back.
    tenant?.change('users', 1, { accountEnabled: false });
    await instance.sync();
    expect(await instance.user(1)).toMatchObject({ uinactive: true });
  });

  it('deactivates nobody where the connection does not ask for it', async () => {
    await using instance = await entraInstance({ connection: { ACUseDeltaQueries: true } });
    const [tenant] = instance.sandbox.tenants;
    await instance.sync();
    tenant?.change('users', 1, null);
    tenant?.change('users', 2, { accountEnabled: false });
    expect((await instance.sync()).results[0]).toMatchObject({ status: 'succeeded', deactivated: 0, updated: 0 });
    expect(await instance.user(1)).toMatchObject({ uinactive: false });
    expect(await instance.user(2)).toMatchObject({ uinactive: false });
  });

  it.each(['gone', 'bad-request'] as const)('reads everything when the link has expired (%s)', async (expired) => {
    await using instance = await entraInstance({ connection: deltas });
    const [tenant] = instance.sandbox.tenants;
    await instance.sync();
    const [before] = await link(instance);
    tenant?.change('users', 1, null);
    instance.sandbox.faults.expiredDelta = expired;
    // A whole read does not bring the removed user: missing, within what MaxDeactivatePercent allows.
    expect((await instance.sync()).results[0]).toMatchObject({ status: 'succeeded', read: 249, deactivated: 1 });
    expect(await instance.user(1)).toMatchObject({ uinactive: true });
    const [after] = await link(instance);
    expect(after?.['ADNextDelta']).not.toBe(before?.['ADNextDelta']);
    expect(await instance.logged()).toMatch(/delta link .* has expired/);
  });

  it('keeps the old link when the read fails, and deactivates nobody', async () => {
    await using instance = await entraInstance({ connection: deltas });
    const [tenant] = instance.sandbox.tenants;
    await instance.sync();
    const before = await link(instance);
    tenant?.change('users', 1, { jobTitle: 'Director' });
    instance.sandbox.faults.always.set('/$batch', { kind: 'malformed' });
    expect((await instance.sync()).results[0]).toMatchObject({ status: 'failed', deactivated: 0 });
    expect(await link(instance)).toEqual(before);
    instance.sandbox.faults.always.clear();
    expect((await instance.sync()).results[0]).toMatchObject({ status: 'succeeded', updated: 1 });
  });

  it('asks again for what a batch throttled, after the wait it names', async () => {
    await using instance = await entraInstance({ connection: deltas });
    const [tenant] = instance.sandbox.tenants;
    await instance.sync();
    for (let index = 0; index < 30; index++) tenant?.change('users', index, { department: 'Moved' });
    instance.sandbox.faults.throttledInBatch = 5;
    expect((await instance.sync()).results[0]).toMatchObject({ status: 'succeeded', read: 30 });
    expect(instance.slept).toContain(1_000);
    expect(instance.sandbox.requests.filter(({ path }) => path === '/$batch')).toHaveLength(3);
  });

  it('asks again without being told when, and gives up with the old link where a batch is throttled without end', async () => {
    await using instance = await entraInstance({ connection: deltas });
    const [tenant] = instance.sandbox.tenants;
    await instance.sync();
    const before = await link(instance);
    instance.sandbox.faults.silentBatch = true;
    instance.sandbox.faults.throttledInBatch = 5;
    for (let index = 0; index < 10; index++) tenant?.change('users', index, { jobTitle: 'Moved' });
    tenant?.change('users', 11, null);
    expect((await instance.sync()).results[0]).toMatchObject({ status: 'succeeded', updated: 10, deactivated: 1 });
    const after = await link(instance);
    expect(after).not.toEqual(before);
    tenant?.change('users', 1, { jobTitle: 'Director' });
    tenant?.change('users', 12, null);
    instance.sandbox.faults.throttledInBatch = 1_000;
    expect((await instance.sync()).results[0]).toMatchObject({
      status: 'failed',
      deactivated: 0,
      error: { code: 'VendorThrottled' },
    });
    expect(await link(instance)).toEqual(after);
    instance.sandbox.faults.throttledInBatch = 0;
    expect((await instance.sync()).results[0]).toMatchObject({ status: 'succeeded', updated: 1, deactivated: 1 });
  });

  it('holds the link while users are rejected, where the connection retries them', async () => {
    await using instance = await entraInstance({ connection: { ...deltas, acretryfailedusers: true } });
    const [tenant] = instance.sandbox.tenants;
    await instance.sync();
    const before = await link(instance);
    tenant?.addUser({ displayName: null, userPrincipalName: null });
    expect((await instance.sync()).results[0]).toMatchObject({ status: 'succeeded-with-rejections', rejected: 1 });
    expect(await link(instance)).toEqual(before);
    await instance.set({ acretryfailedusers: false });
    await instance.sync();
    expect(await link(instance)).not.toEqual(before);
  });

  it('a whole read that is cut short deactivates nobody', async () => {
    await using instance = await entraInstance({ connection: { acdeactivateentities: true }, users: 1_200 });
    const [tenant] = instance.sandbox.tenants;
    await instance.sync();
    tenant?.change('users', 1, null);
    instance.sandbox.faults.linksTo = 'http://localhost:9';
    expect((await instance.sync()).results[0]).toMatchObject({ status: 'failed', deactivated: 0 });
    expect(await instance.user(1)).toMatchObject({ uinactive: false });
    delete instance.sandbox.faults.linksTo;
    // The unfinished run's link leads nowhere: reading starts over, and so is whole.
    expect((await instance.sync()).results[0]).toMatchObject({ status: 'succeeded', read: 1199, deactivated: 1 });
  });

  it('keeps no new link while somebody missing from a whole read was left active', async () => {
    await using instance = await entraInstance({ connection: deltas });
    const [tenant] = instance.sandbox.tenants;
    await instance.sync();
    tenant?.change('users', 1, null);
    const nameless = tenant?.addUser({ displayName: null, userPrincipalName: null }) ?? 0;
    instance.sandbox.faults.expiredDelta = 'gone';
    const before = await link(instance);
    // The rejected user might be the missing one, so nobody is deactivated …
    expect((await instance.sync()).results[0]).toMatchObject({ rejected: 1, deactivated: 0 });
    expect(await link(instance)).toEqual(before);
    // … and once it is repaired, the whole read that follows deactivates after all.
    tenant?.change('users', nameless, { displayName: 'Named now' });
    expect((await instance.sync()).results[0]).toMatchObject({ rejected: 0, created: 1, deactivated: 1 });
    expect(await link(instance)).not.toEqual(before);
  });

  it('reads every tenant whole when one has no link, and after one has expired', async () => {
    await using instance = await entraInstance({ users: 60, tenants: 2, connection: deltas });
    const [first, second] = instance.sandbox.tenants;
    const row = (id: string | undefined, client: number) => ({
      AATDetailsId: 1,
      AATAreaId: client,
      AATAzureTenantId: id ?? '',
    });
    await instance.add('AreaAzureTenant', row(first?.id, 1));
    await instance.sync();
    await instance.add('AreaAzureTenant', row(second?.id, 3));
    expect((await instance.sync()).results[0]).toMatchObject({ read: 120, status: 'succeeded' });
    expect((await instance.sync()).results[0]).toMatchObject({ read: 0 });

    first?.change('users', 1, { jobTitle: 'Director' });
    second?.change('users', 1, null);
    instance.sandbox.faults.expiredTenants.add(second?.id ?? '');
    // The first tenant was read by its link already: who is missing from the second is left for the next run …
    expect((await instance.sync()).results[0]).toMatchObject({ read: 60, updated: 1, deactivated: 0 });
    // … which reads both whole.
    instance.sandbox.faults.expiredTenants.clear();
    expect((await instance.sync()).results[0]).toMatchObject({ read: 119, deactivated: 1 });
    expect((await instance.sync()).results[0]).toMatchObject({ read: 0 });
  });

  it('keeps no link where Halo has no place for it, and brings the users all the same', async () => {
    await using instance = await entraInstance({ users: 60, connection: deltas, lacking: ['AzureDelta.ADrequesturl'] });
    expect((await instance.sync()).results[0]).toMatchObject({ status: 'succeeded', created: 57 });
    expect((await instance.sync()).results[0]).toMatchObject({ status: 'succeeded', read: 60, unchanged: 57 });
  });
});
