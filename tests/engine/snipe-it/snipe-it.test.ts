import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { startSpecServer, type SpecServer } from '../../sandbox/kit/spec-server.ts';
import { readVendorSpec } from '../../sandbox/kit/vendor-spec.ts';
import { contract } from '../../sandbox/snipe-it/contract.ts';
import { contractInstance, type ContractInstance } from '../kit/contract-instance.ts';

const spec = readVendorSpec(new URL('../../sandbox/snipe-it/contract.ts', import.meta.url).href);
let vendor: SpecServer;
let instance: ContractInstance;

beforeEach(async () => {
  instance = await contractInstance({
    ...contract,
    async start() {
      const started = await contract.start();
      await started.close();
      vendor = await startSpecServer(spec, { counts: { Company: 2, Hardware: 4 } });
      return { ...started, ...vendor };
    },
  });
});
afterEach(async () => instance[Symbol.asyncDispose]());

const values = async (tag: string) => {
  const [device] = await instance.database.read({
    from: 'DEVICE',
    columns: ['Dsite', 'ddevnum', 'dinactive'],
    where: { column: 'dinvno', is: 'equal', value: tag },
  });
  const rows = await instance.database.read({
    from: 'INFO',
    columns: ['idata'],
    where: {
      all: [
        { column: 'Isite', is: 'equal', value: Number(device?.['Dsite']) },
        { column: 'Inum', is: 'equal', value: Number(device?.['ddevnum']) },
      ],
    },
    orderBy: [{ column: 'Iseq' }],
  });
  return { inactive: device?.['dinactive'], fields: rows.map(({ idata }) => idata) };
};

it('writes texts as they were typed, custom fields by their labels, and days', async () => {
  vendor.data.change('Hardware', 0, {
    custom_fields: {
      'Warranty card': { field: '_snipeit_warranty_card_1', value: 'Box &lt;7&gt; &amp; &#039;8&#039;' },
    },
  });
  await instance.sync();
  expect((await values('TAG-1')).fields).toEqual(['Macbook Pro 13"', "Box <7> & '8'", '03/12/2016']);
  expect(await instance.database.count('AREA', { column: 'aareadesc', is: 'equal', value: 'Smith & Sons 1' })).toBe(1);
});

it('sets inactive what is archived, and takes for its owner a user alone', async () => {
  await instance.sync();
  const place = { id: 9, name: 'Cellar', type: 'location', username: 'user1' };
  vendor.data.change('Hardware', 1, { status_label: { id: 3, name: 'Scrapped', status_meta: 'archived' } });
  vendor.data.change('Hardware', 2, { assigned_to: place });
  vendor.data.change('Hardware', 3, { assigned_to: null, company: null, location: null });
  const { results } = await instance.sync();
  expect(results).toMatchObject([{ entity: 'Companies' }, { entity: 'Assets', rejected: 0, deactivated: 1 }]);
  expect((await values('TAG-2')).inactive).toBe(true);
  expect((await values('TAG-3')).inactive).toBe(false);
});

it('tells a refusal that comes with status 200', async () => {
  instance.proxy.play('other-shape');
  const { results } = await instance.sync();
  expect(results[0]).toMatchObject({ status: 'failed', error: { code: 'VendorAnswer' } });
});
