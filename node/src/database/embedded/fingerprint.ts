import { hash } from 'node:crypto';
import type { SQLInputValue } from 'node:sqlite';
import type { FingerprintRequest } from '../fingerprint.ts';
import { comparingEncoder } from './column-values.ts';
import type { Connection, KnownTable } from './connection.ts';
import { quote } from './table-definitions.ts';

/**
 * A text that is the same as long as the rows and their links are. SQLite writes the rows out as JSON by itself, which is a
 * quarter of the work of reading them. The rows come in the order of the ranges, and links in that of their index: another
 * order would say that something changed, never that nothing did.
 */
export function fingerprint(connection: Connection, request: FingerprintRequest): string {
  const table = connection.table(request.table);
  const key = `t.${quote(table.column(request.key).name)}`;
  const values = [key, ...writtenOut('t', table, request.columns)];
  const parameters: SQLInputValue[] = [JSON.stringify(request.keys)];
  let joined = '';
  if (request.link) {
    const { keyColumn, scope, columns, rowKey } = request.link;
    const link = connection.table(request.link.table);
    values.push(...writtenOut('l', link, [rowKey, ...columns]));
    // The plus keeps SQLite from the index of the scope, which all links of a connection share.
    const scoped = Object.entries(scope).map(([name, value]) => {
      const column = link.column(name);
      parameters.push(comparingEncoder(column)(value));
      return ` AND +l.${quote(column.name)} IS ?`;
    });
    joined = ` LEFT JOIN ${quote(link.name)} l ON l.${quote(link.column(keyColumn).name)} = ${key}${scoped.join('')}`;
  }
  const [[text] = [null]] = connection.rows<[string | null]>(
    `SELECT group_concat(json_array(${values.join(', ')}), '') FROM json_each(?) r
     CROSS JOIN ${quote(table.name)} t ON ${key} BETWEEN r.value ->> 0 AND r.value ->> 1${joined}`,
    parameters,
  );
  return hash('sha256', text ?? '', 'base64');
}

/** Columns as JSON can hold them. */
function writtenOut(alias: string, table: KnownTable, names: readonly string[]): string[] {
  return names.map((name) => {
    const column = table.column(name);
    const plain = `${alias}.${quote(column.name)}`;
    return /binary|image/.test(column.type) ? `hex(${plain})` : plain;
  });
}
