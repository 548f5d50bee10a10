import type { ActualTable, DatabaseSession, Row, Transaction } from '../../database/database.ts';
import type { FingerprintRequest } from '../../database/fingerprint.ts';
import type { Query } from '../../database/query.ts';
import type { ChangeCause, ChangeSink } from './changes.ts';
import { RecordingTransaction } from './recording-transaction.ts';

/** A session whose transactions tell what they change. */
export class RecordedSession implements DatabaseSession {
  /** Why the transactions to come are run. */
  cause: ChangeCause = 'record';
  readonly #session: DatabaseSession;
  readonly #changes: ChangeSink;
  readonly #tableOf: (name: string) => Promise<ActualTable | undefined>;

  constructor(
    session: DatabaseSession,
    changes: ChangeSink,
    tableOf: (name: string) => Promise<ActualTable | undefined>,
  ) {
    this.#session = session;
    this.#changes = changes;
    this.#tableOf = tableOf;
  }

  lock(name: string): ReturnType<DatabaseSession['lock']> {
    return this.#session.lock(name);
  }

  unlock(name: string): Promise<void> {
    return this.#session.unlock(name);
  }

  read(query: Query, signal?: AbortSignal): Promise<Row[]> {
    return this.#session.read(query, signal);
  }

  fingerprint(request: FingerprintRequest): Promise<string> {
    return this.#session.fingerprint(request);
  }

  async transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    let some = false;
    const result = await this.#session.transaction(async (transaction) => {
      const recording = new RecordingTransaction(
        transaction,
        this.cause,
        this.#tableOf,
        this.#changes.wantsMaking === true,
      );
      const result = await work(recording);
      some = recording.changes.some;
      if (some) await this.#changes.prepare(recording.changes);
      return result;
    });
    if (some) await this.#changes.committed();
    return result;
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#session[Symbol.asyncDispose]();
  }
}
