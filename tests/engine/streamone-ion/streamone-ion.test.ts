import { expect, it } from '@jest/globals';
import { contract } from '../../sandbox/streamone-ion/contract.ts';
import { change, opened, resultOf, vendorOf } from '../kit/vendor-instance.ts';

it('reads customers by page tokens and subscriptions by offset, and takes quantities written either way', async () => {
  await using instance = await opened(contract);
  const vendor = vendorOf(instance);
  const { results } = await instance.sync();
  expect(results).toMatchObject([
    { entity: 'Customers', created: 23, rejected: 0 },
    { entity: 'Subscriptions', created: 45, rejected: 0 },
  ]);
  const asked = vendor.requests.map(({ path, query }) => [path.split('/').at(-1), new URLSearchParams(query)] as const);
  const parameters = (list: string) =>
    new Set(asked.flatMap(([name, query]) => (name === list ? [...query.keys()] : [])));
  expect(parameters('customers')).toEqual(new Set(['pageSize', 'pageToken']));
  expect(parameters('subscriptions')).toEqual(new Set(['pagination.limit', 'pagination.offset']));
  const rows = await instance.database.read({
    from: 'Licence',
    columns: ['LCount', 'client.aareadesc'],
    joins: [{ kind: 'inner', table: 'AREA', as: 'client', on: [['Licence.Larea', 'client.Aarea']] }],
    where: { column: 'LDesc', is: 'in', values: ['Plan 1', 'Plan 2'] },
    orderBy: [{ column: 'LDesc' }],
  });
  expect(rows).toMatchObject([
    { LCount: 1, aareadesc: 'Acme 1 Ltd' },
    { LCount: 2, aareadesc: 'Acme 2 Ltd' },
  ]);
});

it('sets a subscription aside that says no quantity', async () => {
  await using instance = await opened(contract);
  const vendor = vendorOf(instance);
  vendor.data.change('Subscription', 0, { totalLicense: null });
  expect(await resultOf(instance, 'Subscriptions')).toMatchObject({ created: 44, rejected: 1 });
  expect(await instance.logged()).toContain('TD SYNNEX StreamOne Ion gives no quantity for it.');
});

it('finds a client by the organisation of the customer, who is not looked for by a person’s name', async () => {
  await using instance = await opened(contract);
  const vendor = vendorOf(instance);
  vendor.data.change('Customer', 0, { customerOrganization: 'Demo client', customerName: 'Other client' });
  await change(instance, 'AREA', { aareadesc: 'Demo client' }, 'Aarea', 1);
  await change(instance, 'AREA', { aareadesc: 'Other client' }, 'Aarea', 2);
  await instance.sync();
  const [row] = await instance.database.read({
    from: 'Licence',
    columns: ['Larea'],
    where: { column: 'LDesc', is: 'equal', value: 'Plan 1' },
  });
  expect(row).toEqual({ Larea: 1 });
});
