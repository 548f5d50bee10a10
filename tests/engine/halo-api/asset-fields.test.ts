import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Row } from '../../../node/src/database/database.ts';
import type {
  HaloApi,
  HaloRecord,
  HaloSession,
  HaloUpsertOptions,
  HeldRecords,
} from '../../../node/src/halo-api/halo-api.ts';
import { haloInstance, type HaloInstance } from './halo-instance.ts';

const scope = { module_id: 9, details_id: 1 };
let instance: HaloInstance;
let api: HaloApi;
let session: HaloSession;

/** Two types: the serial number is field 51 and stands as 1 on computers, as 3 on phones, where 1 is the IMEI. */
beforeEach(async () => {
  instance = await haloInstance();
  await insert('XTYPE', [
    { TTypenum: 5, tdesc: 'Computer', Tgeneric: 1 },
    { TTypenum: 6, tdesc: 'Phone', Tgeneric: 1 },
  ]);
  await insert('FIELD', [
    { Ykind: 'T', Yseq: 51, Yname: 'Serial Number' },
    { Ykind: 'T', Yseq: 52, Yname: 'Model' },
    { Ykind: 'T', Yseq: 53, Yname: 'IMEI' },
    { Ykind: 'T', Yseq: 54, Yname: 'Last seen', ynochangehistory: true },
  ]);
  await insert(
    'TYPEINFO',
    [
      [5, 1, 51],
      [5, 2, 52],
      [5, 3, 54],
      [6, 1, 53],
      [6, 3, 51],
    ].map(([Xnum = 0, Xseq = 0, Xfieldnos = 0]) => ({ Xkind: 'T', Xnum, Xseq, Xfieldnos })),
  );
  api = instance.api();
  session = await api.write('test');
});
afterEach(async () => {
  await session[Symbol.asyncDispose]();
  await instance[Symbol.asyncDispose]();
});

async function insert(table: string, rows: readonly Row[]): Promise<void> {
  await using setUp = await instance.database.session('test');
  await setUp.transaction((transaction) => transaction.insert(table, rows));
}

const info = async () => {
  const rows = await instance.database.read({
    from: 'INFO',
    columns: ['Ikind', 'Isite', 'Inum', 'Iseq', 'idata'],
    orderBy: [{ column: 'Isite' }, { column: 'Inum' }, { column: 'Iseq' }],
  });
  return rows.map(({ Ikind, Isite, Inum, Iseq, idata }) => [Ikind, Isite, Inum, Iseq, idata]);
};
const history = async () => {
  const rows = await instance.database.read({
    from: 'DEVICECHANGE',
    columns: ['DCDSite', 'DCDevNum', 'DCFieldID', 'DCOldValue', 'DCNewValue', 'DCWho'],
    orderBy: [{ column: 'pk' }],
  });
  return rows.map((row) => [row['DCDSite'], row['DCDevNum'], row['DCFieldID'], row['DCOldValue'], row['DCNewValue']]);
};
const asset = (id: string, fields: HaloRecord['fields']): HaloRecord => ({
  fields: { inventory_number: id, site_id: 4, assettype_id: 5, ...fields },
  third_party_id: id,
});
const write = (records: readonly HaloRecord[], options: HaloUpsertOptions = {}) =>
  session.upsert('Asset', records, { scope, ...options });
const values = (...pairs: [id: number, value: string | null, when?: string][]) => ({
  fields: pairs.map(([id, value, when]) => ({ id, value, ...(when && { when }) })),
});

describe('the values of an asset’s fields', () => {
  it('stand in INFO by its site and number and the field’s number on its type', async () => {
    const records = [asset('a', values([51, 'SN-A'], [52, 'X1'])), asset('b', values([51, 'SN-B']))];
    expect((await write(records)).map(({ outcome }) => outcome)).toEqual(['created', 'created']);
    const expected = [
      ['D', 4, 1, 1, 'SN-A'],
      ['D', 4, 1, 2, 'X1'],
      ['D', 4, 2, 1, 'SN-B'],
    ];
    expect(await info()).toEqual(expected);
    expect((await write(records)).map(({ outcome }) => outcome)).toEqual(['unchanged', 'unchanged']);
    expect(await info()).toEqual(expected);
    expect(await history()).toEqual([
      [4, 1, -50, '', ''],
      [4, 2, -50, '', ''],
    ]);
  });

  it('make an asset an updated one, with its stamps, the clock and a row of its history', async () => {
    await write([asset('a', values([51, 'SN-A'])), asset('b', {})]);
    instance.now = new Date('2026-02-01T00:00:00Z');
    const changed = [asset('a', values([51, 'SN-2'], [52, 'X1'], [54, '01/02/2026'])), asset('b', {})];
    expect((await write(changed, { whatIf: true })).map(({ outcome }) => outcome)).toEqual(['updated', 'unchanged']);
    expect(await info()).toEqual([['D', 4, 1, 1, 'SN-A']]);
    expect((await write(changed)).map(({ outcome }) => outcome)).toEqual(['updated', 'unchanged']);
    expect((await history()).slice(2)).toEqual([
      [4, 1, 52, '', 'X1'],
      [4, 1, 51, 'SN-A', 'SN-2'],
    ]);
    const devices = await instance.database.read({
      from: 'DEVICE',
      columns: ['DLastUpdate', 'Dchangeseq'],
      orderBy: [{ column: 'Did' }],
    });
    expect(devices.map(({ DLastUpdate }) => DLastUpdate)).toEqual([instance.now, new Date('2026-01-05T08:00:00Z')]);
    const [clock] = await instance.database.read({ from: 'CHANGESEQ', columns: ['lastseq', 'info', 'device'] });
    const stamps = await instance.database.read({
      from: 'INFO',
      columns: ['Ichangeseq'],
      where: { column: 'Iseq', is: 'equal', value: 1 },
    });
    expect([devices[0]?.['Dchangeseq'], stamps[0]?.['Ichangeseq']]).toEqual([clock?.['lastseq'], clock?.['lastseq']]);
  });

  it('move with the type to its own numbers, and leave none that are another field’s there', async () => {
    await write([asset('a', values([51, 'SN-A'], [52, 'X1'], [54, '01/01/2026']))]);
    await write([asset('a', { assettype_id: 6 })]);
    expect(await info()).toEqual([
      ['D', 4, 1, 1, null],
      ['D', 4, 1, 2, 'X1'],
      ['D', 4, 1, 3, 'SN-A'],
    ]);
    await write([asset('a', { assettype_id: 5, ...values([54, '02/01/2026']) })]);
    expect(await info()).toEqual([
      ['D', 4, 1, 1, 'SN-A'],
      // Nobody knows whose value stayed behind there.
      ['D', 4, 1, 2, null],
      ['D', 4, 1, 3, '02/01/2026'],
    ]);
  });

  it('keep to the type an asset has where the type is left alone', async () => {
    await write([asset('a', values([51, 'SN-A']))]);
    const again = [asset('a', { assettype_id: 6, ...values([51, 'SN-2']) })];
    await write(again, { insertOnly: ['assettype_id'] });
    expect(await info()).toEqual([['D', 4, 1, 1, 'SN-2']]);
  });

  it('are written to new assets only, or only where there is nothing, if that is asked for', async () => {
    await write([asset('a', values([51, 'SN-A', 'new'], [52, 'X1', 'empty']))]);
    await write([asset('a', values([51, 'SN-2', 'new'], [52, 'X2', 'empty'], [54, 'seen', 'empty']))]);
    expect((await info()).map((row) => row[4])).toEqual(['SN-A', 'X1', 'seen']);
  });

  it('of a field that the type does not have are left out and told of once', async () => {
    const record = asset('a', values([51, 'SN-A'], [53, '35-1']));
    await write([record]);
    await write([record]);
    expect(await info()).toEqual([['D', 4, 1, 1, 'SN-A']]);
    expect(instance.warnings).toEqual([expect.stringContaining('asset type 5 does not have the field 53')]);
  });

  it('are cut to what the column takes, and refused where they are none', async () => {
    const outcomes = await write([
      asset('a', values([51, 'x'.repeat(5000)])),
      asset('b', { fields: [{ id: 51, value: 7 }] }),
    ]);
    expect(outcomes[0]?.outcome).toBe('created');
    expect(outcomes[1]).toMatchObject({ outcome: 'rejected', reason: expect.stringContaining('"fields"') });
    expect((await info()).map((row) => String(row[4]).length)).toEqual([4000]);
  });
});

describe('assets that Halo holds as they were written', () => {
  it('are told from those whose fields, users or software somebody changed', async () => {
    const record = asset('a', { ...values([51, 'SN-A']), users: [1], software: [{ name: 'Firefox' }] });
    let held: HeldRecords | undefined;
    await write([record], { held: (state) => void (held = state) });
    const holds = () => session.stillHolds('Asset', held as HeldRecords, { scope, rememberAs: 'seen' });
    expect([held?.certain, await holds()]).toEqual([true, true]);
    for (const [table, changed, back, column] of [
      ['INFO', { idata: 'by hand' }, { idata: 'SN-A' }, 'Isite'],
      ['USERDEVICE', { UDsite: 99 }, { UDsite: 1 }, 'UDdevsite'],
      ['DeviceApplications', { DAVersion: '2' }, { DAVersion: null }, 'DADID'],
    ] as const) {
      await using other = await instance.database.session('web app');
      const set = (row: Row) =>
        other.transaction((transaction) => transaction.update(table, row, { column, is: 'greater', value: 0 }));
      await set(changed);
      expect([table, await holds()]).toEqual([table, false]);
      await set(back);
      expect([table, await holds()]).toEqual([table, true]);
    }
  });
});

describe('what an asset leaves in its history', () => {
  it('is that it was made, made inactive and made active again', async () => {
    await write([asset('a', { inactive: false })]);
    await write([asset('a', { inactive: true })]);
    await write([asset('a', { inactive: true })]);
    await write([asset('a', { inactive: false })]);
    expect(await history()).toEqual([
      [4, 1, -50, '', ''],
      [4, 1, -60, 'False', 'True'],
      [4, 1, -60, 'True', 'False'],
    ]);
  });

  it('is that it was made inactive when a whole read did not bring it', async () => {
    await write([asset('a', {}), asset('b', {})]);
    await write([asset('b', {})], { rememberAs: 'seen' });
    expect(await session.deactivateMissing('Asset', scope, 'seen')).toBe(1);
    expect((await history()).slice(2)).toEqual([[4, 1, -60, 'False', 'True']]);
  });
});
