import type sql from 'mssql';
import type { Clock } from '../../environment.ts';
import { AllocationConflictError, DatabaseBusyError } from '../../errors/database-errors.ts';
import type { ActualTable, DatabaseSession, LockHolder, Row, Transaction } from '../database.ts';
import type { Query } from '../query.ts';
import type { Driver } from './driver.ts';
import { fillStage } from './stage.ts';
import { fillersOf, insertAllocated, SqlServerTransaction, type TransactionTools } from './sql-server-transaction.ts';
import { lockHolder, programSessions } from './sql-text/facts.ts';
import { acquireLock, releaseLock } from './sql-text/locks.ts';
import { select, type Statement } from './sql-text/select.ts';
import { dropStages } from './sql-text/stage.ts';
import { requestOn, run, type Channel } from './statement-runner.ts';
import { statementError } from './statement-errors.ts';
import { isConnectionLost, isTransient } from './transient-errors.ts';

/** The web app wins every deadlock, and we wait 30 seconds for a lock. The table marks the connection as this session's. */
export const sessionSettings =
  'SET XACT_ABORT ON; SET DEADLOCK_PRIORITY LOW; SET LOCK_TIMEOUT 30000; CREATE TABLE #halo_session ([n] int)';
/** Answers null on a connection that is not this session's any more. */
const marker: Statement = { sql: `SELECT OBJECT_ID(N'tempdb..#halo_session') AS [marker]`, values: [] };
const attempts = 6;
const firstWait = 250;

/** What a session is made from. */
export interface SessionParts {
  readonly driver: Driver;
  readonly clock: Clock;
  connect(): Promise<sql.ConnectionPool>;
  table(name: string): Promise<ActualTable>;
}

/** One connection of its own; a lost one is replaced, and its locks are taken again before work goes on. */
export class SqlServerSession implements DatabaseSession {
  readonly #parts: SessionParts;
  readonly #locks = new Set<string>();
  #pool: sql.ConnectionPool;
  #stages = 0;

  private constructor(parts: SessionParts, pool: sql.ConnectionPool) {
    this.#parts = parts;
    this.#pool = pool;
  }

  /** Opens a session on a new connection. */
  static async open(parts: SessionParts): Promise<SqlServerSession> {
    const session = new SqlServerSession(parts, await parts.connect());
    await requestOn(parts.driver, session.#pool).batch(sessionSettings);
    return session;
  }

  async lock(name: string): ReturnType<DatabaseSession['lock']> {
    const lowered = name.toLowerCase();
    const [row] = await this.#run(this.#pool, acquireLock(lowered));
    if (Number(row?.['result']) < 0) return { acquired: false, by: await this.#holder(lowered) };
    this.#locks.add(lowered);
    return { acquired: true };
  }

  async unlock(name: string): Promise<void> {
    if (this.#locks.delete(name.toLowerCase())) await this.#run(this.#pool, releaseLock(name.toLowerCase()));
  }

  read(query: Query, signal?: AbortSignal): Promise<Row[]> {
    return this.#run(this.#pool, select(query), signal);
  }

  async transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const { driver, clock } = this.#parts;
    for (let attempt = 1; ; attempt++) {
      const transaction = new driver.Transaction(this.#pool);
      // Without a listener the driver's own 'rollback' event of an aborted transaction would have nobody to tell.
      transaction.on('rollback', () => undefined);
      try {
        await this.#sameConnection();
        await transaction.begin();
        const result = await work(new SqlServerTransaction(this.#tools(transaction)));
        await transaction.commit();
        return result;
      } catch (error) {
        // The server may have rolled back already (XACT_ABORT); the first error is the one to tell.
        await transaction.rollback().catch(() => undefined);
        const again =
          isTransient(error) || isTransient((error as Error).cause) || error instanceof AllocationConflictError;
        if (!again) throw statementError(error);
        if (attempt === attempts) {
          if (error instanceof AllocationConflictError) throw error;
          throw new DatabaseBusyError('a transaction failed again and again', error);
        }
        await clock.sleep(Math.random() * firstWait * 2 ** attempt);
        if (isConnectionLost(error)) await this.#reconnect();
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool.close();
  }

  #tools(transaction: sql.Transaction): TransactionTools {
    const { driver, table } = this.#parts;
    const execute = (statement: Statement): Promise<Row[]> => run(driver, transaction, statement);
    return {
      run: execute,
      insert: (statement, name, key) => insertAllocated(execute, statement, name, key),
      table,
      nameStage: () => `#halo_stage_${++this.#stages}`,
      stage: (name, columns, rows) => fillStage(driver, transaction, name, columns, rows),
      drop: async (stages) => void (await requestOn(driver, transaction).batch(dropStages(stages))),
      fillers: fillersOf,
    };
  }

  async #run(channel: Channel, statement: Statement, signal?: AbortSignal): Promise<Row[]> {
    try {
      return await run(this.#parts.driver, channel, statement, signal);
    } catch (error) {
      throw statementError(error);
    }
  }

  /** The pool replaces a dead connection by itself; locks and settings went with it, so a new one is set up first. */
  async #sameConnection(): Promise<void> {
    const [row] = await run(this.#parts.driver, this.#pool, marker);
    if (row?.['marker'] === null || row?.['marker'] === undefined) await this.#reconnect();
  }

  async #reconnect(): Promise<void> {
    await this.#pool.close().catch(() => undefined);
    this.#pool = await this.#parts.connect();
    await requestOn(this.#parts.driver, this.#pool).batch(sessionSettings);
    for (const name of [...this.#locks]) {
      if (!(await this.lock(name)).acquired)
        throw new DatabaseBusyError(`the connection was lost, and its lock ${name} was taken by somebody else`);
    }
  }

  /** Who holds the lock, as far as the login may see. */
  async #holder(name: string): Promise<LockHolder> {
    for (const statement of [lockHolder(name), programSessions]) {
      try {
        const [row] = await run(this.#parts.driver, this.#pool, statement);
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
