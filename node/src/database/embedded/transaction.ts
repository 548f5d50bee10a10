import type { SQLInputValue } from 'node:sqlite';
import { DatabaseConstraintError } from '../../errors/database-errors.ts';
import type { Row, Transaction } from '../database.ts';
import type { FingerprintRequest } from '../fingerprint.ts';
import type { Condition, Query } from '../query.ts';
import type { PutOutcome, PutRequest } from '../put.ts';
import type { UpsertOutcome, UpsertRequest } from '../upsert.ts';
import { writingEncoder } from './column-values.ts';
import type { Connection } from './connection.ts';
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
    for (const row of rows) {
      const columns = Object.keys(row).map((name) => table.column(name));
      const given = columns.find((column) => column.identity);
      if (given) throw new DatabaseConstraintError(`${table.name}.${given.name} is given by the database`);
      const values: SQLInputValue[] = Object.values(row).map((value, at) => {
        const column = columns[at];
        return column ? writingEncoder(column)(value) : null;
      });
      let key: number | undefined;
      if (allocate && allocated) {
        const group = JSON.stringify((allocate.within ?? []).map((name) => String(row[name])));
        key = next.get(group) ?? nextNumber(this.#connection, table, allocated.name, allocate.within, row);
        next.set(group, key + 1);
        columns.push(allocated);
        values.push(key);
      }
      const missing = table.primaryKey.find(
        (name) => !table.column(name).identity && !columns.some((column) => column.name === name),
      );
      if (missing) throw new DatabaseConstraintError(`${table.name}.${missing} takes no null`);
      const names = columns.map((column) => quote(column.name));
      const into =
        names.length === 0 ? 'DEFAULT VALUES' : `(${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
      const { lastInsertRowid } = this.#connection.prepare(`INSERT INTO ${quote(table.name)} ${into}`).run(...values);
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
