import type { Clock } from '../../environment.ts';
import type { DatabaseSession, LockHolder, Row, Transaction } from '../database.ts';
import type { FingerprintRequest } from '../fingerprint.ts';
import type { Query } from '../query.ts';
import type { Connection } from './connection.ts';
import { fingerprint } from './fingerprint.ts';
import { ProcessLock } from './process-lock.ts';
import { runQuery } from './render-query.ts';
import { isBusy, translated } from './sqlite-errors.ts';
import { EmbeddedTransaction } from './transaction.ts';
import type { TurnTaking } from '../turn-taking.ts';

const attempts = 200;
const longestPause = 200;
/** Milliseconds of waiting after which it is told. */
const tellAfter = 5000;

/** What a session is made from. */
export interface SessionParts {
  readonly connection: Connection;
  readonly path: string;
  readonly clock: Clock;
  readonly holder: string;
  /** Ends waits for other writers. */
  readonly signal?: AbortSignal | undefined;
  /** Shared by all sessions of one database object: SQLite has one writer at a time. */
  readonly writers: TurnTaking;
  closed(session: EmbeddedSession): void;
  /** Told what an administrator should know. */
  warn(message: string): void;
}

/** One connection of its own to the embedded database. */
export class EmbeddedSession implements DatabaseSession {
  readonly #parts: SessionParts;
  readonly #locks = new Map<string, ProcessLock>();

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  async lock(
    name: string,
  ): Promise<{ readonly acquired: true } | { readonly acquired: false; readonly by: LockHolder }> {
    const lowered = name.toLowerCase();
    if (this.#locks.has(lowered)) return { acquired: true };
    const { path, holder, clock } = this.#parts;
    const file = lowered.replaceAll(/[^a-z0-9-]/g, (character) => `_${character.codePointAt(0)?.toString(16)}`);
    const lock = `${path}-lock-${file}`;
    return this.#translating(() => {
      const taken = ProcessLock.take(lock, holder, clock.now(), () =>
        this.#parts.warn(`The lock file ${lock} was damaged, and was made anew.`),
      );
      if (!(taken instanceof ProcessLock)) return { acquired: false, by: taken };
      this.#locks.set(lowered, taken);
      return { acquired: true };
    }, lock);
  }

  async unlock(name: string): Promise<void> {
    this.#locks.get(name.toLowerCase())?.release();
    this.#locks.delete(name.toLowerCase());
  }

  async read(query: Query, signal?: AbortSignal): Promise<Row[]> {
    signal?.throwIfAborted();
    return this.#translating(() => runQuery(this.#parts.connection, query));
  }

  async fingerprint(request: FingerprintRequest): Promise<string> {
    return this.#translating(() => fingerprint(this.#parts.connection, request));
  }

  async transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const { writers, path, clock, signal, holder, warn } = this.#parts;
    return writers.run(async () => {
      const begun = clock.now().getTime();
      let told = false;
      for (let attempt = 1; ; attempt++) {
        try {
          return await this.#once(work);
        } catch (error) {
          const waited = clock.now().getTime() - begun;
          if (!isBusy(error) || attempt >= attempts) throw translated(error, path, Math.round(waited / 1000));
          if (!told && waited >= tellAfter) {
            told = true;
            warn(`${holder} has waited ${Math.round(waited / 1000)} s for another program that is writing ${path}.`);
          }
          await clock.sleep(Math.min(attempt * 5, longestPause), signal);
        }
      }
    });
  }

  async #once<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const { database } = this.#parts.connection;
    database.exec('BEGIN IMMEDIATE');
    try {
      const result = await work(new EmbeddedTransaction(this.#parts.connection));
      database.exec('COMMIT');
      return result;
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const lock of this.#locks.values()) lock.release();
    this.#locks.clear();
    this.#parts.connection.close();
    this.#parts.closed(this);
  }

  #translating<T>(work: () => T, path = this.#parts.path): T {
    try {
      return work();
    } catch (error) {
      throw translated(error, path);
    }
  }
}
