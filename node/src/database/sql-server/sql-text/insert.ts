import type { Value } from '../../database.ts';
import { bracket } from './names.ts';
import { bind, type Statement } from './select.ts';
import type { Slice } from '../slice.ts';
import { answeringKeys } from './upsert.ts';

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
