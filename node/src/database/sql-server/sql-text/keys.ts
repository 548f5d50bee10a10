import type { Row, Value } from '../../database.ts';
import type { Condition } from '../../query.ts';
import { bracket } from './names.ts';
import { bind, condition } from './select.ts';
import type { Statement } from './select.ts';

function absent(key: string, keys: readonly number[], values: Value[]): string {
  return `${bracket(key)} NOT IN (SELECT CAST(j.[value] AS int) FROM OPENJSON(${bind(values, JSON.stringify(keys))}) j)`;
}

/** How many rows match, and how many of them have none of the keys. */
export function countMissing(table: string, key: string, where: Condition, keys: readonly number[]): Statement {
  const values: Value[] = [];
  const missing = absent(key, keys, values);
  const filter = condition(where, values);
  return {
    sql: `SELECT COUNT(*) AS [total], ISNULL(SUM(x.[gone]), 0) AS [missing] FROM (SELECT CASE WHEN ${missing} THEN 1 ELSE 0 END AS [gone] FROM ${bracket(table)} WHERE ${filter}) x`,
    values,
  };
}

/** Sets columns on the rows that match; with `missing`, only on those with none of the keys, answering each key. */
export function update(
  table: string,
  set: Row,
  where: Condition,
  missing?: { key: string; keys: readonly number[] },
): Statement {
  const values: Value[] = [];
  const parts = Object.entries(set).map(([name, value]) => `${bracket(name)} = ${bind(values, value)}`);
  const filter = condition(where, values);
  const without = missing ? ` AND ${absent(missing.key, missing.keys, values)}` : '';
  const target = `UPDATE ${bracket(table)} SET ${parts.join(', ')}`;
  return {
    // OUTPUT goes into a variable, since a table with triggers allows nothing else.
    sql: missing
      ? `DECLARE @done TABLE ([k] int); ${target} OUTPUT inserted.${bracket(missing.key)} INTO @done WHERE ${filter}${without}; SELECT [k] FROM @done`
      : `${target} WHERE ${filter}; SELECT @@ROWCOUNT AS [n]`,
    values,
  };
}

/** Adds one to columns of a one-row table and answers the first one's new value. */
export function increment(table: string, columns: readonly string[]): Statement {
  const set = columns.map((name) => `${bracket(name)} = ISNULL(${bracket(name)}, 0) + 1`).join(', ');
  return {
    sql: `DECLARE @done TABLE ([v] int); UPDATE ${bracket(table)} SET ${set} OUTPUT inserted.${bracket(columns[0] ?? '')} INTO @done; SELECT [v] FROM @done`,
    values: [],
  };
}
