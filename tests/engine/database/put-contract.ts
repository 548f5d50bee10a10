import { describe, expect, it } from '@jest/globals';
import type { Database, Value } from '../../../node/src/database/database.ts';
import type { PutRequest } from '../../../node/src/database/put.ts';

const fields = { table: 'INFO', known: ['Ikind', 'Isite', 'Inum', 'Iseq'], columns: ['idata'] } as const;
/** Each test has assets of a site of its own. */
let site = 500;

/** The part of the contract that is about rows known by several columns. */
export function putContract(database: () => Database): void {
  describe('put', () => {
    const put = async (rows: PutRequest['rows'], more: Partial<PutRequest> = {}) => {
      await using session = await database().session('put');
      return await session.transaction((transaction) => transaction.put({ ...fields, rows, ...more }));
    };
    const info = () =>
      database().read({
        from: 'INFO',
        columns: ['Inum', 'Iseq', 'idata', 'Ichangeseq'],
        where: { column: 'Isite', is: 'equal', value: site },
        orderBy: [{ column: 'Inum' }, { column: 'Iseq' }],
      });
    const row = (number: number, field: number, data: Value): Value[] => ['D', site, number, field, data];

    it('inserts what is missing, updates what differs with its old value, and leaves the rest', async () => {
      site++;
      const first = await put([row(1, 1, 'SN-1'), row(1, 2, null), row(2, 1, 'sn-2')], {
        onInsert: { Ichangeseq: 3 },
        stamps: { Ichangeseq: 4 },
      });
      expect(first).toEqual({ created: [0, 1, 2], updated: [] });
      const second = await put([row(2, 1, 'SN-2'), row(1, 1, 'SN-1'), row(1, 2, 'Dell'), row(3, 1, 'SN-3')], {
        stamps: { Ichangeseq: 5 },
      });
      expect(second).toEqual({
        created: [3],
        updated: [
          { place: 0, before: ['sn-2'] },
          { place: 2, before: [null] },
        ],
      });
      expect(await info()).toEqual([
        { Inum: 1, Iseq: 1, idata: 'SN-1', Ichangeseq: 4 },
        { Inum: 1, Iseq: 2, idata: 'Dell', Ichangeseq: 5 },
        { Inum: 2, Iseq: 1, idata: 'SN-2', Ichangeseq: 5 },
        { Inum: 3, Iseq: 1, idata: 'SN-3', Ichangeseq: 5 },
      ]);
      expect(await put([row(1, 1, 'SN-1'), row(3, 1, 'SN-3')])).toEqual({ created: [], updated: [] });
    });

    it('takes more rows than one statement may write, and of those the changed ones only', async () => {
      site++;
      const rows = Array.from({ length: 4500 }, (_, at) => row(1 + Math.floor(at / 25), at % 25, `value ${at}`));
      expect((await put(rows)).created).toHaveLength(4500);
      const changed = rows.map((one, at) => (at === 7 || at === 4321 ? one.with(4, 'other') : one));
      expect(await put(changed)).toEqual({
        created: [],
        updated: [
          { place: 7, before: ['value 7'] },
          { place: 4321, before: ['value 4321'] },
        ],
      });
      expect(await info()).toHaveLength(4500);
    });

    it('changes every row that is known by the same, in a table without a key', async () => {
      site++;
      const owners = {
        table: 'USERDEVICE',
        known: ['UDdevsite', 'UDdevnum', 'uduserid'],
        columns: ['UDsite', 'UDusername'],
      } as const;
      await using session = await database().session('put');
      const twice = { UDdevsite: site, UDdevnum: 1, uduserid: 7, UDsite: 1, UDusername: 'Old' };
      await session.transaction((transaction) => transaction.insert('USERDEVICE', [twice, twice]));
      const owner = await put(
        [
          [site, 1, 7, 2, 'New'],
          [site, 1, 8, 2, 'Second'],
        ],
        owners,
      );
      expect(owner).toEqual({ created: [1], updated: [{ place: 0, before: [1, 'Old'] }] });
      const found = await database().read({
        from: 'USERDEVICE',
        columns: ['uduserid', 'UDsite', 'UDusername'],
        where: { column: 'UDdevsite', is: 'equal', value: site },
        orderBy: [{ column: 'uduserid' }],
      });
      const set = { uduserid: 7, UDsite: 2, UDusername: 'New' };
      expect(found).toEqual([set, set, { uduserid: 8, UDsite: 2, UDusername: 'Second' }]);
    });

    it('knows rows by texts as the database compares them, and changes all that are known by the same', async () => {
      site++;
      const users = { table: 'USERDEVICE', known: ['UDdevsite', 'UDusername'], columns: ['UDsite'] } as const;
      await using session = await database().session('put');
      const link = (name: string, from: number) => ({ UDdevsite: site, UDdevnum: 1, UDsite: from, UDusername: name });
      await session.transaction((transaction) =>
        transaction.insert('USERDEVICE', [link('Jörg Ash', 1), link('jörg ash  ', 1), link('Other', 2)]),
      );
      const fresh = { ...users, onInsert: { UDdevnum: 1 } };
      const rows = [
        [site, 'JÖRG ASH ', 2],
        [site, 'other', 2],
        [site, 'New', 3],
      ];
      expect(await put(rows, fresh)).toEqual({ created: [2], updated: [{ place: 0, before: [1] }] });
      expect(await put(rows, fresh)).toEqual({ created: [], updated: [] });
      const found = await database().read({
        from: 'USERDEVICE',
        columns: ['UDusername', 'UDsite'],
        where: { column: 'UDdevsite', is: 'equal', value: site },
        orderBy: [{ column: 'UDsite' }],
      });
      expect(found.map((one) => one['UDsite'])).toEqual([2, 2, 2, 3]);
    });

    it('says what it would do, and writes nothing', async () => {
      site++;
      await put([row(1, 1, 'a'), row(1, 2, null)]);
      const wanted = [row(1, 1, null), row(1, 2, null), row(1, 3, null)];
      expect(await put(wanted, { whatIf: true })).toEqual({ created: [2], updated: [{ place: 0, before: ['a'] }] });
      expect((await info()).map(({ idata }) => idata)).toEqual(['a', null]);
    });

    it('does nothing with no rows', async () => {
      expect(await put([])).toEqual({ created: [], updated: [] });
    });
  });
}
