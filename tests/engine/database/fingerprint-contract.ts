import { describe, expect, it } from '@jest/globals';
import type { Database, Row } from '../../../node/src/database/database.ts';
import { rangesOf } from '../../../node/src/database/fingerprint.ts';

const columns = ['LDesc', 'LCount', 'LPrice', 'LDueDate', 'LIsActive', 'LNotes'];
const scope = { ELTableId: 5, ELModuleId: 9, ELDetailsId: 9001 };

/** The part of the contract that is about telling whether rows changed. */
export function fingerprintContract(database: () => Database): void {
  describe('fingerprint', () => {
    const written = async (): Promise<number[]> => {
      await using session = await database().session('fingerprint');
      const values: Row = { LDesc: 'Ünïcode ☂', LCount: 1, LPrice: 0.1, LDueDate: null, LIsActive: true, LNotes: '' };
      const rows = [1, 2, 3].map((number) => ({ ...values, LPurchaseDate: new Date('2026-05-01'), LCount: number }));
      return await session.transaction(async (transaction) => {
        const keys = await transaction.insert('Licence', rows, { column: 'LID' });
        await transaction.insert(
          'ExternalLink',
          keys.map((key) => ({ ...scope, ELHaloId: key, ELThirdPartyId: `v${key}`, ELIsPrimary: true })),
        );
        return keys;
      });
    };
    const of = async (keys: readonly number[]): Promise<string> => {
      await using session = await database().session('fingerprint');
      return await session.fingerprint({
        table: 'Licence',
        key: 'LID',
        keys: rangesOf(keys),
        columns,
        link: {
          table: 'ExternalLink',
          rowKey: 'ELid',
          keyColumn: 'ELHaloId',
          idColumn: 'ELThirdPartyId',
          scope,
          general: 'ELDetailsId',
          columns: ['ELThirdPartyId', 'ELThirdPartyDesc'],
        },
      });
    };
    const change = async (table: string, set: Row, column: string, key: number): Promise<void> => {
      await using session = await database().session('fingerprint');
      await session.transaction((transaction) => transaction.update(table, set, { column, is: 'equal', value: key }));
    };

    it('is the same until a value of a row changes, and again once it is back', async () => {
      const keys = await written();
      const [, second = 0] = keys;
      const before = await of(keys);
      expect(await of(keys)).toBe(before);
      const seen = [before];
      const changes: readonly Row[] = [
        { LDesc: 'ünïcode ☂' },
        { LCount: 7 },
        { LPrice: 0.1 + Number.EPSILON },
        { LPrice: null },
        { LDueDate: new Date('2026-05-01T00:00:00.003Z') },
        { LIsActive: false },
        { LNotes: null },
        { LNotes: 'x'.repeat(5000) },
        { LNotes: `${'x'.repeat(4999)}y` },
      ];
      for (const set of changes) {
        await change('Licence', set, 'LID', second);
        const now = await of(keys);
        expect(seen).not.toContain(now);
        seen.push(now);
      }
      await change(
        'Licence',
        { LDesc: 'Ünïcode ☂', LCount: 2, LPrice: 0.1, LDueDate: null, LIsActive: true, LNotes: '' },
        'LID',
        second,
      );
      expect(await of(keys)).toBe(before);
    });

    it('changes with a column it does not look at no more than with a row it does not look at', async () => {
      const keys = await written();
      const before = await of(keys.slice(0, 2));
      await change('Licence', { LVendor: 'somebody' }, 'LID', keys[0] ?? 0);
      await change('Licence', { LDesc: 'other' }, 'LID', keys[2] ?? 0);
      expect(await of(keys.slice(0, 2))).toBe(before);
    });

    it('tells a row, or its link, that is gone, added or points elsewhere', async () => {
      const keys = await written();
      const [first = 0, second = 0] = keys;
      const before = await of(keys);
      expect(await of(keys.slice(1))).not.toBe(before);
      await change('ExternalLink', { ELThirdPartyDesc: 'new words' }, 'ELHaloId', first);
      const described = await of(keys);
      await change('ExternalLink', { ELModuleId: 8 }, 'ELHaloId', second);
      const unlinked = await of(keys);
      await using session = await database().session('fingerprint');
      await session.transaction((transaction) =>
        transaction.insert('ExternalLink', [
          { ...scope, ELHaloId: first, ELThirdPartyId: 'another', ELIsPrimary: false },
        ]),
      );
      const twice = await of(keys);
      expect(new Set([before, described, unlinked, twice]).size).toBe(4);
    });

    it('tells rows of another table that belong to them from any change, and those of others not', async () => {
      await using session = await database().session('fingerprint');
      const site = 9100;
      const keys = await session.transaction(async (transaction) => {
        const rows = [1, 2, 3].map((ddevnum) => ({ Dsite: site, ddevnum, dinvno: `F${ddevnum}` }));
        const made = await transaction.insert('DEVICE', rows, { column: 'Did' });
        const field = (Inum: number, Iseq: number, idata: string | null): Row => ({
          Ikind: 'D',
          Isite: site,
          Inum,
          Iseq,
          idata,
        });
        await transaction.insert('INFO', [field(1, 1, 'a'), field(1, 2, null), field(2, 1, 'b'), field(3, 1, 'c')]);
        return made;
      });
      const ofFields = () =>
        session.fingerprint({
          table: 'DEVICE',
          key: 'Did',
          keys: rangesOf(keys.slice(0, 2)),
          columns: ['dinvno'],
          beside: [
            {
              table: 'INFO',
              on: [
                ['Dsite', 'Isite'],
                ['ddevnum', 'Inum'],
              ],
              scope: { Ikind: 'D' },
              columns: ['Iseq', 'idata'],
            },
          ],
        });
      const put = (number: number, seq: number, value: string | null) =>
        session.transaction((transaction) =>
          transaction.put({
            table: 'INFO',
            known: ['Ikind', 'Isite', 'Inum', 'Iseq'],
            columns: ['idata'],
            rows: [['D', site, number, seq, value]],
          }),
        );
      const before = await ofFields();
      await put(3, 1, 'another');
      expect(await ofFields()).toBe(before);
      const seen = [before];
      for (const [number, seq, value] of [
        [1, 1, 'A'],
        [1, 2, ''],
        [2, 2, 'new'],
        [2, 2, 'newer'],
      ] as const) {
        await put(number, seq, value);
        const now = await ofFields();
        expect(seen).not.toContain(now);
        seen.push(now);
      }
    });

    it('sees what the same transaction has written', async () => {
      const keys = await written();
      await using session = await database().session('fingerprint');
      const request = { table: 'Licence', key: 'LID', keys: rangesOf(keys), columns };
      const before = await session.fingerprint(request);
      const during = await session.transaction(async (transaction) => {
        await transaction.update('Licence', { LCount: 9 }, { column: 'LID', is: 'equal', value: keys[1] ?? 0 });
        return transaction.fingerprint(request);
      });
      expect(during).not.toBe(before);
      expect(await session.fingerprint(request)).toBe(during);
    });

    it('is that of no row where there is none', async () => {
      await using session = await database().session('fingerprint');
      const request = { table: 'Licence', key: 'LID', columns } as const;
      expect(await session.fingerprint({ ...request, keys: [] })).toBe(
        await session.fingerprint({ ...request, keys: [[2_000_000, 2_000_005]] }),
      );
    });
  });
}
