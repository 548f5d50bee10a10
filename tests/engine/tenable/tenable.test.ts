import { expect, it } from '@jest/globals';
import { contract } from '../../sandbox/tenable/contract.ts';
import { assets, opened, resultOf, vendorOf } from '../kit/vendor-instance.ts';

it('orders one export, fetches its parts once each, and keeps both keys out of the log', async () => {
  await using instance = await opened(contract);
  const vendor = vendorOf(instance);
  expect(await resultOf(instance, 'Assets')).toMatchObject({ created: 44, rejected: 0 });
  const asked = vendor.requests.map(({ method, path }) => `${method} ${path}`);
  expect(asked.filter((one) => one.startsWith('POST'))).toEqual(['POST /assets/export']);
  const chunks = asked.filter((one) => one.includes('/chunks/'));
  expect(chunks.toSorted()).toEqual([1, 2, 3, 4, 5].map((one) => `GET /assets/export/export-1/chunks/${one}`));
  const logged = await instance.logged();
  expect(logged).not.toContain('sandbox-access');
  expect(logged).not.toContain('sandbox-secret');
});

it('sets inactive what was deleted or terminated, and does not make it', async () => {
  await using instance = await opened(contract);
  const vendor = vendorOf(instance);
  await instance.sync();
  vendor.data.change('Asset', 0, { deleted_at: '2026-02-01T00:00:00Z' });
  vendor.data.change('Asset', 1, { terminated_at: '2026-02-01T00:00:00Z' });
  await instance.sync();
  const inactive = (await assets(instance, ['dinvno', 'dinactive'])).filter((one) => one['dinactive'] === true);
  expect(inactive.map((one) => one['dinvno'])).toEqual(['pc-1', 'pc-2']);
});

it.each(['0001-01-01T00:00:00Z', '1970-01-01T00:00:00Z', 'x@', '', '2026-13-01', 'null', 'never'])(
  'takes what is no moment, or the first of all, for never: "%s"',
  async (deleted) => {
    await using instance = await opened(contract);
    const vendor = vendorOf(instance);
    vendor.data.change('Asset', 0, { deleted_at: deleted, terminated_at: deleted });
    expect(await resultOf(instance, 'Assets')).toMatchObject({ created: 44, deactivated: 0 });
  },
);

it('calls an asset by the first of its names, and sets one aside that has none', async () => {
  await using instance = await opened(contract);
  const vendor = vendorOf(instance);
  vendor.data.change('Asset', 0, { hostnames: [] });
  vendor.data.change('Asset', 1, { hostnames: null, fqdns: [''] });
  vendor.data.change('Asset', 2, { hostnames: [], fqdns: [], ipv4s: [], serial_number: null });
  expect(await resultOf(instance, 'Assets')).toMatchObject({ created: 43, rejected: 1 });
  const names = (await assets(instance, ['dinvno'])).map((one) => one['dinvno']);
  expect(names).toEqual(expect.arrayContaining(['pc-1.acme.example', '10.0.0.2']));
});
