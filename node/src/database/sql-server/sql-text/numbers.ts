import type { ActualColumn } from '../../database.ts';
import { bracket, collate, isText, stagedType } from './names.ts';
import type { Statement } from './select.ts';

/** Keeps others from adding behind what was read; only for columns that an index begins with, or it is the whole table. */
const ours = ' WITH (UPDLOCK, HOLDLOCK)';
/** Milliseconds to wait for another of our sessions to commit its numbers. */
const numberingWait = 5000;

/** The highest number given so far: where it is locked, one row at the end of an index, and the range behind it is ours until the transaction ends. */
export function highestNumber(table: string, column: string, locked: boolean): Statement {
  return {
    sql: `SELECT ISNULL(MAX(${bracket(column)}), 0) AS [highest] FROM ${bracket(table)}${locked ? ours : ''}`,
    values: [],
  };
}

/**
 * The highest number within each group of rows, `g` its place; the groups come in as JSON objects with `g`, `w0`, `w1` …. One row
 * of each group is looked at, not all.
 */
export function highestInGroups(
  table: string,
  column: string,
  within: readonly ActualColumn[],
  locked: boolean,
  groups: string,
): Statement {
  const read = within.map((one, at) => `, [w${at}] ${stagedType(one)} '$.w${at}'`).join('');
  const where = within
    .map((one, at) => `t.${bracket(one.name)} = j.[w${at}]${isText(one) ? collate(one) : ''}`)
    .join(' AND ');
  const number = `t.${bracket(column)}`;
  return {
    sql: `SELECT j.[g], ISNULL(h.[highest], 0) AS [highest] FROM OPENJSON(@p0) WITH ([g] int '$.g'${read}) j OUTER APPLY (SELECT TOP (1) ${number} AS [highest] FROM ${bracket(table)} t${locked ? ours : ''} WHERE ${where} ORDER BY ${number} DESC) h`,
    values: [groups],
  };
}

/** Takes the right to number rows of a table, which only our own sessions ask for; it goes with the transaction. */
export function lockNumbering(table: string, column: string): Statement {
  return {
    sql: `DECLARE @r int; EXEC @r = sp_getapplock @Resource = @p0, @LockMode = 'Exclusive', @LockOwner = 'Transaction', @LockTimeout = ${numberingWait}; SELECT @r AS [result]`,
    values: [`halodbintegrator numbers of ${table}.${column}`.toLowerCase()],
  };
}

/** How many rows have a number of these, those that others have not committed yet among them. */
export function countNumbered(table: string, column: string, first: number, last: number): Statement {
  return {
    sql: `SELECT COUNT(*) AS [n] FROM ${bracket(table)} WITH (READCOMMITTEDLOCK) WHERE ${bracket(column)} BETWEEN @p0 AND @p1`,
    values: [first, last],
  };
}
