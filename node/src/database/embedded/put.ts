import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import type { ActualColumn, Row } from '../database.ts';
import type { PutOutcome, PutRequest } from '../put.ts';
import { comparingEncoder, decoderOf, writingEncoder } from './column-values.ts';
import { spelt } from './compared.ts';
import { comparedColumn, type Connection, type KnownTable } from './connection.ts';
import { quote } from './table-definitions.ts';
import { isSame } from './upsert-stage.ts';

/** Rows put between two pauses. */
const rowsAtOnce = 5000;

/**
 * Puts rows that are known by several columns. SQLite works in this thread, where a statement costs no round trip: each row is looked
 * for, and written where it is missing or differs, with a pause now and then for the vendor's answers to come in.
 */
export async function put(connection: Connection, request: PutRequest): Promise<PutOutcome> {
  const table = connection.table(request.table);
  const known = request.known.map((name) => table.column(name));
  const columns = request.columns.map((name) => table.column(name));
  const stamps = constantsOf(table, request.stamps ?? {});
  const onInsert = constantsOf(table, { ...request.onInsert, ...request.stamps });
  const [knownBy, written] = [known.map(comparingEncoder), [...known, ...columns].map(writingEncoder)];
  const decoders = columns.map(decoderOf);
  const where = known.map((column) => `${soughtBy(table, column)} = ?`).join(' AND ');
  const named = (names: readonly string[]): string => names.map(quote).join(', ');
  const all = [...known, ...columns].map(({ name }) => name);
  const find = connection.prepare(
    `SELECT ${named(columns.map(({ name }) => name)) || '1'} FROM ${quote(table.name)} WHERE ${where}`,
  );
  const insert = connection.prepare(
    `INSERT INTO ${quote(table.name)} (${named([...all, ...onInsert.names])}) VALUES (${[...all, ...onInsert.names].map(() => '?').join(', ')})`,
  );
  const changing = [...columns.map(({ name }) => name), ...stamps.names];
  const update =
    columns.length > 0 &&
    connection.prepare(
      `UPDATE ${quote(table.name)} SET ${changing.map((name) => `${quote(name)} = ?`).join(', ')} WHERE ${where}`,
    );
  const created: number[] = [];
  const updated: PutOutcome['updated'][number][] = [];
  for (const [place, row] of request.rows.entries()) {
    if (place > 0 && place % rowsAtOnce === 0) await setImmediate();
    const values = written.map((encode, at) => encode(row[at]));
    const keys = spelt(knownBy.map((encode, at) => encode(row[at])));
    const brought = values.slice(known.length);
    const [key = [], ...others] = keys;
    const there = find.all(...key) as unknown as SQLOutputValue[][];
    for (const other of others) there.push(...(find.all(...other) as unknown as SQLOutputValue[][]));
    if (there.length === 0) {
      if (!request.whatIf) insert.run(...values, ...onInsert.values);
      created.push(place);
      continue;
    }
    const other = there.find((stored) => brought.some((value, at) => !isSame(value, stored[at])));
    if (!other || !update) continue;
    if (!request.whatIf) for (const key of keys) update.run(...brought, ...stamps.values, ...key);
    updated.push({ place, before: decoders.map((decode, at) => decode(other[at])) });
  }
  return { created, updated };
}

/** A column as it is compared; one that holds a single character has no spaces at its end, and is found by the table's own index. */
function soughtBy(table: KnownTable, { name, length }: ActualColumn): string {
  return length === 1 ? quote(name) : comparedColumn(table, name);
}

function constantsOf(table: KnownTable, row: Row): { readonly names: string[]; readonly values: SQLInputValue[] } {
  const columns = Object.entries(row).map(([name, value]) => ({ column: table.column(name), value }));
  return {
    names: columns.map(({ column }) => column.name),
    values: columns.map(({ column, value }) => writingEncoder(column)(value)),
  };
}
