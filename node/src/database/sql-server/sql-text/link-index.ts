import type { ActualColumn, Row, Value } from '../../database.ts';
import { bracket, collate } from './names.ts';
import { bind, type Statement } from './select.ts';

/** Characters of an id that an index can hold: SQL Server takes 900 bytes for any. Links with longer ids are looked for in their own table. */
export const longestIndexed = 450;

/** A session table of the links of one scope, by third-party id; Halo itself has no index on that. */
export interface LinkIndexNames {
  /** The session table. */
  readonly name: string;
  readonly table: string;
  readonly rowKey: string;
  readonly idColumn: ActualColumn;
  /** What the links have in common. */
  readonly scope: Row;
}

/** Makes the session table, which may be left of a transaction that was taken back. */
export function createLinkIndex({ name, idColumn }: LinkIndexNames): string {
  return `IF OBJECT_ID(N'tempdb..${name}') IS NOT NULL DROP TABLE ${name}; CREATE TABLE ${name} ([r] int NOT NULL, [e] nvarchar(${longestIndexed})${collate(idColumn)} NOT NULL)`;
}

/** Once it is filled: made before, each row would be put into it one by one. */
export function orderLinkIndex({ name }: LinkIndexNames): string {
  return `CREATE INDEX ${name.slice(1)}_e ON ${name} ([e])`;
}

/** Adds the links behind a row, and answers the last row there is. What it does not have is looked for in the links themselves. */
export function fillLinkIndex({ name, table, rowKey, idColumn, scope }: LinkIndexNames, behind: number): Statement {
  const values: Value[] = [];
  const [row, id] = [`l.${bracket(rowKey)}`, `l.${bracket(idColumn.name)}`];
  const within = Object.entries(scope).map(([column, value]) =>
    value === null ? `l.${bracket(column)} IS NULL` : `l.${bracket(column)} = ${bind(values, value)}`,
  );
  const where = [`${row} > ${bind(values, behind)}`, ...within, `LEN(${id}) <= ${longestIndexed}`].join(' AND ');
  return {
    sql: `INSERT INTO ${name} ([r], [e]) SELECT ${row}, LEFT(${id}, ${longestIndexed}) FROM ${bracket(table)} l WHERE ${where}; SELECT ISNULL(MAX(${bracket(rowKey)}), 0) AS [last] FROM ${bracket(table)}`,
    values,
  };
}
