import type { Condition } from '../query.ts';
import type { Connection } from './connection.ts';
import { renderCondition } from './render-query.ts';
import { quote } from './table-definitions.ts';

/** The session table of a set of remembered keys; made when it is not there yet. */
export function keySetTable(connection: Connection, set: string): string {
  return connection.temporaryTable(`k INTEGER PRIMARY KEY, CHECK (${`'${set.replaceAll("'", "''")}'`} <> '')`);
}

/** Adds keys to a set; a key that is there already stays once. */
export function rememberKeys(connection: Connection, set: string, keys: readonly number[]): void {
  connection
    .prepare(`INSERT OR IGNORE INTO ${keySetTable(connection, set)} SELECT value FROM json_each(?)`)
    .run(JSON.stringify(keys));
}

/** How many rows match, and how many of them are not in the set. */
export function countMissing(
  connection: Connection,
  set: string,
  tableName: string,
  keyColumn: string,
  where: Condition,
): { missing: number; total: number } {
  const table = connection.table(tableName);
  const parameters: Parameters<typeof renderCondition>[2] = [];
  const condition = renderCondition([{ alias: table.name, table }], where, parameters);
  const [counts] = connection.rows<[number, number]>(
    `SELECT count(*), coalesce(sum(${quote(table.column(keyColumn).name)} NOT IN (SELECT k FROM ${keySetTable(connection, set)})), 0)
     FROM ${quote(table.name)} WHERE ${condition}`,
    parameters,
  );
  return { total: counts?.[0] ?? 0, missing: counts?.[1] ?? 0 };
}
