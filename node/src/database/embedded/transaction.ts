import type { SQLInputValue, StatementSync } from 'node:sqlite';
import { DatabaseConstraintError } from '../../errors/database-errors.ts';
import type { ActualColumn, Row, Transaction } from '../database.ts';
import type { FingerprintRequest } from '../fingerprint.ts';
import type { Condition, Query } from '../query.ts';
import type { PutOutcome, PutRequest } from '../put.ts';
import type { UpsertOutcome, UpsertRequest } from '../upsert.ts';
import { writingEncoder, type Encode } from './column-values.ts';
import type { Connection, KnownTable } from './connection.ts';
import { fingerprint } from './fingerprint.ts';
import { nextNumber } from './number-allocation.ts';
import { put } from './put.ts';
import { renderCondition, runQuery } from './render-query.ts';
import { quote } from './table-definitions.ts';
import { upsert } from './upsert.ts';

/** Writing on one connection, inside the transaction its session has begun. */
export class EmbeddedTransaction implements Transaction {
  readonly alone = true;
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async read(query: Query): Promise<Row[]> {
    return runQuery(this.#connection, query);
  }

  async fingerprint(request: FingerprintRequest): Promise<string> {
    return fingerprint(this.#connection, request);
  }

  async upsert(request: UpsertRequest): Promise<UpsertOutcome> {
    return upsert(this.#connection, request);
  }

  async put(request: PutRequest): Promise<PutOutcome> {
    return put(this.#connection, request);
  }

  async insert(
    tableName: string,
    rows: readonly Row[],
    allocate?: { readonly column: string; readonly within?: readonly string[] },
  ): Promise<number[]> {
    const table = this.#connection.table(tableName);
    const allocated = allocate && table.column(allocate.column);
    const answersKey = allocated !== undefined || [...table.columns.values()].some((column) => column.identity);
    const next = new Map<string, number>();
    const keys: number[] = [];
    let insertion: Insertion | undefined;
    // One array for all rows.
    const values: SQLInputValue[] = [];
    for (const row of rows) {
      if (!insertion || !hasNames(row, insertion.names))
        insertion = insertionOf(this.#connection, table, Object.keys(row), allocated);
      const { names, encoders, statement } = insertion;
      for (let at = 0; at < names.length; at++) values[at] = (encoders[at] as Encode)(row[names[at] as string]);
      values.length = names.length;
      let key: number | undefined;
      if (allocate && allocated) {
        const group = JSON.stringify((allocate.within ?? []).map((name) => String(row[name])));
        key = next.get(group) ?? nextNumber(this.#connection, table, allocated.name, allocate.within, row);
        next.set(group, key + 1);
        values.push(key);
      }
      const { lastInsertRowid } = statement.run(...values);
      if (answersKey) keys.push(key ?? Number(lastInsertRowid));
    }
    return keys;
  }

  async update(tableName: string, set: Row, where: Condition): Promise<number> {
    const { table, sql, parameters } = this.#updateSql(tableName, set);
    const condition = renderCondition([{ alias: table.name, table }], where, parameters);
    return Number(this.#connection.prepare(`${sql} WHERE ${condition}`).run(...parameters).changes);
  }

  async stamp(
    tableName: string,
    set: Row,
    columns: readonly string[],
    keys: readonly (readonly (number | string)[])[],
  ): Promise<void> {
    const { table, sql, parameters } = this.#updateSql(tableName, set);
    const names = columns.map((name) => quote(table.column(name).name)).join(', ');
    const read = columns.map((_, at) => `value ->> ${at}`).join(', ');
    parameters.push(JSON.stringify(keys));
    this.#connection.prepare(`${sql} WHERE (${names}) IN (SELECT ${read} FROM json_each(?))`).run(...parameters);
  }

  async increment(tableName: string, columns: readonly string[]): Promise<number> {
    const table = this.#connection.table(tableName);
    const names = columns.map((name) => quote(table.column(name).name));
    const [answer] = this.#connection.rows<[number]>(
      `UPDATE ${quote(table.name)} SET ${names.map((name) => `${name} = coalesce(${name}, 0) + 1`).join(', ')} RETURNING ${names[0] ?? '0'}`,
    );
    if (!answer) throw new DatabaseConstraintError(`${table.name} has no row to count in`);
    return answer[0];
  }

  #updateSql(tableName: string, set: Row) {
    const table = this.#connection.table(tableName);
    const columns = Object.entries(set).map(([name, value]) => ({ column: table.column(name), value }));
    return {
      table,
      sql: `UPDATE ${quote(table.name)} SET ${columns.map(({ column }) => `${quote(column.name)} = ?`).join(', ')}`,
      parameters: columns.map(({ column, value }) => writingEncoder(column)(value)),
    };
  }
}

/** How rows of the same columns, in the same order, are inserted. */
interface Insertion {
  readonly names: readonly string[];
  readonly encoders: readonly Encode[];
  readonly statement: StatementSync;
}

function hasNames(row: Row, names: readonly string[]): boolean {
  let at = 0;
  for (const name in row) if (names[at++] !== name) return false;
  return at === names.length;
}

/** @throws DatabaseConstraintError where a column is the database's own to fill, or one of the key is not given */
function insertionOf(
  connection: Connection,
  table: KnownTable,
  names: readonly string[],
  allocated: ActualColumn | undefined,
): Insertion {
  const given = names.map((name) => table.column(name));
  const own = given.find((column) => column.identity);
  if (own) throw new DatabaseConstraintError(`${table.name}.${own.name} is given by the database`);
  const columns = allocated ? [...given, allocated] : given;
  const missing = table.primaryKey.find(
    (name) => !table.column(name).identity && !columns.some((column) => column.name === name),
  );
  if (missing) throw new DatabaseConstraintError(`${table.name}.${missing} takes no null`);
  const into = columns.map(({ name }) => quote(name)).join(', ');
  const rest = columns.length === 0 ? 'DEFAULT VALUES' : `(${into}) VALUES (${columns.map(() => '?').join(', ')})`;
  return {
    names,
    encoders: given.map(writingEncoder),
    statement: connection.prepare(`INSERT INTO ${quote(table.name)} ${rest}`),
  };
}
