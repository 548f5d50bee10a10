import type { SQLInputValue } from 'node:sqlite';
import type { Row } from '../database.ts';
import { comparingEncoder } from './column-values.ts';
import type { Connection, KnownTable } from './connection.ts';
import { quote } from './table-definitions.ts';

/** The number the next row gets: MAX+1, within a group of rows where one is given. Safe because only one writer runs at a time. */
export function nextNumber(
  connection: Connection,
  table: KnownTable,
  columnName: string,
  within: readonly string[] = [],
  row: Row = {},
): number {
  const column = table.column(columnName);
  const parameters: SQLInputValue[] = [];
  const group = within.map((name) => {
    const grouped = table.column(name);
    parameters.push(comparingEncoder(grouped)(row[name] ?? null));
    return `${quote(grouped.name)} IS ?`;
  });
  const [highest] = connection.rows<[number | null]>(
    `SELECT max(${quote(column.name)}) FROM ${quote(table.name)}${group.length === 0 ? '' : ` WHERE ${group.join(' AND ')}`}`,
    parameters,
  );
  const first = within.length === 0 ? (connection.numbersFrom.get(table.name) ?? 1) : 1;
  let last = Math.max(highest?.[0] ?? 0, first - 1);
  if (column.identity) {
    // Identity numbers are never given twice, also when the last row is gone.
    const [used] = connection.rows<[number]>('SELECT seq FROM sqlite_sequence WHERE name = ?', [table.name]);
    last = Math.max(last, used?.[0] ?? 0);
  }
  return last + 1;
}
