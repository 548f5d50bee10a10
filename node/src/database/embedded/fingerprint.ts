import { createHash } from 'node:crypto';
import type { SQLInputValue } from 'node:sqlite';
import type { FingerprintRequest, RowsBeside } from '../fingerprint.ts';
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
  // As bytes, since a text of megabytes would be made one for JavaScript, and bytes again for the hash.
  const [[text] = [null]] = connection.rows<[Uint8Array | null]>(
    `SELECT CAST(group_concat(json_array(${values.join(', ')}), '') AS BLOB) FROM json_each(?) r
     CROSS JOIN ${quote(table.name)} t ON ${key} BETWEEN r.value ->> 0 AND r.value ->> 1${joined}`,
    parameters,
  );
  const all = createHash('sha256').update(text ?? '');
  for (const rows of request.beside ?? []) all.update('\n').update(besideText(connection, request, rows));
  return all.digest('base64');
}

/** The rows of another table that belong to the rows, in the order of their index. */
function besideText(connection: Connection, request: FingerprintRequest, rows: RowsBeside): Uint8Array | string {
  const [table, other] = [connection.table(request.table), connection.table(rows.table)];
  const key = `t.${quote(table.column(request.key).name)}`;
  const parameters: SQLInputValue[] = [JSON.stringify(request.keys)];
  const on = rows.on.map(
    ([own, theirs]) => `b.${quote(other.column(theirs).name)} = t.${quote(table.column(own).name)}`,
  );
  for (const [name, value] of Object.entries(rows.scope)) {
    const column = other.column(name);
    parameters.push(comparingEncoder(column)(value));
    on.push(`b.${quote(column.name)} = ?`);
  }
  const [[text] = [null]] = connection.rows<[Uint8Array | null]>(
    `SELECT CAST(group_concat(json_array(${[key, ...writtenOut('b', other, rows.columns)].join(', ')}), '') AS BLOB) FROM json_each(?) r
     CROSS JOIN ${quote(table.name)} t ON ${key} BETWEEN r.value ->> 0 AND r.value ->> 1
     CROSS JOIN ${quote(other.name)} b ON ${on.join(' AND ')}`,
    parameters,
  );
  return text ?? '';
}

/** Columns as JSON can hold them. */
function writtenOut(alias: string, table: KnownTable, names: readonly string[]): string[] {
  return names.map((name) => {
    const column = table.column(name);
    const plain = `${alias}.${quote(column.name)}`;
    return /binary|image/.test(column.type) ? `hex(${plain})` : plain;
  });
}
