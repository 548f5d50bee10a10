import { describe, expect, it } from '@jest/globals';
import { entraInstance } from './entra-instance.ts';

describe('Entra ID agents', () => {
  it('are found by address, kept up to date and disabled, and never created', async () => {
    await using instance = await entraInstance({
      entities: ['Agents'],
      users: 20,
      connection: { acdeactivateagents: true },
    });
    await instance.add('AzureADMapping', {
      AMConnectionID: 1,
      AMRoleID: 3,
      AMFilterField: 'companyName',
      AMFilterType: 0,
      AMFilterValue: 'Contoso',
    });
    await instance.add('UNAME', { Unum: 90, uname: 'B. Osei', ufirstname: 'B', usmtp: 'Ben.Osei.1@a001.example' });
    const before = await instance.database.count('UNAME');
    const first = await instance.sync();
    expect(first.results[0]).toMatchObject({ status: 'succeeded', read: 20, created: 0, updated: 1 });
    expect(await instance.database.count('UNAME')).toBe(before);
    const read = async () => {
      const [row] = await instance.database.read({
        from: 'UNAME',
        columns: ['uname', 'ufirstname', 'usmtp', 'Uisdisabled'],
        where: { column: 'Unum', is: 'equal', value: 90 },
      });
      return row;
    };
    // Tickets carry the agent's name as text: it stays.
    expect(await read()).toEqual({
      uname: 'B. Osei',
      ufirstname: 'Ben',
      usmtp: 'Ben.Osei.1@a001.example',
      Uisdisabled: false,
    });
    // Whom no mapping is about any more is left alone, and not taken for missing.
    instance.sandbox.tenants[0]?.change('users', 1, { companyName: 'Fabrikam' });
    expect((await instance.sync()).results[0]).toMatchObject({ deactivated: 0, rejected: 0 });
    expect(await read()).toMatchObject({ Uisdisabled: false });
    instance.sandbox.tenants[0]?.change('users', 1, { companyName: 'Contoso' });
    instance.sandbox.tenants[0]?.change('users', 1, { accountEnabled: false });
    expect((await instance.sync()).results[0]).toMatchObject({ deactivated: 1 });
    expect(await read()).toMatchObject({ Uisdisabled: true });
  });

  it('are not looked at without a mapping', async () => {
    await using instance = await entraInstance({ entities: ['Agents'], users: 20 });
    expect((await instance.sync()).results[0]).toMatchObject({ status: 'succeeded', read: 0 });
    expect(await instance.logged()).toMatch(/no mapping with an agent role/);
  });
});

describe('Entra ID licences', () => {
  it('become licences of the tenant’s client, named as Halo names them', async () => {
    await using instance = await entraInstance({ entities: ['Licences'], users: 100, tenants: 2 });
    const [first, second] = instance.sandbox.tenants;
    await instance.add(
      'AreaAzureTenant',
      { AATDetailsId: 1, AATAreaId: 1, AATAzureTenantId: first?.id ?? '', AATAzureTenantName: 'Alder' },
      { AATDetailsId: 1, AATAreaId: 3, AATAzureTenantId: second?.id ?? '', AATAzureTenantName: 'Calder' },
    );
    await instance.add('AzureLicences', { ALlicid: 'SPB', ALlicname: 'Microsoft 365 Business Premium' });
    expect((await instance.sync()).results[0]).toMatchObject({ status: 'succeeded', created: 6 });
    const rows = await instance.database.read({
      from: 'Licence',
      columns: [
        'LDesc',
        'LCount',
        'lconsumedcount',
        'Larea',
        'LTenantName',
        'lstatus',
        'LIsActive',
        'LAzureConnectionId',
      ],
      where: { column: 'Larea', is: 'equal', value: 1 },
      orderBy: [{ column: 'LID' }],
    });
    expect(rows).toEqual([
      {
        LDesc: 'Microsoft 365 Business Premium',
        LCount: 300,
        lconsumedcount: 100,
        Larea: 1,
        LTenantName: 'Alder',
        lstatus: 'Enabled',
        LIsActive: true,
        LAzureConnectionId: 1,
      },
      {
        LDesc: 'O365_BUSINESS_ESSENTIALS',
        LCount: 120,
        lconsumedcount: 50,
        Larea: 1,
        LTenantName: 'Alder',
        lstatus: 'Enabled',
        LIsActive: true,
        LAzureConnectionId: 1,
      },
      {
        LDesc: 'EMS',
        LCount: 0,
        lconsumedcount: 34,
        Larea: 1,
        LTenantName: 'Alder',
        lstatus: 'Suspended',
        LIsActive: false,
        LAzureConnectionId: 1,
      },
    ]);
    expect((await instance.sync()).results[0]).toMatchObject({ unchanged: 6, updated: 0 });
  });

  it('of a product the tenant no longer has are set inactive where the settings say so', async () => {
    await using instance = await entraInstance({ entities: ['Licences'], connection: { aclicenceimportclient: 1 } });
    await instance.sync();
    const [tenant] = instance.sandbox.tenants;
    if (tenant) tenant.products = 1;
    const active = () => instance.database.count('Licence', { column: 'LIsActive', is: 'equal', value: true });
    const before = await active();
    expect((await instance.sync()).results[0]).toMatchObject({ unchanged: 1, deactivated: 0 });
    instance.configure({ DeactivateLicences: true });
    expect((await instance.sync()).results[0]).toMatchObject({ note: expect.stringContaining('MaxDeactivatePercent') });
    instance.configureSync({ MaxDeactivatePercent: 60 });
    expect((await instance.sync()).results[0]).toMatchObject({ unchanged: 1, deactivated: 1 });
    expect(await active()).toBe(before - 1);
  });

  it('of a tenant without a client go to the client chosen for licences, else are set aside', async () => {
    await using instance = await entraInstance({ entities: ['Licences'], users: 10 });
    const [result] = (await instance.sync()).results;
    expect(result).toMatchObject({ status: 'succeeded-with-rejections', rejected: 3, created: 0 });
    expect(result?.rejections[0]?.reason).toMatch(/mapped to no client/);
    await instance.set({ aclicenceimportclient: 2 });
    expect((await instance.sync()).results[0]).toMatchObject({ status: 'succeeded', created: 3 });
  });
});

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
