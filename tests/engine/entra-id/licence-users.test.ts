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
    expect(await instance.database.count('LicenceChange')).toBe(29);

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
    expect(await instance.database.count('LicenceChange')).toBe(0);
  });
});
