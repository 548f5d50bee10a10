import type { ActualColumn, Row, Value } from '../../database.ts';
import { bracket, comparable, joinLive } from './names.ts';
import { bind, type Statement } from './select.ts';
import type { Slice } from '../slice.ts';

/** What the statements of one put are about: a staged row has its place as `n`, what it is known by as `k<n>` and its values as `v<n>`. */
export interface PutNames {
  readonly stage: string;
  readonly table: string;
  readonly known: readonly ActualColumn[];
  readonly columns: readonly ActualColumn[];
}

/** The staged rows that are missing or differ, by their places, with `there` 0 or 1 and the old values as `b<n>`. */
export function readPut(names: PutNames): Statement {
  const before = names.columns.map(({ name }, at) => `, t.${bracket(name)} AS [b${at}]`).join('');
  return {
    sql: `SELECT s.[n], CASE WHEN ${isMissing(names)} THEN 0 ELSE 1 END AS [there]${before} FROM ${names.stage} s ${leftJoin(names)} ON ${same(names)} WHERE ${isMissing(names)} OR ${differs(names)} ORDER BY s.[n]`,
    values: [],
  };
}

/** Updates the rows that differ, stamps them, and answers how many. */
export function updatePut(names: PutNames, stamps: Row, { from, to }: Slice): Statement {
  const values: Value[] = [];
  const set = names.columns.map(({ name }, at) => `${bracket(name)} = s.[v${at}]`);
  for (const [name, value] of Object.entries(stamps)) set.push(`${bracket(name)} = ${bind(values, value)}`);
  const between = `s.[n] BETWEEN ${bind(values, from)} AND ${bind(values, to)}`;
  return {
    sql: `UPDATE t SET ${set.join(', ')} FROM ${names.stage} s ${joinLive(names.table, 't', leadsIndex(names))} ON ${same(names)} WHERE ${between} AND ${differs(names)}; SELECT @@ROWCOUNT AS [n]`,
    values,
  };
}

/** Inserts the rows that are missing, and answers how many. */
export function insertPut(names: PutNames, constants: Row, { from, to }: Slice): Statement {
  const values: Value[] = [];
  const columns = [...names.known, ...names.columns].map(({ name }) => bracket(name));
  const given = [...names.known.map((_, at) => `s.[k${at}]`), ...names.columns.map((_, at) => `s.[v${at}]`)];
  for (const [name, value] of Object.entries(constants)) {
    columns.push(bracket(name));
    given.push(bind(values, value));
  }
  const between = `s.[n] BETWEEN ${bind(values, from)} AND ${bind(values, to)}`;
  return {
    sql: `INSERT INTO ${bracket(names.table)} (${columns.join(', ')}) SELECT ${given.join(', ')} FROM ${names.stage} s ${leftJoin(names)} ON ${same(names)} WHERE ${between} AND ${isMissing(names)} ORDER BY s.[n]; SELECT @@ROWCOUNT AS [n]`,
    values,
  };
}

function leadsIndex({ known }: PutNames): boolean {
  return known[0]?.leadsIndex === true;
}

/** Where an index begins with what rows are known by, each is sought there, however large the table is. */
function leftJoin(names: PutNames): string {
  return `LEFT ${leadsIndex(names) ? 'OUTER LOOP ' : ''}JOIN ${bracket(names.table)} t`;
}

function same({ known }: PutNames): string {
  return known.map(({ name }, at) => `t.${bracket(name)} = s.[k${at}]`).join(' AND ');
}

function isMissing({ known: [first] }: PutNames): string {
  return `t.${bracket(first?.name ?? '')} IS NULL`;
}

/** Null equals null; case counts. A CASE, since what is compared with null is neither the same nor not the same. */
function differs({ columns }: PutNames): string {
  const equal = columns.map((column, at) => {
    const [there, staged] = [comparable('t', column.name, column), comparable('s', `v${at}`, column)];
    return `(${there} = ${staged} OR (t.${bracket(column.name)} IS NULL AND s.[v${at}] IS NULL))`;
  });
  return `CASE WHEN ${equal.join(' AND ') || '1 = 1'} THEN 0 ELSE 1 END = 1`;
}
