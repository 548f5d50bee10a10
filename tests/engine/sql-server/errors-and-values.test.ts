import { describe, expect, it } from '@jest/globals';
import sql from 'mssql';
import type { ActualColumn, Value } from '../../../node/src/database/database.ts';
import { bulkType, columnValue, jsonValue } from '../../../node/src/database/sql-server/column-value.ts';
import {
  FinalFailure,
  mayRetry,
  retrying,
  unwrapped,
  waitBefore,
} from '../../../node/src/database/sql-server/retry.ts';
import { comparedColumns } from '../../../node/src/database/sql-server/compared-columns.ts';
import { acquireLock, isLockGiven } from '../../../node/src/database/sql-server/sql-text/locks.ts';
import { highestInGroups } from '../../../node/src/database/sql-server/sql-text/numbers.ts';
import { collate, comparable, stagedType } from '../../../node/src/database/sql-server/sql-text/names.ts';
import { stamp } from '../../../node/src/database/sql-server/sql-text/update.ts';
import { select } from '../../../node/src/database/sql-server/sql-text/select.ts';
import { createStage, numberColumn } from '../../../node/src/database/sql-server/sql-text/stage.ts';
import { partsOf } from '../../../node/src/database/sql-server/slice.ts';
import { lacksOpenJson, statementError } from '../../../node/src/database/sql-server/statement-errors.ts';
import { isKeyTaken } from '../../../node/src/database/sql-server/transient-errors.ts';
import {
  DatabaseConstraintError,
  DatabaseUnreachableError,
  UnknownColumnError,
} from '../../../node/src/errors/database-errors.ts';

/** An error as the driver gives it. */
function driverError(number: number, message = 'Some words.'): Error {
  return Object.assign(new sql.RequestError(message, 'EREQUEST'), { number });
}

describe('a failure that passes', () => {
  it.each([1205, 1222, 3960, 596, 6005, 976, 4221, 10928, 40197, 40501, 40613, 49918, 49919, 49920])(
    'is told by the number %i',
    (number) => expect(mayRetry(driverError(number))).toBe(true),
  );

  it.each([
    'deadlock detected',
    'canceling statement due to lock timeout',
    'could not serialize access due to concurrent update',
    'terminating connection due to administrator command',
    'Error: write ECONNRESET',
  ])('is told by its words where the number says nothing: %s', (message) =>
    expect(mayRetry(driverError(33557097, message))).toBe(true),
  );

  it('is told by what the driver or its socket calls it, and by ODBC’s states', () => {
    expect(mayRetry(new sql.TransactionError('Connection lost', 'ESOCKET'))).toBe(true);
    expect(mayRetry(Object.assign(new Error('wrapped'), { cause: new sql.RequestError('gone', 'ECONNCLOSED') }))).toBe(
      true,
    );
    expect(mayRetry(Object.assign(driverError(0), { state: '40001' }))).toBe(true);
    expect(mayRetry(new DatabaseUnreachableError('sql01', 1433))).toBe(true);
  });

  it.each([102, 207, 208, 229, 515, 547, 2601, 8152, 18456])('is not told by the number %i', (number) =>
    expect(mayRetry(driverError(number))).toBe(false),
  );

  it('is a taken number where the primary key refuses it, and no other unique index', () => {
    expect(isKeyTaken(driverError(2627, "Violation of PRIMARY KEY constraint 'PK_AREA'. Cannot insert …"))).toBe(true);
    expect(isKeyTaken(driverError(33557097, 'duplicate key value violates unique constraint "area_pkey"'))).toBe(true);
    expect(isKeyTaken(driverError(2627, "Violation of UNIQUE KEY constraint 'UQ_USERS'."))).toBe(false);
    expect(isKeyTaken(driverError(2601, 'Cannot insert duplicate key row with unique index …'))).toBe(false);
  });

  it('is not a lock that somebody else has, but may be the asking for one', () => {
    expect([0, 1, -1].map(isLockGiven)).toEqual([true, true, false]);
    const thrown = (result: number): unknown => {
      try {
        return isLockGiven(result);
      } catch (error) {
        return error;
      }
    };
    expect([-3, -999].map((result) => mayRetry(thrown(result)))).toEqual([true, false]);
    expect(acquireLock('x', 60_000).sql).toContain('@LockTimeout = 60000');
  });

  it('is told at once where it was waited for already', () => {
    const failure = new DatabaseUnreachableError('sql01', 1433);
    expect(mayRetry(new FinalFailure(failure))).toBe(false);
    expect(unwrapped(new FinalFailure(failure))).toBe(failure);
  });

  it('is waited for at random, ever longer, and a slow statement only once', async () => {
    expect([1, 2, 3, 7].map((attempt) => waitBefore(attempt, 1))).toEqual([500, 1000, 2000, 15_000]);
    expect(waitBefore(5, 0)).toBe(0);
    const tries = async (error: Error) => {
      let count = 0;
      const clock = { now: () => new Date(), sleep: () => Promise.resolve() };
      await expect(
        retrying({ clock }, () => {
          count++;
          return Promise.reject(error);
        }),
      ).rejects.toBe(error);
      return count;
    };
    expect(await tries(driverError(1205))).toBe(8);
    expect(await tries(new sql.RequestError('Timeout', 'ETIMEOUT'))).toBe(2);
    expect(await tries(driverError(547))).toBe(1);
  });
});

describe('a failed statement', () => {
  it.each([
    [207, "Invalid column name 'Nope'.", 'UnknownColumn'],
    [229, 'The INSERT permission was denied on the object …', 'DatabasePermission'],
    [3906, 'Failed to update database "Halo" because the database is read-only.', 'DatabasePermission'],
    [9002, 'The transaction log for database is full.', 'DatabaseBusy'],
    [515, 'Cannot insert the value NULL into column …', 'DatabaseConstraint'],
    [547, 'The INSERT statement conflicted with the CHECK constraint …', 'DatabaseConstraint'],
    [2628, 'String or binary data would be truncated …', 'DatabaseConstraint'],
    [468, 'Cannot resolve the collation conflict between …', 'DatabaseCollation'],
    [50001, 'A trigger says no.', 'DatabaseConstraint'],
  ])('with the number %i is named', (number, message, code) =>
    expect(statementError(driverError(number, message))).toMatchObject({ code }),
  );

  it('is what the server told first, not that a trigger or it itself ended the statement', () => {
    const told = (last: Error, ...before: Error[]) => Object.assign(last, { precedingErrors: before });
    const ended = 'The transaction ended in the trigger. The batch has been aborted.';
    const refused = statementError(told(driverError(3609, ended), driverError(50_000, 'Closed tickets stay closed.')));
    expect(refused).toMatchObject({ code: 'DatabaseConstraint', message: expect.stringContaining('stay closed') });
    expect(statementError(driverError(3609, ended))).toMatchObject({ code: 'DatabaseConstraint' });
    expect(mayRetry(told(driverError(3609, ended), driverError(1205)))).toBe(true);
    const taken = driverError(2627, "Violation of PRIMARY KEY constraint 'PK_AREA'.");
    expect(isKeyTaken(told(driverError(3621, 'The statement has been terminated.'), taken))).toBe(true);
  });

  it('nobody foresaw stays as it is', () => {
    const error = driverError(102, 'Incorrect syntax');
    expect(statementError(error)).toBe(error);
  });
});

describe('a value', () => {
  const column = (type: string, more: Partial<ActualColumn> = {}): ActualColumn => ({
    name: 'C',
    type,
    nullable: true,
    identity: false,
    computed: false,
    hasDefault: false,
    ...more,
  });

  it.each<[string, Value, Partial<ActualColumn>]>([
    ['int', 2 ** 31, {}],
    ['smallint', 40_000, {}],
    ['tinyint', -1, {}],
    ['bigint', 'twelve', {}],
    ['bigint', 2n ** 63n, {}],
    ['float', Number.NaN, {}],
    ['money', 1e15, {}],
    ['decimal', 1000, { digits: { all: 5, behindPoint: 2 } }],
    ['datetime', new Date('1752-12-31T00:00:00Z'), {}],
    ['smalldatetime', new Date('2080-01-01T00:00:00Z'), {}],
    ['datetime', 'no date', {}],
    ['uniqueidentifier', 'no guid', {}],
    ['nvarchar', 'too long', { length: 7 }],
    ['varbinary', new Uint8Array(3), { length: 2 }],
    ['varbinary', 'text', {}],
    ['int', null, { nullable: false }],
  ])('that a %s column would refuse is refused before the server does: %p', (type, value, more) => {
    expect(() => columnValue(column(type, more), value)).toThrow(DatabaseConstraintError);
  });

  it('of money is staged as a decimal, since the driver cuts digits off money', () => {
    for (const type of ['money', 'smallmoney']) {
      expect(stagedType(column(type))).toBe('decimal(38, 4)');
      expect(bulkType(sql, column(type))).toMatchObject({ precision: 38, scale: 4 });
    }
  });

  it('of a decimal goes into JSON with its digits written out, however small, since no exponent is read there', () => {
    const wide = column('decimal', { digits: { all: 38, behindPoint: 10 } });
    expect([1e-7, 1.5e-9, -2e-8, 0, 12.5, 1e-11].map((number) => jsonValue(number, wide))).toEqual([
      '0.0000001000',
      '0.0000000015',
      '-0.0000000200',
      '0.0000000000',
      '12.5000000000',
      '0.0000000000',
    ]);
    expect(jsonValue(1e-7, column('money'))).toBe('0.0000');
    expect(jsonValue(1e22, wide)).toBe('10000000000000000000000');
    expect(jsonValue(1e-7, column('float'))).toBe(1e-7);
  });

  it('that fits is given as the column takes it', () => {
    expect(columnValue(column('bigint'), 12)).toBe(12n);
    expect(columnValue(column('int'), 12.9)).toBe(12);
    expect(columnValue(column('bit'), 1)).toBe(true);
    expect(columnValue(column('decimal', { digits: { all: 5, behindPoint: 2 } }), 999.99)).toBe(999.99);
    expect(columnValue(column('uniqueidentifier'), '0c0ffee0-0000-4000-8000-000000000001')).toHaveLength(36);
  });
});

describe('text that is compared with a column', () => {
  const column = {
    name: 'LDesc',
    type: 'nvarchar',
    length: 50,
    nullable: true,
    identity: false,
    computed: false,
    hasDefault: false,
  };
  const other = { ...column, collation: 'Latin1_General_CS_AS' };

  it('has the collation of the column, staged or in a list', () => {
    expect(createStage('#s', [{ name: 'v0', column: other }, { name: 'v1', column }, numberColumn('n')])).toBe(
      'CREATE TABLE #s ([v0] nvarchar(50) COLLATE Latin1_General_CS_AS NULL, [v1] nvarchar(50) COLLATE DATABASE_DEFAULT NULL, [n] int NULL)',
    );
    expect(highestInGroups('T', 'n', [other], true, '[]').sql).toContain('= j.[w0] COLLATE Latin1_General_CS_AS ORDER');
    const texts = { column: 'LDesc', is: 'in', values: ['a'] } as const;
    const find = (name: string) => (name === 'LDesc' || name === 'j.LDesc' ? other : undefined);
    const said = select(
      {
        from: 'Licence',
        columns: ['LID'],
        joins: [{ kind: 'inner', table: 'Licence', as: 'j', on: [['LID', 'j.LID']], where: texts }],
        where: { not: { any: [texts, { all: [{ ...texts, column: 'LVendor' }] }] } },
      },
      find,
    ).sql;
    expect(said.match(/COLLATE \w+/g)).toEqual([
      'COLLATE Latin1_General_CS_AS',
      'COLLATE Latin1_General_CS_AS',
      'COLLATE DATABASE_DEFAULT',
    ]);
  });

  it('is that of the column for texts that rows are stamped by', () => {
    const said = stamp('T', { x: 1 }, ['a', 'n'], true, '[]', ['nvarchar(50)', 'int'], [collate(other), '']).sql;
    expect(said).toContain("WITH ([k0] nvarchar(50) '$[0]', [k1] int '$[1]') j");
    expect(said).toMatch(/ ON t\.\[a\] = j\.\[k0\] COLLATE Latin1_General_CS_AS AND t\.\[n\] = j\.\[k1\]$/);
  });

  it('does not put letters of one code page into another', () => {
    expect(comparable('t', 'a', { ...other, type: 'varchar' })).toBe(
      'CAST(t.[a] AS nvarchar(max)) COLLATE Latin1_General_BIN2',
    );
    expect(comparable('t', 'a', other)).toBe('t.[a] COLLATE Latin1_General_BIN2');
  });

  it('is looked at for lists of texts alone, and not where there is no such column', async () => {
    const asked: string[] = [];
    const tableOf = (name: string) => {
      asked.push(name);
      return name === 'Licence'
        ? Promise.resolve({ name, primaryKey: [], columns: new Map([['LDesc', other]]) })
        : Promise.reject(new UnknownColumnError(name));
    };
    const number = { column: 'LID', is: 'in', values: [1] } as const;
    expect(await comparedColumns({ from: 'Licence', where: { not: number } }, tableOf)).toBeUndefined();
    expect(asked).toEqual([]);
    const where = { all: [number, { column: 'ldesc', is: 'in', values: ['a'] }] } as const;
    const joins = [{ kind: 'left', table: 'Nowhere', as: 'n', on: [] }] as const;
    const find = await comparedColumns({ from: 'Licence', as: 'l', joins, where }, tableOf);
    expect([find?.('ldesc'), find?.('l.LDesc'), find?.('LNothing'), find?.('n.LDesc')]).toEqual([
      other,
      other,
      undefined,
      undefined,
    ]);
  });
});

describe('a database below compatibility level 130', () => {
  const told = (number: number, message: string) => Object.assign(new Error(message), { number });

  it('is known by OPENJSON, which it does not have', () => {
    expect(lacksOpenJson(told(208, "Invalid object name 'OPENJSON'."))).toBe(true);
    expect(lacksOpenJson(told(319, "Incorrect syntax near the keyword 'with'. If this statement is …"))).toBe(true);
    expect(lacksOpenJson(told(208, "Invalid object name 'Licence'."))).toBe(false);
    expect(lacksOpenJson('OPENJSON')).toBe(false);
  });
});

describe('a time', () => {
  const column = (type: string, behindPoint?: number): ActualColumn => ({
    name: 'x',
    type,
    nullable: true,
    identity: false,
    computed: false,
    hasDefault: false,
    ...(behindPoint !== undefined && { digits: { all: 27, behindPoint } }),
  });

  it('is staged as fine as the column keeps it, and no finer', () => {
    expect(createStage('#s', [{ name: 'a', column: column('datetime2', 0) }])).toContain('[a] datetime2(0) NULL');
    expect(createStage('#s', [{ name: 'a', column: column('datetime2') }])).toContain('[a] datetime2(7) NULL');
    const kept = (one: ActualColumn, text: string) => (columnValue(one, new Date(text)) as Date).toISOString();
    expect(kept(column('datetime2', 0), '2026-05-01T23:59:59.500Z')).toBe('2026-05-02T00:00:00.000Z');
    expect(kept(column('datetime2', 1), '2026-05-01T10:00:00.149Z')).toBe('2026-05-01T10:00:00.100Z');
    expect(kept(column('datetime2', 7), '2026-05-01T10:00:00.149Z')).toBe('2026-05-01T10:00:00.149Z');
    expect(kept(column('datetime'), '2026-05-01T10:00:00.149Z')).toBe('2026-05-01T10:00:00.149Z');
    expect(kept(column('smalldatetime'), '2026-05-01T10:00:29.998Z')).toBe('2026-05-01T10:00:00.000Z');
    expect(kept(column('smalldatetime'), '2026-05-01T10:00:29.999Z')).toBe('2026-05-01T10:01:00.000Z');
  });
});

describe('a list', () => {
  it('is one parameter, and what JSON would escape goes by itself', () => {
    const { sql: text, values } = select({
      from: 'USERS',
      columns: ['Uid'],
      where: { column: 'Ulogin', is: 'in', values: ['plain', 'CORP\\user', 'a "quoted" one'] },
    });
    expect(values).toEqual(['CORP\\user', 'a "quoted" one', '["plain"]']);
    expect(text.match(/@p\d/g)).toHaveLength(3);
  });
});

describe('a long list', () => {
  it('is changed in parts, so that no statement locks the table', () => {
    const values = Array.from({ length: 4001 }, (_, at) => at);
    const list = { column: 'Faultid', is: 'in', values: [...values, 7] } as const;
    const open = { column: 'Status', is: 'equal', value: 1 } as const;
    expect(partsOf(list).map((part) => 'values' in part && part.values.length)).toEqual([2000, 2000, 1]);
    expect(partsOf({ all: [open, list] })).toEqual(partsOf(list).map((part) => ({ all: [open, part] })));
    expect(partsOf(open)).toEqual([open]);
  });
});
