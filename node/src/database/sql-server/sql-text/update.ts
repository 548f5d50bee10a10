import type { Row, Value } from '../../database.ts';
import type { Condition } from '../../query.ts';
import { bracket, joinLive } from './names.ts';
import { bind, condition } from './select.ts';
import type { FindColumn, Statement } from './select.ts';

/** Sets columns on the rows that match, and answers how many. */
export function update(table: string, set: Row, where: Condition, find?: FindColumn): Statement {
  const values: Value[] = [];
  const parts = Object.entries(set).map(([name, value]) => `${bracket(name)} = ${bind(values, value)}`);
  const filter = condition(where, values, undefined, find);
  return {
    sql: `UPDATE ${bracket(table)} WITH (ROWLOCK) SET ${parts.join(', ')} WHERE ${filter}; SELECT @@ROWCOUNT AS [n]`,
    values,
  };
}

/** Sets columns on the rows with these keys, given as JSON arrays, whose types are those of `types` or int, and whose texts are compared by `collations`; `leads` says whether an index begins with the first of their columns. */
export function stamp(
  table: string,
  set: Row,
  columns: readonly string[],
  leads: boolean,
  keys: string,
  types: readonly string[] = [],
  collations: readonly string[] = [],
): Statement {
  const values: Value[] = [];
  const parts = Object.entries(set).map(([name, value]) => `${bracket(name)} = ${bind(values, value)}`);
  const read = columns.map((_, at) => `[k${at}] ${types[at] ?? 'int'} '$[${at}]'`).join(', ');
  const on = columns.map((name, at) => `t.${bracket(name)} = j.[k${at}]${collations[at] ?? ''}`).join(' AND ');
  return {
    sql: `UPDATE t SET ${parts.join(', ')} FROM OPENJSON(${bind(values, keys)}) WITH (${read}) j ${joinLive(table, 't', leads)} ON ${on}`,
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
