import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { RunStoreDamagedError, RunStoreError, RunStoreNewerError } from '../errors/run-errors.ts';
import { ownFolder } from '../own-files.ts';
import type { ErrorReport, ExitCode } from '../errors/integrator-error.ts';
import type { SyncEvent, SyncResult } from '../sync/sync.ts';
import type { NewRun } from './run-record.ts';

/** The layout's version; an older engine refuses a newer one. */
const version = 1;
const rejectionsKept = 5;
const usualPatience = 5000;

const layout = `
  CREATE TABLE IF NOT EXISTS run (
    id TEXT PRIMARY KEY, startedAt TEXT NOT NULL, endedAt TEXT, seenAt TEXT NOT NULL, auto INTEGER NOT NULL,
    whatIf INTEGER NOT NULL, processId INTEGER NOT NULL, host TEXT NOT NULL, settingsFingerprint TEXT NOT NULL,
    exitCode INTEGER, error TEXT, stopRequested INTEGER NOT NULL DEFAULT 0, undoes TEXT) STRICT;
  CREATE INDEX IF NOT EXISTS run_started ON run (startedAt);
  CREATE TABLE IF NOT EXISTS entity (
    run TEXT NOT NULL REFERENCES run ON DELETE CASCADE, position INTEGER NOT NULL, integration TEXT NOT NULL,
    connection TEXT NOT NULL, entity TEXT NOT NULL, status TEXT NOT NULL, "read" INTEGER NOT NULL,
    created INTEGER NOT NULL, updated INTEGER NOT NULL, unchanged INTEGER NOT NULL, rejected INTEGER NOT NULL,
    deactivated INTEGER NOT NULL, total INTEGER, seconds REAL NOT NULL, note TEXT, error TEXT, rejections TEXT NOT NULL,
    PRIMARY KEY (run, integration, connection, entity)) STRICT;
  PRAGMA user_version = ${version};`;

/** What came later, and an engine that does not know it leaves alone: no new version. */
const laterColumn = 'ALTER TABLE run ADD COLUMN undoes TEXT';
const laterIndex = 'CREATE INDEX IF NOT EXISTS run_undoes ON run (undoes) WHERE undoes IS NOT NULL';

type EntityRow = Pick<SyncResult, 'integration' | 'connection' | 'entity' | 'note' | 'error' | 'rejections'> &
  Omit<SyncEvent, 'type' | 'phase'> & { readonly status: string; readonly seconds: number };

/**
 * The runs of one instance: a small SQLite file in its `state` folder. Every method throws RunStoreError or RunStoreDamagedError,
 * opening RunStoreNewerError.
 */
export class RunStore implements Disposable {
  readonly path: string;
  readonly #database: DatabaseSync;
  readonly #isNew: boolean;

  /** @param isNew whether nothing was in the file: what a power failure leaves may have no length */
  private constructor(path: string, database: DatabaseSync, isNew: boolean) {
    this.path = path;
    this.#database = database;
    this.#isNew = isNew;
  }

  /**
   * Opens the store of the instance in that folder, and makes it where there is none.
   * @param patience milliseconds that anything may take while another program has it locked
   */
  static open(instanceFolder: string, patience = usualPatience): RunStore {
    return RunStore.#opened(instanceFolder, patience, (database, found) => {
      if (found < version) database.exec(layout);
      const columns = database.prepare('PRAGMA table_info(run)').all();
      if (!columns.some(({ name }) => name === 'undoes')) database.exec(laterColumn);
      database.exec(laterIndex);
    });
  }

  /** Puts a damaged store aside, so that the next one opened is new. Answers where it is now. */
  static setAside(instanceFolder: string): string {
    const path = pathIn(instanceFolder);
    const aside = `${path}.damaged`;
    try {
      rmSync(aside, { force: true });
      renameSync(path, aside);
      for (const more of ['-journal', '-wal', '-shm']) rmSync(path + more, { force: true });
      return aside;
    } catch (error) {
      throw new RunStoreError(path, error);
    }
  }

  /** Opens the store where there is one; an instance that never ran has none. */
  static openExisting(instanceFolder: string): RunStore | undefined {
    if (!existsSync(pathIn(instanceFolder))) return undefined;
    const store = RunStore.#opened(instanceFolder, usualPatience, () => {});
    if (!store.#isNew) return store;
    store[Symbol.dispose]();
    return undefined;
  }

  static #opened(
    instanceFolder: string,
    timeout: number,
    prepare: (database: DatabaseSync, found: number) => void,
  ): RunStore {
    const path = pathIn(instanceFolder);
    let database: DatabaseSync | undefined;
    try {
      mkdirSync(join(instanceFolder, 'state'), { recursive: true, mode: ownFolder });
      database = new DatabaseSync(path, { timeout });
      // A sign of life each second must not make the disk wait four times: a power cut may cost the last of them, no more.
      database.exec('PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = NORMAL');
      const found = Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
      if (found > version) throw new RunStoreNewerError(path, found);
      prepare(database, found);
      return new RunStore(path, database, found === 0);
    } catch (error) {
      database?.close();
      throw error instanceof RunStoreNewerError ? error : storeError(path, error);
    }
  }

  /** How long anything may take from now on while another program has the store locked. */
  waitAtMost(milliseconds: number): void {
    this.#try(() => this.#database.exec(`PRAGMA busy_timeout = ${milliseconds}`));
  }

  /** Rows of a query. */
  rows(sql: string, ...values: SQLInputValue[]): Record<string, unknown>[] {
    return this.#try(() => this.#database.prepare(sql).all(...values));
  }

  /** Adds a run where it is not there yet, and forgets those that started before a day. */
  begin(run: NewRun, forgetBefore: Date): void {
    const at = run.startedAt.toISOString();
    this.#change('DELETE FROM run WHERE startedAt < ?', forgetBefore.toISOString());
    this.#change(
      `INSERT INTO run (id, startedAt, seenAt, auto, whatIf, processId, host, settingsFingerprint, undoes)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
      ...[run.id, at, at, Number(run.auto), Number(run.whatIf), run.processId, run.host, run.settingsFingerprint],
      run.undoes ?? null,
    );
  }

  /** A sign of life; answers whether somebody asked the run to stop. */
  seen(id: string, at: Date): boolean {
    this.#change('UPDATE run SET seenAt = ? WHERE id = ?', at.toISOString(), id);
    return this.rows('SELECT stopRequested FROM run WHERE id = ?', id)[0]?.['stopRequested'] === 1;
  }

  /** The last sign of life of a run; undefined where it has ended. */
  seenAt(id: string): string | undefined {
    const [row] = this.rows('SELECT seenAt FROM run WHERE id = ? AND endedAt IS NULL', id);
    return row && String(row['seenAt']);
  }

  /** How far an entity is. */
  progress(id: string, event: SyncEvent): void {
    this.#saveEntity(id, { ...event, status: 'running', seconds: 0, rejections: [] });
  }

  /** What an entity came to. */
  entityDone(id: string, result: SyncResult): void {
    this.#saveEntity(id, { ...result, rejections: result.rejections.slice(0, rejectionsKept) });
  }

  /** The run's end. */
  end(id: string, at: Date, exitCode: ExitCode, error?: ErrorReport): void {
    this.#change(
      'UPDATE run SET endedAt = ?, seenAt = ?, exitCode = ?, error = ? WHERE id = ?',
      ...[at.toISOString(), at.toISOString(), exitCode, error ? JSON.stringify(error) : null, id],
    );
  }

  /** Asks a run to stop at its next safe point. */
  requestStop(id: string): void {
    this.#change('UPDATE run SET stopRequested = 1 WHERE id = ?', id);
  }

  [Symbol.dispose](): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #saveEntity(id: string, one: EntityRow): void {
    this.#change(
      `INSERT INTO entity (run, position, integration, connection, entity, status, "read", created, updated, unchanged,
         rejected, deactivated, total, seconds, note, error, rejections)
       VALUES (?1, (SELECT count(*) FROM entity WHERE run = ?1), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
       ON CONFLICT DO UPDATE SET status = excluded.status, "read" = excluded."read", created = excluded.created,
         updated = excluded.updated, unchanged = excluded.unchanged, rejected = excluded.rejected,
         deactivated = excluded.deactivated, total = coalesce(excluded.total, total), seconds = excluded.seconds,
         note = excluded.note, error = excluded.error, rejections = excluded.rejections`,
      ...[id, one.integration, one.connection, one.entity, one.status, one.read, one.created, one.updated],
      ...[one.unchanged, one.rejected, one.deactivated, one.total ?? null, one.seconds, one.note ?? null],
      ...[one.error ? JSON.stringify(one.error) : null, JSON.stringify(one.rejections)],
    );
  }

  #change(sql: string, ...values: SQLInputValue[]): void {
    this.#try(() => this.#database.prepare(sql).run(...values));
  }

  #try<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw storeError(this.path, error);
    }
  }
}

/** Of SQLITE_IOERR_SHORT_READ the file was cut; SQLITE_ERROR says that it holds something else, since what we ask is right. */
function storeError(path: string, error: unknown): RunStoreError | RunStoreDamagedError {
  const code = (error as { readonly errcode?: unknown } | null)?.errcode;
  if (code === 1) return new RunStoreDamagedError(path, 'it holds no runs, or not as this release keeps them');
  const damaged = typeof code === 'number' && (code === 522 || [11, 26].includes(code & 0xff));
  return damaged ? new RunStoreDamagedError(path, error) : new RunStoreError(path, error);
}

/** Whether an error of the store only says that another program has it locked just now. */
export function isLocked(error: unknown): boolean {
  const code = codeOf(error);
  // SQLITE_BUSY and SQLITE_LOCKED; the higher bits say why.
  return code !== undefined && [5, 6].includes(code & 0xff);
}

function codeOf(error: unknown): number | undefined {
  const cause =
    error instanceof RunStoreError ? (error.cause as { readonly errcode?: unknown } | undefined) : undefined;
  return typeof cause?.errcode === 'number' ? cause.errcode : undefined;
}

function pathIn(instanceFolder: string): string {
  return join(instanceFolder, 'state', 'runs.db');
}
