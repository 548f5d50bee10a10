import { describe, expect, it } from '@jest/globals';
import { entraInstance, type EntraInstance } from './entra-instance.ts';

const entities = ['Users', 'Licences', 'LicenceUsers'];
const connection = { aclicenceimportclient: 1 };

async function heldBy(instance: EntraInstance, index: number): Promise<unknown[]> {
  const user = await instance.user(index);
  const rows = await instance.database.read({
    from: 'DeviceApplications',
    columns: ['DADesc', 'damsid'],
    where: { column: 'dauserid', is: 'equal', value: Number(user?.['Uid']) },
    orderBy: [{ column: 'DADesc' }],
  });
  return rows.map(({ DADesc }) => DADesc);
}

describe('Who holds which licence', () => {
  it('is written once, with a line of history for each user added, and again only when it changes', async () => {
    await using instance = await entraInstance({ entities, users: 40, connection });
    const [tenant] = instance.sandbox.tenants;
    const report = await instance.sync();
    // Of forty one is disabled and one a guest, so they are not in Halo; every fourth has no licence.
    expect(report.results[2]).toMatchObject({
      entity: 'LicenceUsers',
      status: 'succeeded',
      read: 40,
      updated: 29,
      unchanged: 9,
    });
    expect(await heldBy(instance, 1)).toEqual(['O365_BUSINESS_ESSENTIALS']);
    expect(await heldBy(instance, 3)).toEqual([]);
    const added = { column: 'LCFieldId', is: 'equal', value: 2 } as const;
    const removed = { column: 'LCFieldId', is: 'equal', value: 3 } as const;
    expect(await instance.database.count('LicenceChange', added)).toBe(29);
    expect(await instance.database.count('DeviceApplications')).toBe(29);

    expect((await instance.sync({ entities: ['LicenceUsers'] })).results[0]).toMatchObject({
      updated: 0,
      unchanged: 38,
    });
    // And one of each of the three licences, which were made before.
    expect(await instance.database.count('LicenceChange')).toBe(29 + 3);

    tenant?.change('users', 1, { assignedLicenses: [] });
    tenant?.change('users', 2, {
      assignedLicenses: [0, 1].map((sku) => ({ skuId: tenant.idOf('skus', sku), disabledPlans: [] })),
    });
    expect((await instance.sync({ entities: ['LicenceUsers'] })).results[0]).toMatchObject({
      updated: 2,
      unchanged: 36,
    });
    expect(await heldBy(instance, 1)).toEqual([]);
    expect(await heldBy(instance, 2)).toEqual(['O365_BUSINESS_ESSENTIALS', 'SPB']);
    expect(await instance.database.count('LicenceChange', added)).toBe(30);
    expect(await instance.database.count('LicenceChange', removed)).toBe(1);
    // The row that lost its user was taken for the new one.
    expect(await instance.database.count('DeviceApplications')).toBe(29);
  });

  it('ends for an account that is gone, and for the last who held a product the tenant has no longer', async () => {
    await using instance = await entraInstance({ entities, users: 40, connection });
    const [tenant] = instance.sandbox.tenants;
    for (let index = 0; index < 40; index++)
      tenant?.change('users', index, { assignedLicenses: index > 12 ? [{ skuId: tenant.idOf('skus', 0) }] : [] });
    tenant?.change('users', 2, { assignedLicenses: [{ skuId: tenant.idOf('skus', 2) }] });
    await instance.sync();
    const gone = Number((await instance.user(14))?.['Uid']);
    const last = Number((await instance.user(2))?.['Uid']);
    expect(await heldBy(instance, 14)).toEqual(['SPB']);
    expect(await heldBy(instance, 2)).toEqual(['EMS']);
    const hand = { DAID: 901, DADesc: 'Typed by hand', dauserid: gone };
    const other = { DAID: 902, DADesc: 'Another connection', dauserid: 3, damsid: 61 };
    await instance.add('DeviceApplications', hand, other);

    tenant?.change('users', 14, null);
    tenant?.change('users', 2, { assignedLicenses: [] });
    if (tenant) tenant.products = 2;
    const what = (await instance.sync({ entities: ['LicenceUsers'], whatIf: true })).results[0];
    expect(what).toMatchObject({ updated: 1, deactivated: 1 });
    expect(await heldBy(instance, 2)).toEqual(['EMS']);
    const report = (await instance.sync({ entities: ['LicenceUsers'] })).results[0];
    expect(report).toMatchObject({ status: 'succeeded', updated: 1, deactivated: 1 });
    expect(await heldBy(instance, 14)).toEqual(['Typed by hand']);
    expect(await heldBy(instance, 2)).toEqual([]);
    const removed = await instance.database.read({
      from: 'LicenceChange',
      columns: ['LCUserId', { column: 'licence.LDesc', as: 'name' }],
      joins: [{ kind: 'left', table: 'Licence', as: 'licence', on: [['LicenceChange.LCLid', 'licence.LID']] }],
      where: { column: 'LCFieldId', is: 'equal', value: 3 },
      orderBy: [{ column: 'LCUserId' }],
    });
    expect(removed).toEqual([
      { LCUserId: last, name: 'EMS' },
      { LCUserId: gone, name: 'SPB' },
    ]);
    expect(await instance.database.count('DeviceApplications', { column: 'dauserid', is: 'equal', value: 3 })).toBe(1);
    expect((await instance.sync({ entities: ['LicenceUsers'] })).results[0]).toMatchObject({
      updated: 0,
      deactivated: 0,
    });
  });

  it('stays where too many are gone at once, or a read was not whole', async () => {
    await using instance = await entraInstance({ entities, users: 40, connection, tenants: 2 });
    await instance.add(
      'AreaAzureTenant',
      ...instance.sandbox.tenants.map(({ id }) => ({ AATDetailsId: 1, AATAreaId: 1, AATAzureTenantId: id })),
    );
    await instance.sync();
    const [first, second] = instance.sandbox.tenants;
    const held = { all: [{ column: 'dauserid', is: 'greater', value: 0 }] } as const;
    const before = await instance.database.count('DeviceApplications', held);
    expect(before).toBeGreaterThan(40);
    first?.change('users', 1, null);
    instance.sandbox.faults.refusingTenants.add(second?.id ?? '');
    expect((await instance.sync({ entities: ['LicenceUsers'] })).results[0]).toMatchObject({ status: 'failed' });
    expect(await instance.database.count('DeviceApplications', held)).toBe(before);
    instance.sandbox.faults.refusingTenants.clear();
    // The second tenant is what was missing of that read.
    expect((await instance.sync({ entities: ['LicenceUsers'] })).results[0]).toMatchObject({ deactivated: 1 });
    for (let index = 2; index < 40; index++) first?.change('users', index, null);
    expect((await instance.sync({ entities: ['LicenceUsers'] })).results[0]).toMatchObject({
      status: 'succeeded',
      deactivated: 0,
      note: expect.stringContaining('MaxDeactivatePercent'),
    });
    expect(await instance.database.count('DeviceApplications', held)).toBe(before - 1);
  });

  it('leaves rows of other modules and rows made by hand alone', async () => {
    await using instance = await entraInstance({ entities, users: 10, connection });
    await instance.sync();
    const user = Number((await instance.user(3))?.['Uid']);
    await instance.add(
      'DeviceApplications',
      { DAID: 900, DADesc: 'Found by another', dauserid: user, damsid: 99 },
      { DAID: 901, DADesc: 'Typed by hand', dauserid: user },
    );
    expect((await instance.sync({ entities: ['LicenceUsers'] })).results[0]).toMatchObject({ updated: 0 });
    expect(await heldBy(instance, 3)).toEqual(['Found by another', 'Typed by hand']);
  });

  it('writes nothing with what-if', async () => {
    await using instance = await entraInstance({ entities, users: 10, connection });
    await instance.sync({ entities: ['Users', 'Licences'] });
    expect((await instance.sync({ entities: ['LicenceUsers'], whatIf: true })).results[0]).toMatchObject({
      updated: 8,
    });
    expect(await instance.database.count('DeviceApplications')).toBe(0);
    expect(await instance.database.count('LicenceChange', { column: 'LCFieldId', is: 'greater', value: 0 })).toBe(0);
  });
});
