import type sql from 'mssql';
import { DatabaseBusyError } from '../../errors/database-errors.ts';
import type { ActualTable, DatabaseSession, LockHolder, Row, Transaction } from '../database.ts';
import type { FingerprintRequest } from '../fingerprint.ts';
import type { Query } from '../query.ts';
import type { OpenPool } from './connect.ts';
import type { Driver } from './driver.ts';
import { fingerprint } from './fingerprint.ts';
import { repeating, type RepeatingParts } from './repeating.ts';
import { readRows, type ReadingTools } from './read-rows.ts';
import { FinalFailure } from './retry.ts';
import { LinkIndexes } from './link-index.ts';
import { fillStage } from './stage.ts';
import { fillersOf, insertAllocated, SqlServerTransaction } from './sql-server-transaction.ts';
import type { TransactionTools } from './transaction-tools.ts';
import { holderOfTables } from './lock-holders.ts';
import { lockHolder, sessionsOfSamePurpose } from './sql-text/facts.ts';
import { acquireLock, isLockGiven, releaseLock } from './sql-text/locks.ts';
import type { Statement } from './sql-text/select.ts';
import { dropStages } from './sql-text/stage.ts';
import { TurnTaking } from '../turn-taking.ts';
import { requestOn, run, type Channel } from './statement-runner.ts';

/**
 * The web app wins every deadlock, and every wait: its statements end after 30 seconds, so we give up a lock, and with it those
 * already held, long before. Repeating makes it a minute in all.
 */
export const readSettings = 'SET DEADLOCK_PRIORITY LOW; SET LOCK_TIMEOUT 5000';
/** The same where things are written: a failed statement ends the transaction. */
export const sessionSettings = `SET XACT_ABORT ON; ${readSettings}`;

/** Milliseconds to wait for a lock that may be anybody's. Servers that only speak the protocol answer no wait at all as a wrong call. */
const shortWait = 500;

/** Milliseconds to wait for a lock of a lost connection before it is told. */
const silentWait = 3000;

/** What a session is made from. */
export interface SessionParts extends Omit<RepeatingParts, 'holderOf'> {
  readonly driver: Driver;
  /** Whether large sets go by bulk load. */
  readonly bulk: boolean;
  connect(): Promise<OpenPool>;
  /** Milliseconds to wait for a lock that goes over from a lost connection. */
  readonly lockWait: number;
  table(name: string): Promise<ActualTable>;
}

/** The connection was replaced by another, which has neither the session's settings nor its locks. */
class OtherConnectionError extends Error {
  readonly code = 'ECONNCLOSED';
}

/** One connection of its own; a lost one is replaced, and its locks are taken again before work goes on. */
export class SqlServerSession implements DatabaseSession {
  readonly #parts: SessionParts;
  readonly #locks = new Set<string>();
  readonly #links: LinkIndexes;
  readonly #turns = new TurnTaking();
  /** Undefined while the connection is lost and not yet replaced. */
  #open: (OpenPool & { readonly setUp: number }) | undefined;
  #stages = 0;

  private constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#links = new LinkIndexes(parts.clock);
  }

  /** Opens a session on a new connection. */
  static async open(parts: SessionParts): Promise<SqlServerSession> {
    const session = new SqlServerSession(parts);
    await session.#repeating('opening a session', () => session.#connection());
    return session;
  }

  async lock(name: string): ReturnType<DatabaseSession['lock']> {
    const lowered = name.toLowerCase();
    return this.#repeating(`asking for the lock ${name}`, async () => {
      const pool = await this.#connection();
      if (!(await this.#acquire(pool, lowered, shortWait)))
        return { acquired: false, by: await this.#holder(pool, lowered) };
      this.#locks.add(lowered);
      return { acquired: true };
    });
  }

  async unlock(name: string): Promise<void> {
    const lowered = name.toLowerCase();
    if (!this.#locks.delete(lowered) || !this.#open) return;
    try {
      await run(this.#parts.driver, this.#open.pool, releaseLock(lowered));
    } catch {
      // A lock goes with its connection: closing that gives it back as well, and the others are taken again.
      await this.#drop();
    }
  }

  read(query: Query, signal = this.#parts.signal): Promise<Row[]> {
    const read = (): Promise<Row[]> =>
      this.#repeating('a read', () => this.#onConnection((pool) => readRows(query, this.#reading(pool, signal))));
    // Two at once would make the same session table.
    return query.links ? this.#turns.run(read) : read();
  }

  fingerprint(request: FingerprintRequest): Promise<string> {
    return this.#turns.run(() =>
      this.#repeating('a read', () => this.#onConnection((pool) => fingerprint(request, this.#reading(pool)))),
    );
  }

  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return this.#turns.run(() => this.#transaction(work));
  }

  #transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return this.#repeating('a transaction', async () => {
      const transaction = new this.#parts.driver.Transaction(await this.#connection());
      // Without a listener the driver's own 'rollback' event of an aborted transaction would have nobody to tell.
      transaction.on('rollback', () => undefined);
      try {
        await transaction.begin();
        // The same names again: a server keeps the plans of statements it has seen.
        this.#stages = 0;
        this.#links.begin();
        if (this.#isReplaced()) throw new OtherConnectionError('the connection was lost');
        const result = await work(new SqlServerTransaction(this.#tools(transaction)));
        await transaction.commit();
        return result;
      } catch (error) {
        this.#links.takenBack();
        // The server may have rolled back already (XACT_ABORT); the first error is the one to tell.
        await transaction.rollback().catch(() => undefined);
        throw error;
      }
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // The server may take a moment to see that a connection is closed; whoever asks next should find the locks free.
    for (const name of [...this.#locks]) await this.unlock(name);
    await this.#drop();
  }

  /** Repeats the work whole while its failures pass, and throws the error of the last one's cause. */
  #repeating<T>(what: string, work: () => Promise<T>): Promise<T> {
    const { driver } = this.#parts;
    const holderOf: RepeatingParts['holderOf'] = async (tables) =>
      this.#open && !this.#isReplaced() ? holderOfTables(driver, this.#open.pool, tables) : undefined;
    return repeating({ ...this.#parts, holderOf }, what, work);
  }

  /** The session's connection; a new one is set up and takes the session's locks first. */
  async #connection(): Promise<sql.ConnectionPool> {
    if (this.#isReplaced()) await this.#drop();
    if (this.#open) return this.#open.pool;
    const { driver, connect } = this.#parts;
    const { pool, connections } = await connect();
    try {
      await requestOn(driver, pool).batch(sessionSettings);
      for (const name of this.#locks) await this.#acquireAgain(pool, name);
    } catch (error) {
      await pool.close().catch(() => undefined);
      throw error;
    }
    this.#open = { pool, connections, setUp: connections() };
    return pool;
  }

  /** Reads on the session's connection; where that was replaced meanwhile, what failed may have asked for a session table that went with it. */
  async #onConnection<T>(read: (pool: sql.ConnectionPool) => Promise<T>): Promise<T> {
    const pool = await this.#connection();
    try {
      return await read(pool);
    } catch (error) {
      throw this.#isReplaced() ? new OtherConnectionError('the connection was lost') : error;
    }
  }

  /** The driver replaces a dead connection by itself; settings and locks went with it, so this session makes a new one. */
  #isReplaced(): boolean {
    return this.#open !== undefined && this.#open.connections() !== this.#open.setUp;
  }

  async #drop(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    this.#links.forget();
    await open?.pool.close().catch(() => undefined);
  }

  async #acquire(pool: sql.ConnectionPool, name: string, wait: number): Promise<boolean> {
    const { driver, signal } = this.#parts;
    const [row] = await run(driver, pool, acquireLock(name, wait), signal);
    return isLockGiven(row?.['result']);
  }

  /** Takes a lock that went with a lost connection; the server may not have seen yet that this is gone. */
  async #acquireAgain(pool: sql.ConnectionPool, name: string): Promise<void> {
    const { lockWait, purpose, notices } = this.#parts;
    const first = Math.min(silentWait, lockWait);
    if (await this.#acquire(pool, name, first)) return;
    const { holder } = await this.#holder(pool, name);
    const left = lockWait - first;
    if (left > 0) {
      notices?.warn(
        `${purpose} waits up to ${Math.round(left / 1000)} s for its lock ${name}, since its connection was lost: ${holder} has it.`,
      );
      if (await this.#acquire(pool, name, left)) return;
    }
    throw new FinalFailure(
      new DatabaseBusyError(`the connection was lost, and its lock ${name} was taken by ${holder}`),
    );
  }

  #tools(transaction: sql.Transaction): TransactionTools {
    const { driver, bulk, signal } = this.#parts;
    const reading = this.#reading(transaction);
    const batch = async (text: string): Promise<void> => void (await requestOn(driver, transaction).batch(text));
    return {
      ...reading,
      insert: (statement, name, key) => insertAllocated(reading.run, statement, name, key),
      nameStage: () => `#halo_stage_${++this.#stages}`,
      stage: (name, columns, rows) => fillStage({ driver, channel: transaction, bulk, signal }, name, columns, rows),
      drop: (stages) => batch(dropStages(stages)),
      touched: (name) => this.#links.touched(name),
      fillers: fillersOf,
    };
  }

  #reading(channel: Channel, signal = this.#parts.signal): ReadingTools {
    const { driver, table } = this.#parts;
    const execute = (statement: Statement): Promise<Row[]> => run(driver, channel, statement, signal);
    const batch = async (text: string): Promise<void> => void (await requestOn(driver, channel).batch(text));
    return { run: execute, table, linkIndex: (...asked) => this.#links.prepare({ run: execute, batch }, ...asked) };
  }

  /** Who holds the lock, as far as the login may see. */
  async #holder(pool: sql.ConnectionPool, name: string): Promise<LockHolder> {
    for (const statement of [lockHolder(name), sessionsOfSamePurpose]) {
      try {
        const [row] = await run(this.#parts.driver, pool, statement);
        if (row)
          return {
            holder: `${String(row['host'] ?? 'a host')} (${String(row['program'])}, process ${String(row['process'])})`,
            ...(row['since'] instanceof Date && { since: row['since'] }),
          };
      } catch {
        // Without VIEW SERVER STATE the server does not tell; the next statement asks for less.
      }
    }
    return { holder: 'another session (grant VIEW SERVER STATE to see which)' };
  }
}
