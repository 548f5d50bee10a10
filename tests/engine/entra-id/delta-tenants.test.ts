import { describe, expect, it } from '@jest/globals';
import type { Row } from '../../../node/src/database/database.ts';
import { entraInstance, type EntraInstance } from './entra-instance.ts';

describe('Entra ID users of several tenants by delta, over several runs', () => {
  async function twoTenants(connection: Row): Promise<EntraInstance> {
    const instance = await entraInstance({
      users: 60,
      tenants: 2,
      connection: { ACUseDeltaQueries: true, ...connection },
    });
    const [first, second] = instance.sandbox.tenants;
    const row = (id: string | undefined, client: number) => ({
      AATDetailsId: 1,
      AATAreaId: client,
      AATAzureTenantId: id ?? '',
    });
    await instance.add('AreaAzureTenant', row(first?.id, 1), row(second?.id, 3));
    return instance;
  }
  /** The first tenant in a run that then is at its time limit. */
  async function readFirst(instance: EntraInstance): Promise<void> {
    instance.configureSync({ TimeLimitMinutes: 1, BatchSize: 1 });
    instance.advanceAfterRequests(2, 120_000);
    expect((await instance.sync()).results[0]).toMatchObject({ status: 'stopped' });
    instance.advanceAfterRequests(2, 0);
  }

  it('reads users again that an earlier run rejected, where the connection retries them', async () => {
    await using instance = await twoTenants({ acretryfailedusers: true });
    instance.sandbox.tenants[0]?.addUser({ displayName: null, userPrincipalName: null });
    await readFirst(instance);
    expect((await instance.sync()).results[0]).toMatchObject({ status: 'succeeded', rejected: 0 });
    expect((await instance.sync()).results[0]).toMatchObject({ read: 121, rejected: 1 });
  });

  it('reads all again where something else is asked for by then', async () => {
    await using instance = await twoTenants({});
    await readFirst(instance);
    await instance.add('AzureADMapping', {
      AMConnectionID: 1,
      AMTenantId: '',
      AMNoFilter: true,
      amsitemappingtype: 1,
      amsitemappingfield: 'officeLocation',
      amclientid: 2,
      amdefaultsiteid: 1,
    });
    expect((await instance.sync()).results[0]).toMatchObject({ status: 'succeeded' });
    expect((await instance.sync()).results[0]).toMatchObject({ read: 120 });
    expect((await instance.sync()).results[0]).toMatchObject({ read: 0 });
  });

  it('writes what the others brought where the mapping of one is unclear', async () => {
    await using instance = await twoTenants({});
    await instance.add('AzureADMapping', {
      AMConnectionID: 1,
      AMTenantId: instance.sandbox.tenants[0]?.id ?? '',
      AMSiteID: 4,
      AMFilterField: 'nonsense',
      AMFilterType: 0,
      AMFilterValue: 'x',
    });
    expect((await instance.sync()).results[0]).toMatchObject({ status: 'failed', read: 60, created: 57 });
  });
});
