import { describe, expect, it } from '@jest/globals';
import { entraInstance } from './entra-instance.ts';

describe('Intune’s devices', () => {
  const intune = { ACIntuneEnabled: true, ACDefaultAssetType: 12, ACDefaultSite: 1 };

  it('become assets with type, site and user, each numbered within its site', async () => {
    await using instance = await entraInstance({
      entities: ['Users', 'Devices'],
      users: 10,
      devices: 40,
      connection: intune,
    });
    await instance.add('XTYPE', { TTypenum: 11, tdesc: 'Phone' }, { TTypenum: 12, tdesc: 'Computer' });
    await instance.add('XTypeMapping', { XMTypeId: 11, XMValue: 'iOS', XMmsid: 61 });
    await instance.add(
      'DEVICE',
      { Did: 500, Dsite: 1, ddevnum: 7, dinvno: 'Old printer' },
      { Did: 501, Dsite: 1, ddevnum: 8, dinvno: 'PC-0', Dtype: 12 },
    );
    const report = await instance.sync();
    expect(report.results.map(({ entity, status }) => [entity, status])).toEqual([
      ['Users', 'succeeded'],
      ['Devices', 'succeeded'],
    ]);
    expect(report.results[1]).toMatchObject({ created: 39, updated: 1, rejected: 0 });
    const rows = await instance.database.read({
      from: 'DEVICE',
      columns: ['Did', 'Dsite', 'ddevnum', 'Dtype', 'dinvno', 'DIntuneId'],
      where: { column: 'Did', is: 'greater', value: 500 },
      orderBy: [{ column: 'Did' }],
    });
    const [tenant] = instance.sandbox.tenants;
    expect(rows[0]).toEqual({
      Did: 501,
      Dsite: 1,
      ddevnum: 8,
      Dtype: 12,
      dinvno: 'PC-0',
      DIntuneId: tenant?.idOf('devices', 0),
    });
    expect(rows.slice(1, 4)).toMatchObject([
      { Did: 502, ddevnum: 9, Dtype: 12, dinvno: 'PC-1' },
      { Did: 503, ddevnum: 10, Dtype: 12, dinvno: 'PC-2' },
      { Did: 504, ddevnum: 11, Dtype: 11, dinvno: 'PHONE-3' },
    ]);
    const links = await instance.database.read({
      from: 'USERDEVICE',
      columns: ['UDusername', 'UDdevsite', 'UDdevnum', 'uduserid'],
      where: { column: 'UDdevnum', is: 'equal', value: 9 },
    });
    const user = await instance.user(1);
    expect(links).toEqual([{ UDusername: 'Ben Osei 1', UDdevsite: 1, UDdevnum: 9, uduserid: Number(user?.['Uid']) }]);

    const again = await instance.sync({ entities: ['Devices'] });
    expect(again.results[0]).toMatchObject({ created: 0, updated: 0, unchanged: 40 });
    expect(await instance.database.count('USERDEVICE')).toBe(40);
  });

  it('keep their site and number when their user moves', async () => {
    await using instance = await entraInstance({
      entities: ['Users', 'Devices'],
      users: 5,
      devices: 5,
      connection: intune,
    });
    await instance.sync();
    await using session = await instance.database.session('test');
    await session.transaction((transaction) =>
      transaction.update(
        'USERS',
        { Usite: 4 },
        { column: 'UAzureOID', is: 'equal', value: instance.sandbox.tenants[0]?.idOf('users', 1) ?? '' },
      ),
    );
    instance.sandbox.tenants[0]?.change('devices', 1, { deviceName: 'RENAMED' });
    expect((await instance.sync({ entities: ['Devices'] })).results[0]).toMatchObject({ updated: 1, created: 0 });
    const [row] = await instance.database.read({
      from: 'DEVICE',
      columns: ['Dsite', 'ddevnum'],
      where: { column: 'dinvno', is: 'equal', value: 'RENAMED' },
    });
    expect(row).toEqual({ Dsite: 1, ddevnum: 2 });
  });

  it('are linked by the name and site their user has now, and with those who had them before', async () => {
    await using instance = await entraInstance({
      entities: ['Users', 'Devices'],
      users: 3,
      devices: 2,
      connection: { ...intune, acintuneunlinkusers: true },
    });
    await instance.sync();
    const [tenant] = instance.sandbox.tenants;
    const links = () =>
      instance.database.read({
        from: 'USERDEVICE',
        columns: ['UDsite', 'UDusername', 'UDdevnum'],
        where: { column: 'uduserid', is: 'greater', value: 0 },
        orderBy: [{ column: 'UDdevnum' }, { column: 'UDusername' }],
      });
    const other = { UDsite: 1, UDusername: 'Ben Osei 1', UDdevnum: 2 };
    expect(await links()).toEqual([{ UDsite: 1, UDusername: 'Amelia Hart 0', UDdevnum: 1 }, other]);
    tenant?.change('users', 0, { displayName: 'Amelia Married' });
    await using session = await instance.database.session('test');
    await session.transaction((transaction) =>
      transaction.update('USERS', { Usite: 4 }, { column: 'uusername', is: 'equal', value: 'Amelia Hart 0' }),
    );
    await instance.sync();
    expect(await links()).toEqual([{ UDsite: 4, UDusername: 'Amelia Married', UDdevnum: 1 }, other]);
    tenant?.change('devices', 0, { userId: tenant.idOf('users', 2) });
    await instance.sync();
    expect(await links()).toEqual([
      { UDsite: 4, UDusername: 'Amelia Married', UDdevnum: 1 },
      { UDsite: 1, UDusername: 'Carys Morgan 2', UDdevnum: 1 },
      other,
    ]);
    expect(await instance.logged()).toContain('acintuneunlinkusers');
  });

  it('are set aside without a type, and left out where the connection leaves them out', async () => {
    await using instance = await entraInstance({
      entities: ['Devices'],
      devices: 30,
      connection: { ...intune, ACDefaultAssetType: 0, ACExcludeMSSenseDevices: true },
    });
    const [result] = (await instance.sync()).results;
    expect(result).toMatchObject({ rejected: 29, created: 0 });
    expect(result?.rejections[0]?.reason).toMatch(/No asset type/);
  });

  it('that the connection begins to leave out keep their assets as they are', async () => {
    await using instance = await entraInstance({ entities: ['Devices'], devices: 60, connection: intune });
    instance.configure({ DeactivateDevices: true });
    await instance.sync();
    await instance.set({ ACExcludeMSSenseDevices: true });
    const [tenant] = instance.sandbox.tenants;
    tenant?.change('devices', 29, { deviceName: 'RENAMED' });
    expect((await instance.sync()).results[0]).toMatchObject({ status: 'succeeded', updated: 0, deactivated: 0 });
    const assets = await instance.database.read({
      from: 'DEVICE',
      columns: ['dinvno', 'dinactive'],
      where: { column: 'DIntuneId', is: 'in', values: [29, 59].map((index) => tenant?.idOf('devices', index) ?? '') },
      orderBy: [{ column: 'ddevnum' }],
    });
    expect(assets).toEqual([
      { dinvno: 'PC-29', dinactive: false },
      { dinvno: 'PHONE-59', dinactive: false },
    ]);
    // Gone is gone, whether it is left out or not.
    tenant?.change('devices', 59, null);
    expect((await instance.sync()).results[0]).toMatchObject({ updated: 0, deactivated: 1 });
  });

  it('that are gone are set inactive only where the settings say so', async () => {
    await using instance = await entraInstance({ entities: ['Devices'], users: 5, devices: 30, connection: intune });
    await instance.sync();
    instance.sandbox.tenants[0]?.change('devices', 2, null);
    expect((await instance.sync()).results[0]).toMatchObject({ deactivated: 0 });
    instance.configure({ DeactivateDevices: true });
    expect((await instance.sync()).results[0]).toMatchObject({ deactivated: 1 });
  });

  it('do not run where the connection has not switched Intune on', async () => {
    await using instance = await entraInstance({ entities: ['Devices'] });
    await expect(instance.sync()).rejects.toMatchObject({ code: 'EntitySwitchedOff' });
  });
});
