import type { ActualColumn, Value } from '../../database.ts';
import { bracket, stagedType } from './names.ts';
import { bind, type Statement } from './select.ts';
import type { Slice } from '../slice.ts';
import { answeringKeys } from './upsert.ts';

/** The highest number of each group of rows, `g` its place; the groups come in as JSON objects with `g`, `w0`, `w1` … in @p0. */
export function highestInGroups(table: string, column: string, within: readonly ActualColumn[]): string {
  const read = within.map((one, at) => `, [w${at}] ${stagedType(one)} '$.w${at}'`).join('');
  const on = within.map((one, at) => `t.${bracket(one.name)} = j.[w${at}]`).join(' AND ') || '1 = 1';
  return `SELECT j.[g], ISNULL(MAX(t.${bracket(column)}), 0) AS [highest] FROM OPENJSON(@p0) WITH ([g] int '$.g'${read}) j LEFT JOIN ${bracket(table)} t WITH (UPDLOCK, HOLDLOCK) ON ${on} GROUP BY j.[g]`;
}

/** Inserts staged rows in their order (column `n`); with an identity column, answers its values in that order. */
export function insertStaged(
  stage: string,
  table: string,
  columns: readonly string[],
  identity: string | undefined,
  part: Slice,
): Statement {
  const values: Value[] = [];
  const names = columns.map(bracket).join(', ');
  const given = columns.map((_, at) => `s.[v${at}]`).join(', ');
  const into = `INSERT INTO ${bracket(table)} (${names})`;
  const from = `SELECT ${given} FROM ${stage} s WHERE s.[n] BETWEEN ${bind(values, part.from)} AND ${bind(values, part.to)} ORDER BY s.[n]`;
  return { sql: identity === undefined ? `${into} ${from}` : answeringKeys(into, identity, from), values };
}
