import { describe, expect, it } from '@jest/globals';
import type { ChangeLine } from '../../../node/src/changes/change-file.ts';
import type { Row } from '../../../node/src/database/database.ts';
import { lineOf } from '../../../node/src/changes/kept-change.ts';
import type { RowChange } from '../../../node/src/halo-api/changes/changes.ts';
import type { HaloRecord } from '../../../node/src/halo-api/halo-api.ts';
import { writeLooked } from '../../../node/src/halo-api/changes/undo-rows.ts';
import { netChanges } from '../../../node/src/sync/undo-run.ts';
import { haloInstance, type HaloInstance } from './halo-instance.ts';

const scope = { module_id: 9, details_id: 1 };

async function insert({ database }: HaloInstance, table: string, rows: readonly Row[]): Promise<void> {
  await using session = await database.session('test');
  await session.transaction((transaction) => transaction.insert(table, rows));
}

/** Two types: field 51 stands as 1 on computers and as 3 on phones, where 1 is field 53. */
async function typesOf(instance: HaloInstance): Promise<void> {
  await insert(instance, 'XTYPE', [
    { TTypenum: 5, tdesc: 'Computer', Tgeneric: 1 },
    { TTypenum: 6, tdesc: 'Phone', Tgeneric: 1 },
  ]);
  await insert(
    instance,
    'FIELD',
    [51, 52, 53].map((Yseq) => ({ Ykind: 'T', Yseq, Yname: `Field ${Yseq}` })),
  );
  const places = [
    [5, 1, 51],
    [5, 2, 52],
    [6, 1, 53],
    [6, 3, 51],
  ];
  await insert(
    instance,
    'TYPEINFO',
    places.map(([Xnum = 0, Xseq = 0, Xfieldnos = 0]) => ({ Xkind: 'T', Xnum, Xseq, Xfieldnos })),
  );
}

const asset = (
  type: number,
  values: Readonly<Record<number, string>>,
  more: HaloRecord['fields'] = {},
): HaloRecord => ({
  fields: {
    inventory_number: 'A1',
    site_id: 4,
    assettype_id: type,
    ...more,
    fields: Object.entries(values).map(([id, value]) => ({ id: Number(id), value })),
    software: [{ name: 'Editor', version: type === 5 ? '1' : '2' }],
  },
  third_party_id: 'a1',
});

describe('Undoing what was written of assets', () => {
  it('puts back fields, software and the type, and leaves their history', async () => {
    await using instance = await haloInstance();
    await typesOf(instance);
    const { database } = instance;
    let told: readonly RowChange[] = [];
    const sink = { prepare: async (some: Iterable<RowChange>) => void (told = [...some]), committed: async () => {} };
    await using session = await instance.api().write('test', undefined, sink);
    const content = async () => ({
      devices: await database.read({ from: 'DEVICE', columns: ['Did', 'Dsite', 'ddevnum', 'Dtype', 'dinactive'] }),
      values: (
        await database.read({
          from: 'INFO',
          columns: ['Isite', 'Inum', 'Iseq', 'idata'],
          orderBy: [{ column: 'Iseq' }],
        })
      )
        // A row that was made is emptied, as rows of Halo are never deleted.
        .filter(({ idata }) => idata !== null),
      software: await database.read({ from: 'DeviceApplications', columns: ['DAID', 'DADID', 'DADesc', 'DAVersion'] }),
    });
    await session.upsert('Asset', [asset(5, { 51: 'S1', 52: 'M1' })], { scope });
    const before = await content();
    const history = await database.count('DEVICECHANGE');
    await session.upsert('Asset', [asset(6, { 51: 'S2', 53: 'I1' })], { scope });
    expect(await content()).not.toEqual(before);

    const lines = netChanges(JSON.parse(JSON.stringify(told.map((one) => lineOf(one)))) as ChangeLine[]);
    expect(new Set(lines.map(({ table }) => table))).toEqual(new Set(['DEVICE', 'INFO', 'DeviceApplications']));
    const left = async (whatIf: boolean) => {
      const undone = await session.undo(lines, { whatIf });
      return undone.filter(({ outcome, reason }) => outcome === 'left alone' || reason !== '');
    };
    expect(await left(true)).toEqual([]);
    expect(await content()).not.toEqual(before);
    const between = await database.count('DEVICECHANGE');
    expect(between).toBeGreaterThan(history);
    expect(await left(false)).toEqual([]);
    expect(await content()).toEqual(before);
    expect(await database.count('DEVICECHANGE')).toBeGreaterThan(between);
  });

  it.each([
    ['true and false', false, true],
    ['0 and 1', 0, 1],
  ])('puts a switch back that was kept as %s', async (_, before, after) => {
    await using instance = await haloInstance();
    await typesOf(instance);
    await using session = await instance.api().write('test');
    const [made] = await session.upsert('Asset', [asset(5, {}, { inactive: true })], { scope });
    const id = made && 'id' in made ? made.id : 0;
    const line: ChangeLine = {
      ...{ table: 'DEVICE', action: 'updated', key: { Did: id } },
      ...{ before: { dinactive: before }, after: { dinactive: after } },
    };
    const [undone] = await session.undo([line], { whatIf: false });
    expect(undone).toMatchObject({ outcome: 'put back', reason: '' });
    const [row] = await instance.database.read({ from: 'DEVICE', columns: ['dinactive'] });
    expect(row?.['dinactive']).toBe(false);
  });

  it('puts a switch back in a Halo that keeps it as a number', async () => {
    const records: HaloRecord[] = [];
    const own = { tableOf: async () => undefined } as never;
    const looked = {
      row: { table: 'DEVICE', action: 'updated', key: { Did: 7 }, after: {} },
      ...{ from: {}, to: { dinactive: 0 }, reason: '' },
    } as const;
    const write: Parameters<typeof writeLooked>[3] = async (_transaction, _resource, some) => {
      records.push(...some);
      return some.map(() => ({ outcome: 'updated', id: 7 }));
    };
    await writeLooked({} as never, [looked], own, write, {} as never);
    expect(records).toEqual([{ fields: { id: 7, inactive: false }, update_only: true }]);
  });
});
