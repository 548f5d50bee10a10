import { describe, expect, it } from '@jest/globals';
import { entraInstance, type EntraInstance } from './entra-instance.ts';

/** A second connection row value set: nobody is created but by a mapping. */
const strict = { accreateunmatchedusers: false };

async function sites(instance: EntraInstance): Promise<Record<string, number>> {
  const rows = await instance.database.read({
    from: 'USERS',
    columns: ['Usite'],
    where: { all: [{ column: 'UAzureOID', is: 'not-null' }, { not: { column: 'UAzureOID', is: 'equal', value: '' } }] },
  });
  const found: Record<string, number> = {};
  for (const row of rows) found[String(row['Usite'])] = (found[String(row['Usite'])] ?? 0) + 1;
  return found;
}

const mapping = { AMConnectionID: 1, AMTenantId: '' };

describe('Where Entra ID users belong', () => {
  it('the first mapping in order decides: group, then property', async () => {
    await using instance = await entraInstance({ users: 100, connection: strict });
    const [tenant] = instance.sandbox.tenants;
    await instance.add(
      'AzureADMapping',
      {
        ...mapping,
        amsequenceid: 20,
        AMSiteID: 4,
        AMFilterField: 'department',
        AMFilterType: 0,
        AMFilterValue: 'FINANCE',
      },
      {
        ...mapping,
        amsequenceid: 10,
        AMSiteID: 5,
        AMFilterField: 'group',
        AMFilterType: 0,
        AMFilterValue: tenant?.idOf('groups', 0) ?? '',
      },
      { ...mapping, amsequenceid: 30, AMSiteID: 7, AMExternalUsers: true },
    );
    await instance.add('AzureADFilter', {
      AFMappingID: 3,
      AFFilterField: 'userType',
      AFFilterType: 0,
      AFFilterValue: 'Guest',
    });
    await instance.sync();
    // 25 in group 0 (numbers 0, 4, …) of whom one is disabled; 25 in Finance (1, 5, …) less one; two guests (39, 79) are neither.
    expect(await sites(instance)).toEqual({ 4: 24, 5: 24, 7: 2 });
    const groups = instance.sandbox.requests.filter(({ path }) => path.startsWith('/groups/'));
    expect(groups.map(({ path }) => path.split('/').at(-1))).toEqual(['transitiveMembers']);
  });

  it('a property names the site of a client, else the mapping’s default site', async () => {
    await using instance = await entraInstance({ users: 100, connection: strict });
    // Brightwater Dental Group is client 2 with the sites Main, North branch and Harbour branch (4, 5, 6).
    await instance.add('AzureADMapping', {
      ...mapping,
      AMNoFilter: true,
      amsitemappingtype: 1,
      amsitemappingfield: 'officeLocation',
      amclientid: 2,
      amdefaultsiteid: 1,
    });
    await instance.sync();
    const found = await sites(instance);
    expect(Object.keys(found).toSorted()).toEqual(['1', '4', '5', '6']);
    expect(found['4']).toBe(24);
  });

  it('a tenant that is mapped to a client brings its users to the client’s only site; another tenant failing changes nothing', async () => {
    await using instance = await entraInstance({
      users: 60,
      tenants: 2,
      connection: { ...strict, acdeactivateentities: true },
    });
    const [first, second] = instance.sandbox.tenants;
    await instance.add(
      'AreaAzureTenant',
      { AATDetailsId: 1, AATAreaId: 1, AATAzureTenantId: first?.id ?? '', AATAzureTenantName: 'Alder' },
      { AATDetailsId: 1, AATAreaId: 3, AATAzureTenantId: second?.id ?? '', AATAzureTenantName: 'Calder' },
    );
    await instance.sync();
    // Sites are numbered by threes: client 1 has site 1, client 3 site 7. Two of sixty are disabled, one is a guest.
    expect(await sites(instance)).toEqual({ 1: 57, 7: 57 });

    first?.change('users', 1, null);
    second?.change('users', 1, { jobTitle: 'Director' });
    instance.sandbox.faults.refusingTenants.add(first?.id ?? '');
    const report = await instance.sync();
    expect(report.results[0]).toMatchObject({ status: 'failed', updated: 1, deactivated: 0 });
    expect(report.results[0]?.error?.message).toContain('AADSTS700016');
    expect(await instance.logged()).toContain('The tenant \\"Alder\\" could not be read');
  });

  it('a site of the name is meant only while it is active', async () => {
    await using instance = await entraInstance({ users: 40, connection: strict });
    await instance.add(
      'SITE',
      { Ssitenum: 9100, Sarea: 1, sdesc: 'Leeds', SIsInactive: true },
      { Ssitenum: 9101, Sarea: 1, sdesc: 'Leeds', SIsInactive: false },
      { Ssitenum: 9102, Sarea: 1, sdesc: 'York', SIsInactive: true },
    );
    await instance.add('AzureADMapping', {
      ...mapping,
      AMNoFilter: true,
      amsitemappingtype: 1,
      amsitemappingfield: 'city',
      amclientid: 1,
      amdefaultsiteid: 1,
    });
    instance.sandbox.tenants[0]?.change('users', 1, { city: 'Leeds' });
    instance.sandbox.tenants[0]?.change('users', 2, { city: 'York' });
    await instance.sync();
    expect([(await instance.user(1))?.['Usite'], (await instance.user(2))?.['Usite']]).toEqual([9101, 1]);
  });

  it('users outside every mapping are left as they are, and are not taken for missing', async () => {
    await using instance = await entraInstance({ users: 100, connection: { ...strict, acdeactivateentities: true } });
    await instance.add('AzureADMapping', { ...mapping, AMSiteID: 4, AMNoFilter: true });
    await instance.sync();
    await instance.add('AzureADFilter', {
      AFMappingID: 1,
      AFFilterField: 'department',
      AFFilterType: 0,
      AFFilterValue: 'Finance',
    });
    await using session = await instance.database.session('test');
    await session.transaction((transaction) =>
      transaction.update('AzureADMapping', { AMNoFilter: false }, { column: 'AMid', is: 'equal', value: 1 }),
    );
    instance.sandbox.tenants[0]?.change('users', 2, { jobTitle: 'Unseen' });
    expect((await instance.sync()).results[0]).toMatchObject({ status: 'succeeded', updated: 0, deactivated: 0 });
    expect(await instance.user(2)).toMatchObject({ uinactive: false, UTitle: 'Adviser' });
  });

  it.each([
    [{ AMFilterField: 'department', AMFilterType: 4, AMFilterValue: 'Fin' }, 'its filter has the type 4'],
    [{ AMFilterField: 'shoeSize', AMFilterType: 0, AMFilterValue: '9' }, 'it filters by "shoeSize"'],
    [{ AMFilterField: 'group', AMFilterType: 0, AMFilterValue: 'Sales team' }, 'without its object id'],
  ])('a mapping that cannot be understood stops the entity: %p', async (columns, reason) => {
    await using instance = await entraInstance({ connection: strict });
    await instance.add('AzureADMapping', { ...mapping, AMSiteID: 4, ...columns });
    const [result] = (await instance.sync()).results;
    expect(result).toMatchObject({ status: 'failed', error: { code: 'UnclearMapping' }, created: 0 });
    expect(result?.error?.message).toContain(reason);
  });

  it('settings say what codes and names mean', async () => {
    await using instance = await entraInstance({ users: 100, connection: strict });
    const [tenant] = instance.sandbox.tenants;
    instance.configure({
      FilterTypes: ['4=starts with'],
      GroupIds: [`Sales team=${tenant?.idOf('groups', 2)}`],
      NestedGroups: false,
    });
    await instance.add(
      'AzureADMapping',
      { ...mapping, AMSiteID: 4, amsequenceid: 1, AMFilterField: 'department', AMFilterType: 4, AMFilterValue: 'Fin' },
      { ...mapping, AMSiteID: 5, amsequenceid: 2, AMGroupName: 'Sales team' },
    );
    await instance.sync();
    expect(Object.keys(await sites(instance)).toSorted()).toEqual(['4', '5']);
    expect(instance.sandbox.requests.some(({ path }) => path.endsWith('/members'))).toBe(true);
  });

  it('a user is moved only where the settings say so', async () => {
    await using instance = await entraInstance({ users: 30, connection: strict });
    await instance.add('AzureADMapping', { ...mapping, AMSiteID: 4, AMNoFilter: true });
    await instance.sync();
    await using session = await instance.database.session('test');
    await session.transaction((transaction) =>
      transaction.update('AzureADMapping', { AMSiteID: 5 }, { column: 'AMid', is: 'equal', value: 1 }),
    );
    expect((await instance.sync()).results[0]).toMatchObject({ updated: 0 });
    instance.configure({ UpdateSites: true });
    expect((await instance.sync()).results[0]).toMatchObject({ updated: 29 });
    expect(await sites(instance)).toEqual({ 5: 29 });
  });
});
