import { expect, it } from '@jest/globals';
import { contract } from '../../sandbox/lansweeper/contract.ts';
import { assets, change, opened, resultOf, vendorOf } from '../kit/vendor-instance.ts';

interface Sent {
  readonly query: string;
  readonly variables?: { readonly siteID: string; readonly pagination: Readonly<Record<string, unknown>> };
}

it('asks for the first page of each site, then for the next ones by cursor, and for thirty fields at most', async () => {
  await using instance = await opened(contract);
  const vendor = vendorOf(instance);
  expect(await resultOf(instance, 'Assets')).toMatchObject({ created: 45, rejected: 0 });
  const sent = vendor.requests.map(({ body }) => JSON.parse(body) as Sent);
  const pages = sent.flatMap(({ query, variables }) =>
    variables?.siteID === 'site-1' && query.includes('assetBasicInfo.name') ? [variables.pagination] : [],
  );
  expect(pages.map(({ page, cursor }) => [page, cursor !== undefined])).toEqual([
    ['FIRST', false],
    ['NEXT', true],
    ['NEXT', true],
  ]);
  for (const { query } of sent) expect(query.match(/"[\w.]+"/g)?.length ?? 0).toBeLessThanOrEqual(30);
});

it('puts assets at the site that theirs is mapped to, and rejects those of another one by name', async () => {
  await using instance = await opened(contract);
  await change(instance, 'IntegrationSiteMapping', { ISMThirdPartyId: 'another' }, 'ISMThirdPartyId', 'site-2');
  expect(await resultOf(instance, 'Assets')).toMatchObject({ created: 23, rejected: 22 });
  expect(
    new Set(
      (await assets(instance, ['dinvno', 'Dsite'])).flatMap((one) =>
        /^PC-/.test(String(one['dinvno'])) ? [one['Dsite']] : [],
      ),
    ),
  ).toEqual(new Set([1]));
  expect(await instance.logged()).toContain('Network 2');
});

it('sets inactive an asset whose state is named as out of use', async () => {
  await using instance = await opened({
    ...contract,
    async start() {
      const vendor = await contract.start();
      return { ...vendor, settings: (url: string) => ({ ...vendor.settings(url), RetiredStates: 'sold, Broken' }) };
    },
  });
  const vendor = vendorOf(instance);
  await instance.sync();
  vendor.data.change('Asset', 0, { assetCustom: { serialNumber: 'LS-1-7', stateName: 'Sold' } });
  await instance.sync();
  const inactive = (await assets(instance, ['dinvno', 'dinactive'])).filter((one) => one['dinactive'] === true);
  expect(inactive.map((one) => one['dinvno'])).toEqual(['PC-1']);
});
