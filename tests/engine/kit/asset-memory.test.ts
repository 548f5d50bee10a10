import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Row } from '../../../node/src/database/database.ts';
import type { Query } from '../../../node/src/database/query.ts';
import { assetLinks, knownAssets } from '../../../node/src/halo-api/assets/known-assets.ts';
import type { HaloApiParts } from '../../../node/src/halo-api/api-parts.ts';
import type { HaloSession } from '../../../node/src/halo-api/halo-api.ts';
import { asset as assetResource } from '../../../node/src/halo-api/resources/asset.ts';
import type { AssetRecord } from '../../../node/src/integrations/kit/kinds/assets/asset-record.ts';
import { AssetIndex } from '../../../node/src/integrations/kit/kinds/assets/asset-index.ts';
import { assets } from '../../../node/src/integrations/kit/kinds/assets/assets.ts';
import { createIdentifier } from '../../../node/src/integrations/kit/kinds/assets/identify.ts';
import { TextIndex } from '../../../node/src/integrations/kit/kinds/assets/text-index.ts';
import { recordShape } from '../../../node/src/reading/record-shape.ts';
import type { VendorPage } from '../../../node/src/reading/vendor-page.ts';
import type { EntityRun } from '../../../node/src/sync/entity-run.ts';
import { runEntity } from '../../../node/src/sync/run-entity.ts';
import { haloInstance, type HaloInstance } from '../halo-api/halo-instance.ts';
import { kindInstance, link, scope } from './kind-instance.ts';

// What a run of many devices holds, judged by what is asked for and handed over at once, not by bytes.
let halo: HaloInstance;
beforeEach(async () => void (halo = await haloInstance()));
afterEach(async () => halo[Symbol.asyncDispose]());

const rowsAtOnce = 2000;

async function insert(table: string, rows: readonly Row[]) {
  await using session = await halo.database.session('test');
  await session.transaction((transaction) => transaction.insert(table, rows));
}

it('texts find their numbers, in the order they came, however many there are', () => {
  const index = new TextIndex();
  for (let at = 0; at < 20_000; at++) index.add(`text ${at}`, at);
  for (let at = 0; at < 3000; at++) index.add('again and again', at);
  expect([0, 1, 4095, 4096, 19_999].map((at) => index.get(`text ${at}`))).toEqual([[0], [1], [4095], [4096], [19_999]]);
  expect(index.get('again and again')).toEqual(Array.from({ length: 3000 }, (_, at) => at));
  expect(index.get('text 20000')).toEqual([]);
  expect(index.get('')).toEqual([]);
});

it('what Halo has is read part by part, each asset and link once, at one site or at many', async () => {
  const device = (Did: number, Dsite: number, ddevnum: number) => ({ Did, Dsite, ddevnum, dinvno: `PC-${Did}` });
  const rows = [
    ...Array.from({ length: 1500 }, (_, at) => device(1 + at, 1 + at, 1)),
    // Exactly two parts at one site, and then a few sites more.
    ...Array.from({ length: 2 * rowsAtOnce }, (_, at) => device(2000 + at, 5000, 1 + at)),
    ...Array.from({ length: 700 }, (_, at) => device(9000 + at, 6000 + at, 7)),
  ];
  await insert('DEVICE', rows);
  await insert(
    'ExternalLink',
    rows.slice(0, 2500).map(({ Did }) => link('Asset', Did, `v${Did}`)),
  );
  let most = 0;
  let reads = 0;
  const read = async (query: Query) => {
    const found = await halo.database.read(query);
    most = Math.max(most, found.length);
    reads++;
    return found;
  };
  const describe = (tables: readonly string[]) => halo.database.describe(tables);
  const parts = { database: { read, describe }, settings: {} } as unknown as HaloApiParts;
  const ids: number[] = [];
  for await (const { id } of knownAssets(parts, assetResource, {})) ids.push(id);
  expect(ids.toSorted((one, other) => one - other)).toEqual(rows.map(({ Did }) => Did));
  const linked: number[] = [];
  for await (const { asset_id } of assetLinks(parts, assetResource, scope)) linked.push(asset_id);
  expect(linked).toEqual(rows.slice(0, 2500).map(({ Did }) => Did));
  expect(most).toBe(rowsAtOnce);
  expect(reads).toBeLessThan(20);
});

it('of what Halo has one asset is asked for after the other, and each is told from all others', async () => {
  let open = 0;
  const known = async function* () {
    for (let id = 1; id <= 5000; id++) {
      expect(open++).toBe(0);
      const value = id % 2 === 0 ? `SERIAL-${id}` : 'To be filled by O.E.M.';
      yield { id, site_id: id % 7, inventory_number: `PC-${id}`, status_id: id % 3, value };
      open--;
    }
  };
  const links = async function* () {
    for (let id = 1; id <= 5000; id += 10)
      yield { asset_id: id, third_party_id: `Vendor ${id}`, third_party_desc: id === 1 ? 'PC-1' : undefined };
  };
  const identifier = createIdentifier(await AssetIndex.of(known(), links()), 'Acme');
  let asked = 0;
  const told = (record: Partial<Parameters<typeof identifier.identify>[0]>) => {
    const found = identifier.identify({ id: `new ${asked++}`, ...record });
    return 'asset' in found ? found.asset?.id : found.reason;
  };
  expect(told({ id: 'VENDOR 4991 ' })).toBe(4991);
  expect(told({ serial: 'serial-4000' })).toBe(4000);
  expect(told({ serial: 'To be filled by O.E.M.' })).toBeUndefined();
  expect(told({ name: 'pc-77', site_id: 0 })).toBe(77);
  expect(told({ name: 'pc-77', site_id: 1 })).toBeUndefined();
  // Another device of the vendor's.
  expect(told({ name: 'PC-11', site_id: 4 })).toBeUndefined();
  expect(told({ name: 'PC-78', site_id: 1, serial: 'SERIAL-79X' })).toBeUndefined();
  const first = identifier.identify({ id: 'Vendor 1' });
  const second = identifier.identify({ id: 'Vendor 11' });
  const takes = (one: typeof first, name: string) => 'asset' in one && one.asset?.takesTag(name);
  expect([takes(first, 'other'), takes(second, 'other'), takes(second, 'PC-11'), takes(second, 'pc-11')]).toEqual([
    ...[true, false, true, false],
  ]);
});

/** A run of so many devices of a made-up vendor, each with so many mapped fields, in pages of 100. */
async function runOf(devices: number, fields: number) {
  await using kinds = await kindInstance();
  const numbers = Array.from({ length: fields }, (_, at) => at);
  await kinds.insert('XTYPE', { TTypenum: 5, tdesc: 'Computer', Tgeneric: 0 });
  await kinds.insert('FIELD', ...numbers.map((at) => ({ Ykind: 'T', Yseq: 100 + at, Yname: `Field ${at}` })));
  await kinds.insert('TYPEINFO', ...numbers.map((at) => ({ Xkind: 'T', Xnum: 5, Xseq: at + 1, Xfieldnos: 100 + at })));
  const from = (at: number) => ({ IFMfiid: 100 + at, IFMfiname: `Field ${at}`, IFMThirdPartyName: `field${at}` });
  await kinds.insert(
    'IntegrationFieldMapping',
    ...numbers.map((at) => ({ ...from(at), IFMmsid: scope.module_id, IFMtypeid: 0, IFMIsAssetField: true })),
  );
  const context = kinds.context({ defaultSite: 4, defaultType: 5 });
  const kind = await assets().open(context);
  let [made, written, ahead, most] = [0, 0, 0, 0];
  const pages = async function* (): AsyncGenerator<VendorPage> {
    for (let first = 0; first < devices; first += 100) {
      made += 100;
      ahead = Math.max(ahead, made - written);
      const values = Object.fromEntries(numbers.map((at) => [`field${at}`, `value ${at} of ${first}`]));
      const records = Array.from({ length: 100 }, (_, at): AssetRecord => {
        const id = `d${first + at}`;
        return { id, name: `PC ${id}`, fields: values };
      });
      const last = first + 100 >= devices;
      yield { records, list: { total: devices, position: first }, ...(!last && { cursor: `${first + 100}` }) };
    }
  };
  await using session = await context.api.write('test');
  const upsert: HaloSession['upsert'] = async (resource, records, options) => {
    most = Math.max(most, records.length);
    const outcomes = await session.upsert(resource, records, options);
    written += records.length;
    return outcomes;
  };
  const watched = new Proxy(session, { get: (of, name) => (name === 'upsert' ? upsert : Reflect.get(of, name)) });
  const known = { find: () => undefined, inUse: false, forget: () => {}, stillGood: () => {} };
  const { counts } = await runEntity({
    ...{ session: watched, resource: 'Asset', context: { ...context, sizeOfPage: () => undefined } },
    entity: {
      ...kind,
      source: { shape: recordShape({ id: 'id', name: 'text' }, { id: 'id', name: ['name'] }), pages },
    },
    ...{ known, batchSize: 5000, maxDeactivatePercent: 100, minReadPercent: 0, readBefore: undefined, whatIf: false },
    ...{ keepRead: async () => {}, shouldStop: () => false, cancelled: context.signal, timeIsUp: context.signal },
    ...{ progress: () => {}, rejected: () => {}, batchDone: async () => {}, warnings: () => 0, keep: async () => {} },
  } as unknown as EntityRun);
  return { counts, ahead, most };
}

it('no more than one batch of devices and a few pages are ever in hand, and a batch is smaller the more fields they have', async () => {
  const few = await runOf(3000, 4);
  const many = await runOf(3000, 24);
  const more = await runOf(6000, 24);
  expect([few, many, more].map(({ counts }) => counts.created)).toEqual([3000, 3000, 6000]);
  // 12,500 rows: of 5 for each device, and of 25.
  expect([few.most, many.most, more.most]).toEqual([2500, 500, 500]);
  // The pages of a batch, the four that are asked for ahead, and the one at hand.
  expect(many.ahead).toBeLessThanOrEqual(500 + 500);
  expect(more.ahead).toBe(many.ahead);
});
