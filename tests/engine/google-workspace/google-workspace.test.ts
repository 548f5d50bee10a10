import { expect, it } from '@jest/globals';
import { contract } from '../../sandbox/google-workspace/contract.ts';
import { change, opened, resultOf, vendorOf } from '../kit/vendor-instance.ts';

it('signs in with its key for an administrator, asks for 500 at a time, and keeps the key out of the log', async () => {
  await using instance = await opened(contract);
  const vendor = vendorOf(instance);
  expect(await resultOf(instance, 'Users')).toMatchObject({ created: 40, rejected: 0 });
  const claim = new URLSearchParams(vendor.requests.find(({ path }) => path === '/token')?.body).get('assertion') ?? '';
  const payload: unknown = JSON.parse(Buffer.from(claim.split('.')[1] ?? '', 'base64url').toString());
  expect(payload).toMatchObject({ iss: 'integrator@acme.example', sub: 'admin@acme.example' });
  const pages = vendor.requests.filter(({ method }) => method === 'GET').map(({ query }) => new URLSearchParams(query));
  expect(new Set(pages.map((page) => page.get('maxResults')))).toEqual(new Set(['500']));
  expect(await instance.logged()).not.toContain('PRIVATE KEY');
});

it('takes who is suspended, archived or gone for inactive, users and agents alike', async () => {
  await using instance = await opened(contract);
  const vendor = vendorOf(instance);
  await instance.sync();
  vendor.data.change('User', 1, { suspended: true });
  vendor.data.change('User', 2, { archived: true });
  vendor.data.change('User', 44, { suspended: true });
  vendor.data.change('User', 0, null);
  const { results } = await instance.sync();
  expect(results).toMatchObject([
    { entity: 'Users', deactivated: 3 },
    { entity: 'Agents', deactivated: 1 },
  ]);
});

it('reads phones and organisations of any form, and leaves who is in no mapped unit alone', async () => {
  await using instance = await opened(contract);
  const vendor = vendorOf(instance);
  vendor.data.change('User', 0, { phones: 'none', organizations: [null, { title: 'Boss' }] });
  vendor.data.change('User', 1, { orgUnitPath: '/Elsewhere' });
  expect(await resultOf(instance, 'Users')).toMatchObject({ created: 39, rejected: 0 });
  const [boss] = await instance.database.read({
    from: 'USERS',
    columns: ['UTitle', 'Usite', 'UGWid'],
    where: { column: 'UGWid', is: 'equal', value: 'user-1' },
  });
  expect(boss).toMatchObject({ UTitle: 'Boss', Usite: 4 });
});

it.each([
  ['groups, which are not read', { GMFilterField: 'group' }],
  ['a comparison that is not known', { GMFilterType: 7 }],
  ['a field that is not known', { GMFilterField: 'shoeSize' }],
])('stops at a mapping by %s, and touches nobody', async (_what, set) => {
  await using instance = await opened(contract);
  await instance.sync();
  await change(instance, 'GoogleWorkplaceMapping', set, 'GMFilterValue', '/Staff');
  expect(await resultOf(instance, 'Users')).toMatchObject({ deactivated: 0, error: { code: 'UnclearMapping' } });
});
