import type { ActualColumn, Row, Value } from '../../database.ts';
import { bracket, collate } from './names.ts';
import { bind, type Statement } from './select.ts';

/** Characters of an id that an index can hold: SQL Server takes 900 bytes for any. Longer ones are looked for in the links themselves. */
export const longestIndexed = 450;

/**
 * A session table of the links of one scope, of which Halo itself has no index: a link's row as `r`, the key of the record it leads to as `h`,
 * its third-party id as `e`, null where that is too long.
 */
export interface LinkIndexNames {
  /** The session table. */
  readonly name: string;
  readonly table: string;
  readonly rowKey: string;
  readonly keyColumn: string;
  readonly idColumn: ActualColumn;
  /** What the links have in common. */
  readonly scope: Row;
}

/** Makes the session table, which may be left of a transaction that was taken back. */
export function createLinkIndex({ name, idColumn }: LinkIndexNames): string {
  return `IF OBJECT_ID(N'tempdb..${name}') IS NOT NULL DROP TABLE ${name}; CREATE TABLE ${name} ([r] int NOT NULL PRIMARY KEY, [h] int NULL, [e] nvarchar(${longestIndexed})${collate(idColumn)} NULL)`;
}

/** Once it is filled: made before, each row would be put into them one by one. */
export function orderLinkIndex({ name }: LinkIndexNames): string {
  const plain = name.slice(1);
  return `CREATE INDEX ${plain}_e ON ${name} ([e]) INCLUDE ([r]); CREATE INDEX ${plain}_h ON ${name} ([h]) INCLUDE ([r])`;
}

/** A link's id as far as the session table can hold it. */
function idOf({ idColumn }: LinkIndexNames): string {
  const id = `l.${bracket(idColumn.name)}`;
  return `CASE WHEN LEN(${id}) <= ${longestIndexed} THEN LEFT(${id}, ${longestIndexed}) END`;
}

/**
 * Adds the links behind a row, or all that it does not have, and answers the last row there is. That one is asked for first: what comes
 * between the two is behind it, and is added next time.
 */
export function fillLinkIndex(names: LinkIndexNames, behind: number | undefined): Statement {
  const { name, table, rowKey, keyColumn, scope } = names;
  const values: Value[] = [];
  const row = `l.${bracket(rowKey)}`;
  const within = Object.entries(scope).map(([column, value]) =>
    value === null ? `l.${bracket(column)} IS NULL` : `l.${bracket(column)} = ${bind(values, value)}`,
  );
  const fresh =
    behind === undefined
      ? `NOT EXISTS (SELECT 1 FROM ${name} i WHERE i.[r] = ${row})`
      : `${row} > ${bind(values, behind)} AND ${row} <= @last`;
  return {
    sql: `DECLARE @last int = (SELECT ISNULL(MAX(${bracket(rowKey)}), 0) FROM ${bracket(table)}); INSERT INTO ${name} ([r], [h], [e]) SELECT ${row}, l.${bracket(keyColumn)}, ${idOf(names)} FROM ${bracket(table)} l WHERE ${[fresh, ...within].join(' AND ')}; SELECT @last AS [last]`,
    values,
  };
}

/** Brings up to date what it has of links that were changed where they stand. */
export function refreshLinkIndex(names: LinkIndexNames): Statement {
  const { name, table, rowKey, keyColumn } = names;
  const [key, id] = [`l.${bracket(keyColumn)}`, idOf(names)];
  return {
    sql: `UPDATE i SET [h] = ${key}, [e] = ${id} FROM ${name} i JOIN ${bracket(table)} l ON l.${bracket(rowKey)} = i.[r] WHERE ISNULL(i.[h], 0) <> ISNULL(${key}, 0) OR ISNULL(i.[e], N'') <> ISNULL(${id}, N'')`,
    values: [],
  };
}
