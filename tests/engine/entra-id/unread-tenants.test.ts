import { describe, expect, it } from '@jest/globals';
import type { Row } from '../../../node/src/database/database.ts';
import { entraInstance, type EntraInstance } from './entra-instance.ts';

/** Halo's row of a tenant: the first is client 1's, the second client 3's. */
const tenantRow = (instance: EntraInstance, at: number, values: Row = {}): Row => ({
  AATDetailsId: 1,
  AATAreaId: at === 0 ? 1 : 3,
  AATAzureTenantId: instance.sandbox.tenants[at]?.id ?? '',
  AATAzureTenantName: at === 0 ? 'Alder' : 'Calder',
  ...values,
});

async function change(instance: EntraInstance, table: string, values: Row, where: [string, string]): Promise<void> {
  await using session = await instance.database.session('test');
  await session.transaction((transaction) =>
    transaction.update(table, values, { column: where[0], is: 'equal', value: where[1] }),
  );
}

describe('What is of a tenant that was not read', () => {
  it('stays active: the connection’s own tenant gives way to the first that is mapped to a client', async () => {
    await using instance = await entraInstance({ users: 30, tenants: 2, connection: { acdeactivateentities: true } });
    const [own, mapped] = instance.sandbox.tenants;
    for (let index = 5; index < 30; index++) own?.change('users', index, null);
    await instance.sync();
    await instance.add('AreaAzureTenant', tenantRow(instance, 1));
    const inactive = { column: 'uinactive', is: 'equal', value: true } as const;
    const before = await instance.database.count('USERS', inactive);
    expect((await instance.sync({ whatIf: true })).results[0]?.note).not.toMatch(/deactivated|missing/);
    instance.configureSync({ MaxDeactivatePercent: 100 });
    expect((await instance.sync()).results[0]).toMatchObject({ created: 29, deactivated: 0 });
    expect(await instance.database.count('USERS', inactive)).toBe(before);
    // Who is missing from the tenant that is read is still found.
    mapped?.change('users', 3, null);
    instance.configureSync({});
    expect((await instance.sync()).results[0]).toMatchObject({ deactivated: 1 });
  });

  it('stays active where nothing says which tenant a user is of', async () => {
    await using instance = await entraInstance({ users: 20, connection: { acdeactivateentities: true } });
    const [tenant] = instance.sandbox.tenants;
    await instance.sync();
    await change(instance, 'USERS', { UAzureTenantId: '' }, ['UAzureOID', tenant?.idOf('users', 2) ?? '']);
    tenant?.change('users', 1, null);
    tenant?.change('users', 2, null);
    expect((await instance.sync()).results[0]).toMatchObject({ deactivated: 1 });
    expect([await instance.user(1), await instance.user(2)]).toMatchObject([{ uinactive: true }, { uinactive: false }]);
  });

  it('is not missing from a read that went on where tenants were added meanwhile', async () => {
    await using instance = await entraInstance({ users: 10, tenants: 3, connection: { acdeactivateentities: true } });
    const third = instance.sandbox.tenants[2]?.id ?? '';
    // The own tenant comes last, since a mapping is about it.
    await instance.set({ ACDirectoryID: third });
    await instance.add('AzureADMapping', { AMConnectionID: 1, AMTenantId: third, AMSiteID: 4, AMNoFilter: true });
    await instance.add('AreaAzureTenant', tenantRow(instance, 0), tenantRow(instance, 1));
    await instance.sync();
    await change(instance, 'AreaAzureTenant', { AATDetailsId: 9 }, ['AATAzureTenantName', 'Calder']);
    instance.sandbox.requests.length = 0;
    instance.configureSync({ TimeLimitMinutes: 1, BatchSize: 1, MaxDeactivatePercent: 100 });
    instance.advanceAfterRequests(2, 120_000);
    expect((await instance.sync()).results[0]).toMatchObject({ status: 'stopped' });
    instance.advanceAfterRequests(2, 0);
    await change(instance, 'AreaAzureTenant', { AATDetailsId: 1 }, ['AATAzureTenantName', 'Calder']);
    expect((await instance.sync()).results[0]).toMatchObject({ status: 'succeeded', deactivated: 0 });
  });

  it('stays active among assets and licences, also where a tenant is excluded from Intune', async () => {
    await using instance = await entraInstance({
      entities: ['Licences', 'Devices'],
      users: 20,
      devices: 10,
      tenants: 2,
      connection: { ACIntuneEnabled: true, ACDefaultAssetType: 1 },
    });
    instance.configure({ DeactivateDevices: true, DeactivateLicences: true });
    instance.configureSync({ MaxDeactivatePercent: 100 });
    await instance.add('AreaAzureTenant', tenantRow(instance, 0), tenantRow(instance, 1));
    expect((await instance.sync()).results).toMatchObject([{ created: 6 }, { created: 20 }]);
    await change(instance, 'AreaAzureTenant', { aatexcludefromintuneimport: true }, ['AATAzureTenantName', 'Calder']);
    instance.sandbox.tenants[0]?.change('devices', 2, null);
    expect((await instance.sync()).results[1]).toMatchObject({ entity: 'Devices', read: 9, deactivated: 1 });
    await change(instance, 'AreaAzureTenant', { AATDetailsId: 9 }, ['AATAzureTenantName', 'Calder']);
    if (instance.sandbox.tenants[0]) instance.sandbox.tenants[0].products = 1;
    expect((await instance.sync()).results[0]).toMatchObject({ entity: 'Licences', read: 1, deactivated: 1 });
  });

  it('goes on holding its licences', async () => {
    await using instance = await entraInstance({
      entities: ['Users', 'Licences', 'LicenceUsers'],
      users: 10,
      tenants: 2,
    });
    instance.configureSync({ MaxDeactivatePercent: 100 });
    await instance.add('AreaAzureTenant', tenantRow(instance, 0), tenantRow(instance, 1));
    await instance.sync();
    const held = { column: 'dauserid', is: 'greater', value: 0 } as const;
    const before = await instance.database.count('DeviceApplications', held);
    await change(instance, 'AreaAzureTenant', { AATDetailsId: 9 }, ['AATAzureTenantName', 'Calder']);
    expect((await instance.sync({ entities: ['LicenceUsers'] })).results[0]).toMatchObject({ deactivated: 0 });
    expect(await instance.database.count('DeviceApplications', held)).toBe(before);
  });

  it('disables no agent, and says so', async () => {
    await using instance = await entraInstance({
      entities: ['Agents'],
      users: 10,
      tenants: 2,
      connection: { acdeactivateagents: true },
    });
    instance.configureSync({ MaxDeactivatePercent: 100 });
    const [own, mapped] = instance.sandbox.tenants;
    const about = { AMConnectionID: 1, AMRoleID: 3, AMNoFilter: true };
    await instance.add('AzureADMapping', { ...about, AMTenantId: own?.id ?? '' });
    await instance.add('UNAME', { Unum: 90, uname: 'B. Osei', usmtp: String(own?.record('users', 1)?.['mail']) });
    expect((await instance.sync()).results[0]).toMatchObject({ updated: 1 });
    await instance.add('AreaAzureTenant', tenantRow(instance, 1));
    await change(instance, 'AzureADMapping', { AMTenantId: mapped?.id ?? '' }, ['AMTenantId', own?.id ?? '']);
    expect((await instance.sync()).results[0]).toMatchObject({ status: 'succeeded', read: 10, deactivated: 0 });
    expect(await instance.logged()).toContain('no agent is disabled for being missing');
  });
});
