import { expect, it } from '@jest/globals';
import type { Row } from '../../../node/src/database/database.ts';
import { contract } from '../../sandbox/okta/contract.ts';
import type { ContractInstance } from '../kit/contract-instance.ts';
import { change, opened, resultOf, vendorOf } from '../kit/vendor-instance.ts';

/** Users that carry an id of Okta's, by it. */
async function users(instance: ContractInstance): Promise<ReadonlyMap<unknown, Row>> {
  const rows = await instance.database.read({
    from: 'USERS',
    columns: ['UOktaId', 'uusername', 'Usite', 'uinactive', 'uemail'],
    where: { column: 'UOktaId', is: 'not-null' },
  });
  return new Map(rows.map((row) => [row['UOktaId'], row]));
}

async function add(instance: ContractInstance, table: string, ...rows: Row[]): Promise<void> {
  await using session = await instance.database.session('test');
  await session.transaction((transaction) => transaction.insert(table, rows));
}

it('brings the members of mapped groups, and leaves everybody else alone', async () => {
  await using instance = await opened(contract);
  expect(await resultOf(instance, 'Users')).toMatchObject({ created: 40, rejected: 0 });
  const brought = await users(instance);
  expect(brought.get('user-1')).toMatchObject({ uusername: 'Person No 1', Usite: 4, uemail: 'person1@acme.example' });
  expect(brought.has('user-41')).toBe(false);
  // A user who leaves the group stays as he is.
  const vendor = vendorOf(instance);
  vendor.data.change('Member', 0, { groupId: 'group-3' });
  expect(await resultOf(instance, 'Users')).toMatchObject({ deactivated: 0, updated: 0, rejected: 0 });
});

it('sets inactive who is suspended, and who is deprovisioned, whom Okta’s list leaves out', async () => {
  await using instance = await opened(contract);
  const vendor = vendorOf(instance);
  await instance.sync();
  vendor.data.change('User', 1, { status: 'SUSPENDED' });
  vendor.data.change('User', 44, { status: 'SUSPENDED' });
  vendor.data.change('User', 0, null);
  const { results } = await instance.sync();
  expect(results).toMatchObject([
    { entity: 'Users', updated: 0, deactivated: 2 },
    { entity: 'Agents', updated: 0, deactivated: 1 },
  ]);
  const brought = await users(instance);
  expect([1, 2, 3].map((number) => brought.get(`user-${number}`)?.['uinactive'])).toEqual([true, true, false]);
});

it('leaves who has a status that is none of Okta’s, and says so', async () => {
  await using instance = await opened(contract);
  const vendor = vendorOf(instance);
  await instance.sync();
  for (const [at, status] of [
    [1, 'UNKNOWN'],
    [2, '5'],
    [3, 'active '],
    [44, '\u0661'],
  ] as const)
    vendor.data.change('User', at, { status });
  for (const { status, deactivated, updated } of (await instance.sync()).results)
    expect({ status, deactivated, updated }).toEqual({ status: 'succeeded', deactivated: 0, updated: 0 });
  expect(await instance.logged()).toContain('the status \\"UNKNOWN\\", which is not known');
});

it('disables an agent who is suspended', async () => {
  await using instance = await opened(contract);
  const vendor = vendorOf(instance);
  await instance.sync();
  vendor.data.change('User', 43, { status: 'SUSPENDED' });
  expect(await resultOf(instance, 'Agents')).toMatchObject({ updated: 0, deactivated: 1 });
  const agents = await instance.database.read({
    from: 'UNAME',
    columns: ['uname', 'Uisdisabled'],
    where: { column: 'Unum', is: 'in', values: [801, 802] },
    orderBy: [{ column: 'Unum' }],
  });
  expect(agents.map((one) => one['Uisdisabled'])).toEqual([false, true]);
});

it('takes the first mapping that is about somebody: by application, by statuses, by filters', async () => {
  await using instance = await opened(contract);
  const vendor = vendorOf(instance);
  await change(instance, 'OktaMapping', { OSiteID: 5, OIncludedStatuses: '["STAGED"]' }, 'OGroupName', 'Staff');
  await add(
    instance,
    'OktaMapping',
    { OApplicationId: 'app-1', OFilterByApplication: true, OSiteID: 6 },
    { OGroupName: 'Staff', OSiteID: 7 },
  );
  const [, , , last] = await instance.database.read({
    from: 'OktaMapping',
    columns: ['Oid'],
    orderBy: [{ column: 'Oid' }],
  });
  await add(instance, 'IntegrationFilter', {
    IFintegrationid: 939,
    IFMappingID: Number(last?.['Oid']),
    IFFilterField: 'department',
    IFFilterType: 0,
    IFFilterValue: 'sales',
  });
  vendor.data.change('User', 0, { status: 'STAGED' });
  vendor.data.change('User', 20, {
    profile: { displayName: 'Seller', email: 'seller@acme.example', department: 'Sales' },
  });
  expect(await resultOf(instance, 'Users')).toMatchObject({ created: 13, rejected: 0 });
  const brought = await users(instance);
  expect(['user-1', 'user-2', 'user-21'].map((id) => brought.get(id)?.['Usite'])).toEqual([5, 6, 7]);
});

it('only makes users of a mapping for new ones, and leaves those it made', async () => {
  await using instance = await opened(contract);
  const vendor = vendorOf(instance);
  await change(instance, 'OktaMapping', { onewusersonly: true }, 'OGroupName', 'Staff');
  await instance.sync();
  vendor.data.change('User', 0, { profile: { displayName: 'Another name', email: 'person1@acme.example' } });
  expect(await resultOf(instance, 'Users')).toMatchObject({ created: 0, updated: 0, deactivated: 0 });
  expect((await users(instance)).get('user-1')).toMatchObject({ uusername: 'Person No 1' });
});

it.each([
  ['a status that is none of Okta’s', { OIncludedStatuses: '[7]' }, 'StatusNames'],
  ['a group that is not there', { OGroupName: 'Nobody' }, 'no group of that name'],
])('stops at %s, and touches nobody', async (_what, set, word) => {
  await using instance = await opened(contract);
  await instance.sync();
  await change(instance, 'OktaMapping', set, 'OGroupName', 'Staff');
  const result = await resultOf(instance, 'Users');
  expect(result).toMatchObject({ status: 'failed', deactivated: 0, error: { code: 'UnclearMapping' } });
  expect(JSON.stringify(result?.error)).toContain(word);
});

it('stops at two groups of one name', async () => {
  await using instance = await opened(contract);
  vendorOf(instance).data.change('Group', 2, { profile: { name: 'staff' } });
  vendorOf(instance).data.change('Group', 0, { profile: { name: 'staff' } });
  await change(instance, 'OktaMapping', { OGroupName: 'staff' }, 'OGroupName', 'Staff');
  expect(await resultOf(instance, 'Users')).toMatchObject({ error: { code: 'UnclearMapping' } });
});
