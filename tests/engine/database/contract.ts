import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Database, DatabaseSession } from '../../../node/src/database/database.ts';
import { fingerprintContract } from './fingerprint-contract.ts';
import { linksContract } from './links-contract.ts';
import { putContract } from './put-contract.ts';
import { upsertContract } from './upsert-contract.ts';

/**
 * How a contract's database is had: empty tables of Halo, a way to end it, and one to let a minute pass, where the database looks at the
 * clock.
 */
export type OpenDatabase = () => Promise<{ database: Database; close(): Promise<void>; letMinutePass?(): void }>;

/** What every implementation of Database must do alike. */
export function databaseContract(name: string, open: OpenDatabase): void {
  describe(`${name} keeps the database contract`, () => {
    let opened: Awaited<ReturnType<OpenDatabase>>;
    let database: Database;

    beforeAll(async () => {
      opened = await open();
      database = opened.database;
      await database.connect();
      await using session = await database.session('contract content');
      await session.transaction(async (transaction) => {
        await transaction.insert('AREA', [
          { Aarea: 1, aareadesc: 'Alder & Finch', Atreeid: 1, adatecreated: new Date('2026-03-04T05:06:07.000Z') },
          { Aarea: 2, aareadesc: '100% Brewing', Atreeid: 1, AIsInactive: true },
          { Aarea: 3, aareadesc: 'Calder', Atreeid: null },
        ]);
        await transaction.insert('SITE', [
          { Ssitenum: 1, sdesc: 'Main', Sarea: 1 },
          { Ssitenum: 2, sdesc: 'Second', Sarea: 1 },
          { Ssitenum: 3, sdesc: null, Sarea: 2 },
        ]);
      });
    });
    afterAll(async () => opened.close());

    const clientNames = async (where: Parameters<Database['count']>[1]) => {
      const rows = await database.read({
        from: 'AREA',
        columns: ['aareadesc'],
        ...(where && { where }),
        orderBy: [{ column: 'Aarea' }],
      });
      return rows.map((row) => row['aareadesc']);
    };

    it('describes tables by name in any case and leaves out those it does not have', async () => {
      const tables = await database.describe(['licence', 'NoSuchTable', 'ExternalLink']);
      expect([...tables.keys()].map((table) => table.toLowerCase())).toEqual(['licence', 'externallink']);
      const licence = [...tables.values()][0];
      expect(licence?.primaryKey).toEqual(['LID']);
      expect(licence?.columns.get('LDesc')).toMatchObject({ type: 'nvarchar', length: 500, nullable: true });
      expect(licence?.columns.get('LCount')).toMatchObject({ type: 'int', nullable: false, hasDefault: true });
      expect([...tables.values()][1]?.columns.get('ELid')).toMatchObject({ identity: true, nullable: false });
    });

    it('reads dates as UTC, bits as booleans and the defaults of columns not given', async () => {
      const [row] = await database.read({
        from: 'AREA',
        columns: ['aareadesc', 'AIsInactive', 'adatecreated', 'ALastUpdate'],
        where: { column: 'Aarea', is: 'equal', value: 1 },
      });
      expect(row).toEqual({
        aareadesc: 'Alder & Finch',
        AIsInactive: false,
        adatecreated: new Date('2026-03-04T05:06:07.000Z'),
        ALastUpdate: new Date('1900-01-01T00:00:00.000Z'),
      });
    });

    it('compares text without regard to case and takes wildcards as they are', async () => {
      expect(await clientNames({ column: 'aareadesc', is: 'equal', value: 'ALDER & finch' })).toEqual([
        'Alder & Finch',
      ]);
      expect(await clientNames({ column: 'aareadesc', is: 'contains', value: '0% b' })).toEqual(['100% Brewing']);
      expect(await clientNames({ column: 'aareadesc', is: 'starts-with', value: '_' })).toEqual([]);
      expect(await clientNames({ column: 'aareadesc', is: 'in', values: ['calder', "o'Neil"] })).toEqual(['Calder']);
      expect(await clientNames({ column: 'aareadesc', is: 'in', values: [] })).toEqual([]);
    });

    it('combines conditions', async () => {
      const active = { column: 'AIsInactive', is: 'equal', value: false } as const;
      expect(await clientNames({ all: [active, { column: 'Atreeid', is: 'not-null' }] })).toEqual(['Alder & Finch']);
      expect(await clientNames({ any: [{ not: active }, { column: 'Atreeid', is: 'null' }] })).toEqual([
        '100% Brewing',
        'Calder',
      ]);
      expect(await clientNames({ all: [] })).toHaveLength(3);
      expect(await database.count('AREA', { column: 'Aarea', is: 'greater', value: 1 })).toBe(2);
      expect(await database.count('AREA', undefined, 'Atreeid')).toBe(1);
      expect(await database.count('AREA', { all: [] }, 'Aarea')).toBe(3);
    });

    it('joins keys of different number types, orders and pages', async () => {
      const query = {
        from: 'SITE',
        as: 's',
        columns: ['s.Ssitenum', { column: 'a.aareadesc', as: 'client' }],
        joins: [{ kind: 'left', table: 'AREA', as: 'a', on: [['s.Sarea', 'a.Aarea']] }],
        orderBy: [{ column: 's.Ssitenum', descending: true }],
      } as const;
      expect(await database.read({ ...query, limit: 2, offset: 1 })).toEqual([
        { Ssitenum: 2, client: 'Alder & Finch' },
        { Ssitenum: 1, client: 'Alder & Finch' },
      ]);
    });

    it('refuses a column it does not have', async () => {
      await expect(database.read({ from: 'AREA', columns: ['NoSuchColumn'] })).rejects.toMatchObject({
        code: 'UnknownColumn',
      });
    });

    const inSession = async <T>(work: (session: DatabaseSession) => Promise<T>): Promise<T> => {
      await using session = await database.session('contract');
      return await work(session);
    };

    it('takes back everything when the work of a transaction fails', async () => {
      const failing = inSession((session) =>
        session.transaction(async (transaction) => {
          await transaction.update('AREA', { aareadesc: 'gone' }, { column: 'Aarea', is: 'equal', value: 1 });
          throw new Error('changed my mind');
        }),
      );
      await expect(failing).rejects.toThrow('changed my mind');
      expect(await database.count('AREA', { column: 'aareadesc', is: 'equal', value: 'gone' })).toBe(0);
    });

    it('allocates numbers per group and answers identity keys', async () => {
      const keys = await inSession((session) =>
        session.transaction(async (transaction) => ({
          grouped: await transaction.insert('LOOKUP', [{ fid: 7 }, { fid: 7 }, { fid: 8 }], {
            column: 'fcode',
            within: ['fid'],
          }),
          identity: await transaction.insert('LicenceChange', [
            { LCLid: 1, LCFieldId: 2, LCUserId: 0 },
            { LCLid: 1, LCFieldId: 3, LCUserId: 0 },
          ]),
        })),
      );
      expect(keys.grouped).toEqual([1, 2, 1]);
      expect(keys.identity[1]).toBe((keys.identity[0] ?? 0) + 1);
    });

    it('inserts more rows than one statement may write, and answers their keys in order', async () => {
      const rows = Array.from({ length: 4500 }, (_, at) => ({ LCLid: 9, LCFieldId: at, LCUserId: 0 }));
      const keys = await inSession((session) =>
        session.transaction((transaction) => transaction.insert('LicenceChange', rows)),
      );
      const found = await database.read({
        from: 'LicenceChange',
        columns: ['LCid', 'LCFieldId'],
        where: { column: 'LCLid', is: 'equal', value: 9 },
        orderBy: [{ column: 'LCid' }],
      });
      expect(found).toEqual(rows.map(({ LCFieldId }, at) => ({ LCid: keys[at], LCFieldId })));
    });

    it('changes more rows than one statement may, each once', async () => {
      const keys = Array.from({ length: 4500 }, (_, at) => at);
      const where = {
        all: [
          { column: 'LCLid', is: 'equal', value: 9 },
          { column: 'LCFieldId', is: 'in', values: keys },
        ],
      } as const;
      const changed = await inSession((session) =>
        session.transaction((transaction) => transaction.update('LicenceChange', { LCWho: 'all of them' }, where)),
      );
      expect(changed).toBe(4500);
      expect(await database.count('LicenceChange', { column: 'LCWho', is: 'equal', value: 'all of them' })).toBe(4500);
    });

    it('takes no identity that is given, and no row that lacks what must have a value', async () => {
      for (const [table, row] of [
        ['LicenceChange', { LCid: 7, LCLid: 1, LCFieldId: 2, LCUserId: 0 }],
        ['MailboxCredential', { MCserver: 'mail.example.com' }],
      ] as const)
        await expect(
          inSession((session) => session.transaction((transaction) => transaction.insert(table, [row]))),
        ).rejects.toMatchObject({ code: 'DatabaseConstraint' });
    });

    it('counts on in a one-row table', async () => {
      const values = await inSession((session) =>
        session.transaction(async (transaction) => {
          await transaction.insert('CHANGESEQ', [{ id: 1, lastseq: 41 }]);
          return [
            await transaction.increment('CHANGESEQ', ['lastseq', 'area']),
            await transaction.increment('CHANGESEQ', ['area']),
          ];
        }),
      );
      expect(values).toEqual([42, 2]);
    });

    it('stamps rows by their keys, of one column or two, and no others', async () => {
      const rows = [1, 2, 3].flatMap((fid) => [1, 2].map((fcode) => ({ fid: 70 + fid, fcode })));
      await inSession((session) =>
        session.transaction(async (transaction) => {
          await transaction.insert('LOOKUP', rows);
          await transaction.stamp('LOOKUP', { fvalue: 'one' }, ['fid'], [[71]]);
          await transaction.stamp(
            'LOOKUP',
            { fvalue: 'two' },
            ['fid', 'fcode'],
            [
              [72, 2],
              [73, 1],
              [79, 9],
            ],
          );
        }),
      );
      const found = await database.read({
        from: 'LOOKUP',
        columns: ['fid', 'fcode', 'fvalue'],
        where: { column: 'fid', is: 'greater', value: 70 },
        orderBy: [{ column: 'fid' }, { column: 'fcode' }],
      });
      expect(found.map(({ fvalue }) => (fvalue === 'one' || fvalue === 'two' ? fvalue : ''))).toEqual([
        'one',
        'one',
        '',
        'two',
        'two',
        '',
      ]);
    });

    it('gives a lock to one session at a time and says who has it', async () => {
      await inSession(async (first) => {
        expect(await first.lock('Pax8')).toEqual({ acquired: true });
        await inSession(async (second) => {
          expect(await second.lock('Pax8')).toMatchObject({
            acquired: false,
            by: { holder: expect.stringContaining('contract') },
          });
          expect(await second.lock('Another')).toEqual({ acquired: true });
          await first.unlock('Pax8');
          expect(await second.lock('Pax8')).toEqual({ acquired: true });
        });
        expect(await first.lock('Pax8')).toEqual({ acquired: true });
      });
    });

    it('gives a lock back with its session, at once', async () => {
      for (let time = 0; time < 20; time++)
        await inSession(async (session) => expect(await session.lock('Pax8 again')).toEqual({ acquired: true }));
    });

    it('keeps every count of sessions that write at the same time', async () => {
      const [before] = await database.read({ from: 'CHANGESEQ', columns: ['lastseq'] });
      await Promise.all(
        Array.from({ length: 8 }, () =>
          inSession((session) => session.transaction((transaction) => transaction.increment('CHANGESEQ', ['lastseq']))),
        ),
      );
      const [after] = await database.read({ from: 'CHANGESEQ', columns: ['lastseq'] });
      expect(after?.['lastseq']).toBe(Number(before?.['lastseq']) + 8);
    });

    upsertContract(() => database);
    linksContract(
      () => database,
      () => opened.letMinutePass?.(),
    );
    putContract(() => database);
    fingerprintContract(() => database);
  });
}
