import { describe, expect, it } from '@jest/globals';
import type { Row } from '../../../node/src/database/database.ts';
import { entraInstance, type EntraInstance } from './entra-instance.ts';

const strict = { accreateunmatchedusers: false };

/** Two tenants, of the clients 1 (site 1) and 3 (site 7), without names of the domain's own. */
async function twoCustomers(connection: Row = {}): Promise<EntraInstance> {
  const instance = await entraInstance({ users: 3, tenants: 2, connection: { ...strict, ...connection } });
  const rows = instance.sandbox.tenants.map(({ id }, at) => ({
    AATDetailsId: 1,
    AATAreaId: at === 0 ? 1 : 3,
    AATAzureTenantId: id,
    AATAzureTenantName: at === 0 ? 'Alder' : 'Calder',
  }));
  await instance.add('AreaAzureTenant', ...rows);
  for (const tenant of instance.sandbox.tenants) tenant.change('users', 0, { onPremisesSamAccountName: null });
  return instance;
}

async function users(instance: EntraInstance, column: string, value: string): Promise<Row[]> {
  return instance.database.read({
    from: 'USERS',
    columns: ['Uid', 'uusername', 'Usite', 'UAzureOID'],
    where: { column, is: 'equal', value },
    orderBy: [{ column: 'Uid' }],
  });
}

const john = { Uid: 9001, uusername: 'John Smith', uemail: 'john@a.example', Usite: 1, USamAccountName: 'jsmith' };
const joan = { onPremisesSamAccountName: 'JSmith', displayName: 'Joan Smith', mail: 'joan@b.example' };

describe('The users of a customer', () => {
  it('are not taken for accounts of another one by a name of the domain’s own, which becomes a user of its own', async () => {
    await using instance = await twoCustomers({ ACUserMatchingFields: 'samaccountname' });
    const [, second] = instance.sandbox.tenants;
    await instance.add('USERS', john);
    second?.change('users', 1, joan);
    expect((await instance.sync()).results[0]).toMatchObject({ status: 'succeeded', created: 6, rejected: 0 });
    const [before, made] = await users(instance, 'USamAccountName', 'jsmith');
    expect(before).toEqual({ Uid: 9001, uusername: 'John Smith', Usite: 1, UAzureOID: '' });
    expect(made).toMatchObject({ uusername: 'Joan Smith', Usite: 7, UAzureOID: second?.idOf('users', 1) });
    expect((await instance.sync()).results[0]).toMatchObject({ created: 0, updated: 0, unchanged: 6 });
  });

  it('are found among those of the own client where others have the same name, at any of its sites', async () => {
    await using instance = await twoCustomers({ ACUserMatchingFields: 'samaccountname' });
    const [first, second] = instance.sandbox.tenants;
    await instance.add(
      'USERS',
      john,
      { Uid: 9002, uusername: 'J. Smith', Usite: 9, USamAccountName: 'jsmith' },
      // Of another client, and yet of the tenant.
      { Uid: 9003, uusername: 'Ben', Usite: 4, USamAccountName: 'bosei', UAzureTenantId: second?.id ?? '' },
    );
    await instance.add('SITE', { Ssitenum: 9, sdesc: 'Closed', Sarea: 3, SIsInactive: true });
    first?.change('users', 1, { onPremisesSamAccountName: 'jsmith', displayName: 'John Smith' });
    second?.change('users', 1, joan);
    second?.change('users', 2, { onPremisesSamAccountName: 'bosei' });
    expect((await instance.sync()).results[0]).toMatchObject({ created: 3, updated: 3, rejected: 0 });
    expect(await users(instance, 'USamAccountName', 'jsmith')).toEqual([
      { Uid: 9001, uusername: 'John Smith', Usite: 1, UAzureOID: first?.idOf('users', 1) },
      { Uid: 9002, uusername: 'Joan Smith', Usite: 9, UAzureOID: second?.idOf('users', 1) },
    ]);
    expect(await users(instance, 'USamAccountName', 'bosei')).toMatchObject([
      { Uid: 9003, UAzureOID: second?.idOf('users', 2) },
    ]);
  });

  it('who have the address of an account of another one are left, and the account is set aside with the reason', async () => {
    await using instance = await twoCustomers();
    const [, second] = instance.sandbox.tenants;
    second?.change('users', 1, { ...joan, mail: 'Accounts@shared.example' });
    await instance.add('USERS', { Uid: 9001, uusername: 'Accounts', Usite: 1, uemail: 'accounts@shared.example' });
    const [result] = (await instance.sync()).results;
    expect(result).toMatchObject({ status: 'succeeded-with-rejections', created: 5, rejected: 1 });
    expect(result?.rejections).toEqual([
      { record: 'Joan Smith', reason: expect.stringContaining('The user 9001 in Halo has its emailaddress') },
    ]);
    const accounts = () => users(instance, 'uemail', 'accounts@shared.example');
    expect(await accounts()).toEqual([{ Uid: 9001, uusername: 'Accounts', Usite: 1, UAzureOID: '' }]);
    // Where the account would not become a user anyway, there is nothing to set aside.
    instance.configure({ CreateMappedUsers: false });
    expect((await instance.sync()).results[0]).toMatchObject({ status: 'succeeded', rejected: 0 });
    // What the reason asks for helps.
    await using session = await instance.database.session('test');
    await session.transaction((transaction) =>
      transaction.update('USERS', { Usite: 7 }, { column: 'Uid', is: 'equal', value: 9001 }),
    );
    expect((await instance.sync()).results[0]).toMatchObject({ updated: 1, rejected: 0 });
    expect(await accounts()).toMatchObject([{ Uid: 9001, uusername: 'Joan Smith', Usite: 7 }]);
  });

  it('are those of the client whose site a mapping names, and nobody’s twice', async () => {
    await using instance = await entraInstance({
      users: 4,
      connection: { ...strict, ACUserMatchingFields: 'samaccountname,email' },
    });
    // Sites 4, 5 and 6 are client 2's.
    await instance.add('AzureADMapping', { AMConnectionID: 1, AMTenantId: '', AMSiteID: 4, AMNoFilter: true });
    const [tenant] = instance.sandbox.tenants;
    await instance.add(
      'USERS',
      john,
      { Uid: 9002, uusername: 'x', Usite: 6, uemail: 'ben.osei.1@a001.example' },
      { Uid: 9003, uusername: 'y', Usite: 5, USamAccountName: 'twice' },
      { Uid: 9004, uusername: 'z', Usite: 5, USamAccountName: 'twice' },
    );
    tenant?.change('users', 0, { onPremisesSamAccountName: 'jsmith' });
    tenant?.change('users', 1, { onPremisesSamAccountName: 'jsmith' });
    tenant?.change('users', 2, { onPremisesSamAccountName: 'twice' });
    tenant?.change('users', 3, { mail: 'ben.osei.1@a001.example' });
    const [result] = (await instance.sync()).results;
    expect(result).toMatchObject({ created: 1, updated: 1, rejected: 2 });
    expect(result?.rejections.map(({ reason }) => reason).toSorted()).toEqual([
      '2 users in Halo have its samaccountname.',
      'row 9002 of USERS was matched by an earlier record too',
    ]);
    expect(await users(instance, 'USamAccountName', 'jsmith')).toMatchObject([
      { Uid: 9001, UAzureOID: '' },
      { Uid: 9002, Usite: 6, UAzureOID: tenant?.idOf('users', 1) },
      { Usite: 4, UAzureOID: tenant?.idOf('users', 0) },
    ]);
  });

  it('are not those of a tenant that no client is named for', async () => {
    await using instance = await entraInstance({
      users: 3,
      tenants: 2,
      connection: { ACUserMatchingFields: 'samaccountname' },
    });
    const [own, mapped] = instance.sandbox.tenants;
    await instance.add('AreaAzureTenant', { AATDetailsId: 1, AATAreaId: 3, AATAzureTenantId: mapped?.id ?? '' });
    await instance.add('AzureADMapping', {
      AMConnectionID: 1,
      AMTenantId: own?.id ?? '',
      AMFilterField: 'department',
      AMFilterType: 0,
      AMFilterValue: 'Nobody’s',
    });
    await instance.add('USERS', { ...john, Usite: 7 }, { ...john, Uid: 9002, Usite: 4, USamAccountName: 'cmorgan' });
    own?.change('users', 1, { onPremisesSamAccountName: 'jsmith' });
    own?.change('users', 2, { onPremisesSamAccountName: 'cmorgan' });
    expect((await instance.sync()).results[0]).toMatchObject({ status: 'succeeded', created: 5, updated: 1 });
    expect(await users(instance, 'USamAccountName', 'jsmith')).toMatchObject([
      { Uid: 9001, UAzureOID: '' },
      { Usite: 1, UAzureOID: own?.idOf('users', 1) },
    ]);
    expect(await users(instance, 'USamAccountName', 'cmorgan')).toMatchObject([{ Uid: 9002 }]);
  });
});
