import { describe, expect, it } from '@jest/globals';
import type { ActualTable, Row } from '../../../node/src/database/database.ts';
import { schemaTable } from '../../../node/src/database/schema/index.ts';
import { SqlServerTransaction } from '../../../node/src/database/sql-server/sql-server-transaction.ts';
import { highestInGroups, highestNumber } from '../../../node/src/database/sql-server/sql-text/numbers.ts';
import { fillersOf } from '../../../node/src/database/sql-server/sql-server-transaction.ts';
import type { TransactionTools } from '../../../node/src/database/sql-server/transaction-tools.ts';
import type { StagedRow, UpsertRequest } from '../../../node/src/database/upsert.ts';

/** A table of the facts, of which these columns begin an index. */
function tableOf(name: string, leading: readonly string[]): ActualTable {
  const table = schemaTable(name) as ActualTable;
  const columns = [...table.columns].map(
    ([column, facts]) => [column, { ...facts, leadsIndex: leading.includes(column) }] as const,
  );
  return { ...table, columns: new Map(columns) };
}

/** A transaction on a server that keeps what it is sent, and answers as the test says. */
function recorded(leading: readonly string[], answer: (sql: string) => readonly Row[] | undefined) {
  const sent: string[] = [];
  const run: TransactionTools['run'] = ({ sql }) => {
    sent.push(sql);
    const answered = answer(sql) ?? (sql.includes('AS [highest]') ? [{ g: 0, highest: 40 }] : [{ n: 1 }]);
    return Promise.resolve([...answered]);
  };
  let stages = 0;
  const transaction = new SqlServerTransaction({
    run,
    insert: run,
    table: (name) => Promise.resolve(tableOf(name, leading)),
    nameStage: () => `#stage_${++stages}`,
    linkIndex: () => Promise.resolve(undefined),
    touched: () => undefined,
    stage: () => Promise.resolve(),
    drop: () => Promise.resolve(),
    fillers: fillersOf,
  });
  /** What was sent, each statement by what it begins with. */
  const kinds = (): string[] =>
    sent.map((sql) =>
      sql.includes('HOLDLOCK')
        ? 'lock highest'
        : sql.includes('sp_getapplock')
          ? 'lock numbering'
          : sql.includes('AS [highest]')
            ? 'read highest'
            : sql.includes('COUNT(*)')
              ? 'count'
              : (/^(INSERT INTO \[|UPDATE \w+|SELECT)/.exec(sql)?.[1] ?? sql),
    );
  return { transaction, sent, kinds };
}

const rows: StagedRow[] = ['new', 'there', 'newer'].map((LDesc) => ({ values: { LDesc } }));
const request: UpsertRequest = {
  table: 'Licence',
  key: { column: 'LID', kind: 'allocate' },
  columns: ['LDesc'],
  rows,
  match: [{ by: 'columns', columns: ['LDesc'] }],
  onInsert: {},
  stamps: {},
};
const found = (sql: string): Row[] | undefined =>
  sql.includes('AS [changed]') ? [0, 1, 2].map((n) => ({ n, k: n === 1 ? 7 : null, changed: n })) : undefined;

describe('the highest number', () => {
  it('is one row at the end of an index, in each group where there are groups', () => {
    expect(highestNumber('FAULTS', 'Faultid', true).sql).toBe(
      'SELECT ISNULL(MAX([Faultid]), 0) AS [highest] FROM [FAULTS] WITH (UPDLOCK, HOLDLOCK)',
    );
    const ticket = tableOf('ACTIONS', []).columns.get('Faultid');
    expect(highestInGroups('ACTIONS', 'actionnumber', ticket ? [ticket] : [], true, '[]').sql).toBe(
      "SELECT j.[g], ISNULL(h.[highest], 0) AS [highest] FROM OPENJSON(@p0) WITH ([g] int '$.g', [w0] int '$.w0') j " +
        'OUTER APPLY (SELECT TOP (1) t.[actionnumber] AS [highest] FROM [ACTIONS] t WITH (UPDLOCK, HOLDLOCK) WHERE t.[Faultid] = j.[w0] ORDER BY t.[actionnumber] DESC) h',
    );
  });

  it('is locked right before the first row is inserted, and the new rows are counted on from it', async () => {
    const { transaction, kinds } = recorded(['LID'], found);
    expect((await transaction.upsert(request)).rows).toEqual([
      { outcome: 'created', key: 41 },
      { outcome: 'updated', key: 7 },
      { outcome: 'created', key: 42 },
    ]);
    expect(kinds()).toEqual(['SELECT', 'UPDATE t', 'lock highest', 'UPDATE d', 'INSERT INTO [']);
  });

  it('is not locked by a look at what would be done, nor for keys that the database gives', async () => {
    const preview = recorded(['LID'], found);
    expect((await preview.transaction.upsert({ ...request, whatIf: true })).rows[2]).toEqual({
      outcome: 'created',
      key: 42,
    });
    expect(preview.kinds()).toEqual(['SELECT', 'read highest']);
    const given = recorded(['LCid'], (sql) => (sql.includes('@keys') ? [{ k: 90 }] : undefined));
    const { rows: written } = await given.transaction.upsert({
      ...request,
      table: 'LicenceChange',
      key: { column: 'LCid', kind: 'identity' },
      columns: ['LCLid'],
      rows: [{ values: { LCLid: 1 } }],
      match: [],
    });
    expect(written).toEqual([{ outcome: 'created', key: 90 }]);
    expect(given.sent.join()).not.toMatch(/HOLDLOCK|AS \[highest\]/);
  });

  it('is read without locks where no index helps; then our sessions go one by one, and a number taken twice is seen', async () => {
    const devices = [{ Dsite: 1, ddevnum: 5 }];
    const insert = (counted: number) => {
      const { transaction, kinds } = recorded(['Dsite'], (sql) =>
        sql.includes('sp_getapplock') ? [{ result: 0 }] : sql.includes('COUNT(*)') ? [{ n: counted }] : undefined,
      );
      return { keys: transaction.insert('DEVICE', devices, { column: 'Did' }), kinds };
    };
    const alone = insert(1);
    expect(await alone.keys).toEqual([41]);
    expect(alone.kinds()).toEqual(['lock numbering', 'read highest', 'INSERT INTO [', 'count']);
    await expect(insert(2).keys).rejects.toMatchObject({ code: 'AllocationConflict', retryable: true });
    const busy = recorded(['Dsite'], (sql) => (sql.includes('sp_getapplock') ? [{ result: -1 }] : undefined));
    await expect(busy.transaction.insert('DEVICE', devices, { column: 'Did' })).rejects.toMatchObject({
      code: 'DatabaseBusy',
      retryable: true,
    });
  });
});

describe('a row that is changed', () => {
  it('is sought in the primary key, where no index begins with the id', async () => {
    const { transaction, sent } = recorded(['Dsite'], (sql) =>
      sql.includes('AS [changed]') ? [{ n: 0, k: 7, changed: 1, p0: 4, p1: 2 }] : undefined,
    );
    const columns = ['dinvno'];
    const changed = { ...request, table: 'DEVICE', key: { column: 'Did', kind: 'allocate' }, columns } as const;
    await transaction.upsert({ ...changed, rows: [{ values: { dinvno: 'A' }, key: 7 }], match: [{ by: 'key' }] });
    expect(sent[0]).toContain('t.[Dsite] AS [p0], t.[ddevnum] AS [p1]');
    expect(sent[1]).toContain(
      'INNER LOOP JOIN [DEVICE] t WITH (ROWLOCK) ON t.[Dsite] = d.[p0] AND t.[ddevnum] = d.[p1]',
    );
  });
});
