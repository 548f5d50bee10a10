import type { ActualTable, DatabaseSession, Row, Transaction } from '../../database/database.ts';
import type { FingerprintRequest } from '../../database/fingerprint.ts';
import type { Condition, Query } from '../../database/query.ts';
import type { PutOutcome, PutRequest } from '../../database/put.ts';
import type { UpsertOutcome, UpsertRequest } from '../../database/upsert.ts';
import { actualQuery, tablesAsked } from './actual-query.ts';
import type { MissingColumns } from './missing-columns.ts';

type FindTable = (name: string) => Promise<ActualTable | undefined>;

/** A reader that leaves out what this Halo has not, as {@link actualQuery} says, and says so once. */
export function actualReader(
  reader: Pick<DatabaseSession, 'read'>,
  find: FindTable,
  missing: MissingColumns,
): Pick<DatabaseSession, 'read'> {
  return {
    async read(query: Query, signal?: AbortSignal): Promise<Row[]> {
      const tables = new Map<string, ActualTable | undefined>();
      for (const name of tablesAsked(query)) tables.set(name, await find(name));
      const asked = actualQuery(query, tables, (table, column) => missing.tell(table, column, 'it counts as empty'));
      return asked ? reader.read(asked, signal) : [];
    },
  };
}

/**
 * A session on a Halo that may lack columns: what is missing is left out of what is read and written, and said once. What is to be
 * updated is named by columns that are there.
 */
export function actualSession(session: DatabaseSession, find: FindTable, missing: MissingColumns): DatabaseSession {
  return {
    lock: (name) => session.lock(name),
    unlock: (name) => session.unlock(name),
    ...actualReader(session, find, missing),
    fingerprint: (request) => session.fingerprint(request),
    transaction: (work) =>
      session.transaction((transaction) => work(new ActualTransaction(transaction, find, missing))),
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}

class ActualTransaction implements Transaction {
  readonly #transaction: Transaction;
  readonly #find: FindTable;
  readonly #missing: MissingColumns;
  readonly read: Transaction['read'];
  readonly alone: boolean;

  constructor(transaction: Transaction, find: FindTable, missing: MissingColumns) {
    this.#transaction = transaction;
    this.#find = find;
    this.#missing = missing;
    this.alone = transaction.alone;
    this.read = actualReader(transaction, find, missing).read;
  }

  fingerprint(request: FingerprintRequest): Promise<string> {
    return this.#transaction.fingerprint(request);
  }

  async upsert(request: UpsertRequest): Promise<UpsertOutcome> {
    const columns = await this.#present(request.table, request.columns);
    if (columns.length > 0) return this.#transaction.upsert({ ...request, columns });
    return { rows: request.rows.map(({ key = 0 }) => ({ outcome: 'unchanged', key })) };
  }

  async put(request: PutRequest): Promise<PutOutcome> {
    const { known, table } = request;
    const columns = await this.#present(table, request.columns);
    const places = [...known.keys(), ...columns.map((name) => known.length + request.columns.indexOf(name))];
    const rows = request.rows.map((row) => places.map((at) => row[at] ?? null));
    const [stamps, onInsert] = [request.stamps ?? {}, request.onInsert ?? {}];
    return this.#transaction.put({
      ...request,
      columns,
      rows,
      stamps: only(stamps, await this.#present(table, Object.keys(stamps))),
      onInsert: only(onInsert, await this.#present(table, Object.keys(onInsert))),
    });
  }

  async insert(
    table: string,
    rows: readonly Row[],
    allocate?: Parameters<Transaction['insert']>[2],
  ): Promise<number[]> {
    const columns = await this.#present(table, [...new Set(rows.flatMap((row) => Object.keys(row)))]);
    return this.#transaction.insert(
      table,
      rows.map((row) => only(row, columns)),
      allocate,
    );
  }

  async update(table: string, set: Row, where: Condition): Promise<number> {
    const row = only(set, await this.#present(table, Object.keys(set)));
    return Object.keys(row).length === 0 ? 0 : this.#transaction.update(table, row, where);
  }

  stamp(...given: Parameters<Transaction['stamp']>): Promise<void> {
    return this.#transaction.stamp(...given);
  }

  async increment(table: string, columns: readonly string[]): Promise<number> {
    return this.#transaction.increment(table, await this.#present(table, columns));
  }

  async #present(table: string, columns: readonly string[]): Promise<string[]> {
    const actual = await this.#find(table);
    return actual ? this.#missing.toWrite(actual, columns) : [...columns];
  }
}

function only(row: Row, columns: readonly string[]): Row {
  const kept = new Set(columns);
  return Object.fromEntries(Object.entries(row).filter(([column]) => kept.has(column)));
}
