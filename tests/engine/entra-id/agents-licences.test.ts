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
