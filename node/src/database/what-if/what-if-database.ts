import type { ActualTable, Database, DatabaseSession, Row, Transaction } from '../database.ts';
import { comparedColumn } from '../embedded/connection.ts';
import { renderCondition, runQuery } from '../embedded/render-query.ts';
import { translated } from '../embedded/sqlite-errors.ts';
import { quote } from '../embedded/table-definitions.ts';
import { EmbeddedTransaction } from '../embedded/transaction.ts';
import { TurnTaking } from '../turn-taking.ts';
import type { FingerprintRequest } from '../fingerprint.ts';
import type { PutOutcome, PutRequest } from '../put.ts';
import type { Condition, Query } from '../query.ts';
import type { UpsertOutcome, UpsertRequest } from '../upsert.ts';
import { TableCopies } from './table-copies.ts';

/** Where the copies are, in errors. */
const place = 'the temporary copy of Halo’s tables';

/** How a what-if is made. */
export interface WhatIfOptions {
  /** Tables that are only ever added to, which nobody reads again: what is written there is dropped. */
  readonly dropped: ReadonlySet<string>;
}

/**
 * A database that shows what would be: a table is copied before the first write to it, and from then on read and written there. The
 * database itself is only read, without a transaction, so that it holds no lock longer than a page of rows takes.
 *
 * A transaction there that is taken back at the end would do the same, and would lock what it touches for as long as the vendor takes to
 * answer: Halo's web app must never wait for that.
 */
export class WhatIfDatabase implements Database {
  readonly kind: Database['kind'];
  readonly #real: Database;
  readonly #dropped: ReadonlySet<string>;
  readonly #copies: TableCopies;
  readonly #turns = new TurnTaking();

  constructor(real: Database, { dropped }: WhatIfOptions) {
    this.kind = real.kind;
    this.#real = real;
    this.#dropped = dropped;
    this.#copies = new TableCopies({
      describe: (tables) => real.describe(tables),
      read: (query, signal) => real.read(query, signal),
    });
  }

  connect(signal?: AbortSignal): Promise<string> {
    return this.#real.connect(signal);
  }

  describe(tables: readonly string[]): Promise<ReadonlyMap<string, ActualTable>> {
    return this.#real.describe(tables);
  }

  missingRights(needs: Parameters<Database['missingRights']>[0]): Promise<readonly string[]> {
    return this.#real.missingRights(needs);
  }

  problems(): Promise<readonly string[]> {
    return this.#real.problems();
  }

  read(query: Query, signal?: AbortSignal): Promise<Row[]> {
    return readFrom(this.#copies, this.#real, query, signal);
  }

  async count(table: string, where?: Condition, different?: string): Promise<number> {
    if (!this.#copies.hasAny([table])) return this.#real.count(table, where, different);
    const { connection } = this.#copies;
    const known = connection.table(table);
    const parameters: Parameters<typeof renderCondition>[2] = [];
    const condition = where ? renderCondition([{ alias: known.name, table: known }], where, parameters) : '1';
    const counted = different === undefined ? '*' : `DISTINCT ${comparedColumn(known, different)}`;
    const sql = `SELECT count(${counted}) FROM ${quote(known.name)} WHERE ${condition}`;
    return connection.rows<[number]>(sql, parameters)[0]?.[0] ?? 0;
  }

  async session(purpose: string, signal?: AbortSignal): Promise<DatabaseSession> {
    const real = await this.#real.session(purpose, signal);
    return new WhatIfSession(real, this.#copies, this.#dropped, this.#turns);
  }

  /** Gives the copies back; the database itself stays open. */
  async close(): Promise<void> {
    this.#copies.close();
  }
}

/** Reads the copies where one of the tables is one of them, else the database. */
async function readFrom(
  copies: TableCopies,
  real: Pick<DatabaseSession, 'read'>,
  query: Query,
  signal?: AbortSignal,
): Promise<Row[]> {
  const tables = [query.from, ...(query.joins ?? []).map(({ table }) => table)];
  if (!copies.hasAny(tables)) return real.read(query, signal);
  await copies.ensure(tables);
  return runQuery(copies.connection, query);
}

/** A session of which only locks and reads are the database's own. */
class WhatIfSession implements DatabaseSession {
  readonly #real: DatabaseSession;
  readonly #copies: TableCopies;
  readonly #dropped: ReadonlySet<string>;
  readonly #turns: TurnTaking;

  constructor(real: DatabaseSession, copies: TableCopies, dropped: ReadonlySet<string>, turns: TurnTaking) {
    this.#real = real;
    this.#copies = copies;
    this.#dropped = dropped;
    this.#turns = turns;
  }

  lock(name: string): ReturnType<DatabaseSession['lock']> {
    return this.#real.lock(name);
  }

  unlock(name: string): Promise<void> {
    return this.#real.unlock(name);
  }

  read(query: Query, signal?: AbortSignal): Promise<Row[]> {
    return readFrom(this.#copies, this.#real, query, signal);
  }

  /** That of rows that may be otherwise by now is none that anybody knows. */
  async fingerprint(request: FingerprintRequest): Promise<string> {
    const tables = [request.table, request.link?.table, ...(request.beside ?? []).map(({ table }) => table)];
    const changed = this.#copies.hasChanged(tables.filter((table) => table !== undefined));
    return changed ? 'changed' : this.#real.fingerprint(request);
  }

  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return this.#turns.run(async () => {
      const { database } = this.#copies.connection;
      this.#copies.begin();
      database.exec('BEGIN');
      try {
        const result = await work(new WhatIfTransaction(this.#copies, this.#real, this.#dropped));
        database.exec('COMMIT');
        return result;
      } catch (error) {
        if (database.isTransaction) database.exec('ROLLBACK');
        this.#copies.forgetFresh();
        throw translated(error, place);
      }
    });
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#real[Symbol.asyncDispose]();
  }
}

/** Writes to the copies, which are made when they are first needed. */
class WhatIfTransaction implements Transaction {
  readonly alone = true;
  readonly #copies: TableCopies;
  readonly #real: DatabaseSession;
  readonly #dropped: ReadonlySet<string>;
  readonly #there: EmbeddedTransaction;

  constructor(copies: TableCopies, real: DatabaseSession, dropped: ReadonlySet<string>) {
    this.#copies = copies;
    this.#real = real;
    this.#dropped = dropped;
    this.#there = new EmbeddedTransaction(copies.connection);
  }

  read(query: Query): Promise<Row[]> {
    return readFrom(this.#copies, this.#real, query);
  }

  async fingerprint(): Promise<string> {
    return 'changed';
  }

  async upsert(request: UpsertRequest): Promise<UpsertOutcome> {
    await this.#copies.ensure([request.table, ...(request.link ? [request.link.table] : [])]);
    const outcome = await this.#there.upsert(request);
    if (request.whatIf) return outcome;
    const { rows, links } = outcome;
    if (rows.some((row) => row.outcome === 'created' || row.outcome === 'updated')) this.#copies.changed(request.table);
    // A row that is as it was may have got a link, which is told where old values are.
    if (request.link && (!links || links.length > 0)) this.#copies.changed(request.link.table);
    return outcome;
  }

  async put(request: PutRequest): Promise<PutOutcome> {
    await this.#copies.ensure([request.table]);
    const outcome = await this.#there.put(request);
    if (!request.whatIf && outcome.created.length + outcome.updated.length > 0) this.#copies.changed(request.table);
    return outcome;
  }

  async insert(
    table: string,
    rows: readonly Row[],
    allocate?: { readonly column: string; readonly within?: readonly string[] },
  ): Promise<number[]> {
    if (this.#dropped.has(table.toLowerCase())) return rows.map(() => 0);
    await this.#copies.ensure([table]);
    this.#copies.changed(table);
    return this.#there.insert(table, rows, allocate);
  }

  async update(table: string, set: Row, where: Condition): Promise<number> {
    await this.#copies.ensure([table]);
    const count = await this.#there.update(table, set, where);
    if (count > 0) this.#copies.changed(table);
    return count;
  }

  async stamp(...given: Parameters<Transaction['stamp']>): Promise<void> {
    await this.#copies.ensure([given[0]]);
    return this.#there.stamp(...given);
  }

  async increment(table: string, columns: readonly string[]): Promise<number> {
    await this.#copies.ensure([table]);
    return this.#there.increment(table, columns);
  }
}
