import { describe, expect, it } from '@jest/globals';
import type { ActualColumn, ActualTable, Row } from '../../../node/src/database/database.ts';
import { schemaTable } from '../../../node/src/database/schema/index.ts';
import type { Driver } from '../../../node/src/database/sql-server/driver.ts';
import { rowsInserted, rowsUpdated } from '../../../node/src/database/sql-server/slice.ts';
import { fillersOf, SqlServerTransaction } from '../../../node/src/database/sql-server/sql-server-transaction.ts';
import type { TransactionTools } from '../../../node/src/database/sql-server/transaction-tools.ts';
import { run, type Channel } from '../../../node/src/database/sql-server/statement-runner.ts';
import { mayRetry } from '../../../node/src/database/sql-server/retry.ts';
import type { PutRequest } from '../../../node/src/database/put.ts';
import type { UpsertRequest } from '../../../node/src/database/upsert.ts';

/** A transaction on a server that answers as the test says, and else that every row was written. */
function answering(answer: (sql: string, values: readonly unknown[]) => readonly Row[] | undefined, indexes = 0) {
  const sent: { readonly sql: string; readonly values: readonly unknown[] }[] = [];
  const runs: TransactionTools['run'] = async ({ sql, values }) => {
    sent.push({ sql, values });
    return [...(answer(sql, values) ?? [{ n: 100_000, highest: 40 }])];
  };
  let stages = 0;
  const transaction = new SqlServerTransaction({
    run: runs,
    insert: runs,
    table: (name) => {
      const table = schemaTable(name) as ActualTable;
      const columns = [...table.columns].map(
        ([column, facts]) => [column, { ...facts, leadsIndex: true, indexes }] as const,
      );
      return Promise.resolve({ ...table, columns: new Map(columns), indexes });
    },
    nameStage: () => `#stage_${++stages}`,
    linkIndex: () => Promise.resolve(undefined),
    touched: () => undefined,
    stage: () => Promise.resolve(),
    drop: () => Promise.resolve(),
    fillers: fillersOf,
  });
  const writes = () => sent.filter(({ sql }) => /^(UPDATE t|UPDATE l|INSERT INTO \[)/.test(sql));
  return { transaction, writes };
}

const request: UpsertRequest = {
  table: 'Licence',
  key: { column: 'LID', kind: 'allocate' },
  columns: ['LDesc'],
  rows: ['one', 'two', 'three'].map((id) => ({
    values: { LDesc: id },
    linkId: id,
    linkValues: { ELThirdPartyDesc: id },
  })),
  match: [{ by: 'link' }],
  onInsert: {},
  stamps: {},
  link: {
    table: 'ExternalLink',
    keyColumn: 'ELHaloId',
    idColumn: 'ELThirdPartyId',
    scope: { ELTableId: 1, ELModuleId: 2 },
    onInsert: {},
  },
};
const there = [0, 1, 2].map((n) => ({ n, k: n + 7, changed: 1, lr: n === 2 ? null : n + 70, lk: n + 7, lc: 1 }));
const found = (sql: string): Row[] | undefined => (sql.includes('AS [changed]') ? there : undefined);
const gone = { code: 'RowsGone', retryable: true };

describe('a row that was found and is gone before it is written', () => {
  it.each([
    ['is not answered as updated', /^UPDATE t /, 3],
    ['gets no link', /^INSERT INTO \[ExternalLink\]/, 1],
    ['keeps no link', /^UPDATE l /, 2],
  ])('%s: the batch is done again', async (_, statement, whole) => {
    const upsert = (counted: number) =>
      answering((sql) => (statement.test(sql) ? [{ n: counted }] : found(sql))).transaction.upsert(request);
    await expect(upsert(whole - 1)).rejects.toMatchObject(gone);
    expect((await upsert(whole)).rows.map(({ outcome }) => outcome)).toEqual(['updated', 'updated', 'updated']);
    const error = await upsert(0).catch((one: unknown) => one);
    expect(mayRetry(error)).toBe(true);
  });

  it('is no row where the server does not tell how many it wrote', async () => {
    const { transaction } = answering((sql) => (/^UPDATE t /.test(sql) ? [] : found(sql)));
    await expect(transaction.upsert(request)).rejects.toMatchObject(gone);
  });
});

describe('rows that are put', () => {
  const fields: PutRequest = {
    table: 'INFO',
    known: ['Ikind', 'Isite', 'Inum', 'Iseq'],
    columns: ['idata'],
    rows: Array.from({ length: 6 }, (_, at) => ['D', 1, 1, at, `value ${at}`]),
  };
  const reading = (rows: readonly Row[]) => (sql: string) => (sql.includes('AS [there]') ? rows : undefined);
  const differing = (...places: number[]) => places.map((n) => ({ n, there: 1, b0: 'old' }));

  it('are counted, those that differ and those that are missing', async () => {
    const rows = [...differing(0, 3), { n: 4, there: 0, b0: null }];
    const put = (statement: RegExp, counted: number) =>
      answering((sql) => (statement.test(sql) ? [{ n: counted }] : reading(rows)(sql))).transaction.put(fields);
    await expect(put(/^UPDATE t /, 1)).rejects.toMatchObject(gone);
    await expect(put(/^INSERT /, 0)).rejects.toMatchObject({ code: 'RowsTaken', retryable: true });
    expect(await put(/^UPDATE t /, 2)).toEqual({
      created: [4],
      updated: [0, 3].map((place) => ({ place, before: ['old'] })),
    });
  });

  it('that somebody else added at the same moment are put again', async () => {
    const taken = Object.assign(new Error("Violation of PRIMARY KEY constraint 'PK_INFO'."), { number: 2627 });
    const { transaction } = answering((sql) => {
      if (/^INSERT /.test(sql)) throw taken;
      return reading([{ n: 0, there: 0, b0: null }])(sql);
    });
    await expect(transaction.put(fields)).rejects.toMatchObject({ code: 'RowsTaken', retryable: true });
  });

  it('go by as many a statement as its locks allow, and what is known by the same goes together', async () => {
    const many = Array.from({ length: 2500 }, (_, at) => ['D', 1, 1, at, 'new']);
    // Of one place there are two rows, on both sides of the place where 1,500 end.
    const places = Array.from({ length: 2500 }, (_, at) => (at < 1500 ? at : at - 1));
    const { transaction, writes } = answering(reading(differing(...places)), 1);
    await transaction.put({ ...fields, rows: many });
    expect(writes().map(({ values }) => values)).toEqual([
      [0, 1499],
      [1500, 2498],
    ]);
    const unindexed = answering(reading(differing(0, 1700, 2100)), 0);
    await unindexed.transaction.put({ ...fields, rows: many });
    expect(unindexed.writes().map(({ values }) => values)).toEqual([[0, 2100]]);
  });
});

describe('how many rows a statement writes', () => {
  const column = (indexes: number): ActualColumn => ({
    name: 'C',
    type: 'int',
    nullable: true,
    identity: false,
    computed: false,
    hasDefault: false,
    indexes,
  });
  const table = (indexes: number): ActualTable => ({ name: 'T', primaryKey: [], columns: new Map(), indexes });

  it('keeps its locks below the 5,000 from which the whole table would be locked', () => {
    for (const indexes of [0, 1, 2, 5, 12, 30]) {
      expect(rowsInserted(table(indexes)) * (1 + indexes)).toBeLessThan(5000);
      for (const held of [0, 1, indexes]) {
        const locks = 1 + 2 * Math.min(held, indexes);
        const rows = rowsUpdated(table(indexes), [column(held)]);
        // Fewer than a hundred rows a statement would be one for each; so many indexes on what changes are nobody's.
        if (rows > 100) expect(rows * locks).toBeLessThan(5000);
      }
    }
    expect([rowsInserted(table(0)), rowsUpdated(table(0), [])]).toEqual([2000, 2000]);
    expect(rowsUpdated(table(8), [column(0)])).toBe(2000);
    expect(rowsUpdated(table(8), [column(2), column(1)])).toBe(642);
    expect(rowsInserted(table(90))).toBe(100);
  });
});

describe('the answer of a statement', () => {
  it('is its last result, since a trigger may answer rows of its own before', async () => {
    class Transaction {}
    class Request {
      input(): void {}
      async query() {
        return { recordsets: [[{ audit: 'a trigger was here' }], [], [{ n: 3 }]] };
      }
    }
    const driver = { Transaction, Request } as unknown as Driver;
    expect(await run(driver, {} as Channel, { sql: 'UPDATE …; SELECT @@ROWCOUNT AS [n]', values: [] })).toEqual([
      { n: 3 },
    ]);
  });
});
