import type * as fileSystem from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { closeToOthers, ownFile } from '../../own-files.ts';
import { DatabaseNotFoundError } from '../../errors/database-errors.ts';
import { DatabaseForeignError, DatabaseGoneError } from '../../errors/database-file-errors.ts';
import type { Clock } from '../../environment.ts';
import type { ActualTable, Database, DatabaseSession, Row, TableRight } from '../database.ts';
import type { Condition, Query } from '../query.ts';
import { comparedColumn, Connection } from './connection.ts';
import { EmbeddedSession } from './embedded-session.ts';
import { renderCondition, runQuery } from './render-query.ts';
import { translated } from './sqlite-errors.ts';
import { createTableStatements, embeddedTables, indexStatements, quote } from './table-definitions.ts';
import { TurnTaking } from '../turn-taking.ts';

/** The note that there is a database. */
export interface DatabaseMark {
  /** The file of the note, for who wants to begin anew. */
  readonly path: string;
  isThere(): Promise<boolean>;
  make(): Promise<void>;
}

/** What opening an embedded database needs. */
export interface EmbeddedDatabaseOptions {
  /** The file; made with its folder when missing. */
  readonly path: string;
  readonly clock: Clock;
  readonly fs: Pick<typeof fileSystem, 'mkdir' | 'stat' | 'open'>;
  /** Whether this instance has worked with a database before, and where that is noted; without, the first use makes one. */
  readonly mark?: DatabaseMark;
  /** Told what an administrator should know. */
  readonly warn?: (message: string) => void;
  /** Names this process to another that finds a lock taken. */
  readonly processId?: number;
  readonly hostName?: string;
}

/** The embedded database; the first use makes what is missing: folder, file, tables, indexes. */
export function openEmbeddedDatabase(options: EmbeddedDatabaseOptions): Database {
  return new EmbeddedDatabase(options);
}

class EmbeddedDatabase implements Database {
  readonly kind = 'embedded';
  readonly #options: EmbeddedDatabaseOptions;
  readonly #sessions = new Set<EmbeddedSession>();
  readonly #writers = new TurnTaking();
  #connection: Promise<Connection> | undefined;

  constructor(options: EmbeddedDatabaseOptions) {
    this.#options = options;
  }

  async connect(signal?: AbortSignal): Promise<string> {
    signal?.throwIfAborted();
    const [version] = await this.#using((connection) => connection.rows<[string]>('SELECT sqlite_version()'));
    return `Embedded database (SQLite ${version?.[0] ?? ''}), ${this.#options.path}`;
  }

  async describe(tables: readonly string[]): Promise<ReadonlyMap<string, ActualTable>> {
    return this.#using((connection) => {
      const found = tables.map((name) => connection.findTable(name)).filter((table) => table !== undefined);
      return new Map(found.map(({ name, primaryKey, columns }) => [name, { name, primaryKey, columns }]));
    });
  }

  async missingRights(needs: ReadonlyMap<string, readonly TableRight[]>): Promise<readonly string[]> {
    return this.#using((connection) => {
      const missing = [...needs].filter(([table]) => !connection.findTable(table));
      return missing.flatMap(([table, rights]) => rights.map((right) => `${right} on ${table}`));
    });
  }

  async problems(): Promise<readonly string[]> {
    const findings = await this.#using((connection) => connection.rows<[string]>('PRAGMA quick_check(10)'));
    return findings.map(([finding]) => finding).filter((finding) => finding !== 'ok');
  }

  async read(query: Query, signal?: AbortSignal): Promise<Row[]> {
    signal?.throwIfAborted();
    return this.#using((connection) => runQuery(connection, query));
  }

  async count(tableName: string, where?: Condition, different?: string): Promise<number> {
    return this.#using((connection) => {
      const table = connection.table(tableName);
      const parameters: Parameters<typeof renderCondition>[2] = [];
      const { column, rest } = countedBy(where, different);
      const condition = rest ? renderCondition([{ alias: table.name, table }], rest, parameters) : '1';
      const counted =
        column === undefined ? '*' : `${different === undefined ? '' : 'DISTINCT '}${comparedColumn(table, column)}`;
      const sql = `SELECT count(${counted}) FROM ${quote(table.name)} WHERE ${condition}`;
      return connection.rows<[number]>(sql, parameters)[0]?.[0] ?? 0;
    });
  }

  async session(purpose: string, signal?: AbortSignal): Promise<DatabaseSession> {
    const { path, clock, processId = process.pid, hostName = hostname() } = this.#options;
    const session = new EmbeddedSession({
      connection: await this.#using(() => new Connection(path)),
      path,
      clock,
      holder: `process ${processId} on ${hostName} (${purpose})`,
      signal,
      writers: this.#writers,
      warn: this.#options.warn ?? (() => {}),
      closed: (ended) => this.#sessions.delete(ended),
    });
    this.#sessions.add(session);
    return session;
  }

  async close(): Promise<void> {
    for (const session of [...this.#sessions]) await session[Symbol.asyncDispose]();
    const connection = await this.#connection?.catch(() => undefined);
    connection?.close();
    this.#connection = undefined;
  }

  async #using<T>(work: (connection: Connection) => T): Promise<T> {
    this.#connection ??= this.#open();
    try {
      return work(await this.#connection);
    } catch (error) {
      throw translated(error, this.#options.path);
    }
  }

  async #open(): Promise<Connection> {
    const { path, fs, mark } = this.#options;
    const found = await fs.stat(path).catch(() => undefined);
    // An empty file is what SQLite makes of one that is not there.
    const wasThere = mark && (await mark.isThere());
    if (wasThere && (found?.size ?? 0) === 0) throw new DatabaseGoneError(path, mark.path, found !== undefined);
    const tables = found?.isFile() && found.size > 0 ? tablesIn(path) : undefined;
    if (tables && !embeddedTables().some((table) => tables.has(table))) {
      if (tables.size > 0) throw new DatabaseForeignError(path);
      if (wasThere) throw new DatabaseGoneError(path, mark.path, true);
    }
    await fs.mkdir(dirname(path), { recursive: true }).catch((error: unknown) => {
      throw new DatabaseNotFoundError(path, error);
    });
    // SQLite would go by the umask, and gives its other files the rights of this one.
    if (!found) await (await fs.open(path, 'a', ownFile).catch(() => undefined))?.close();
    for (const one of ['', '-wal', '-shm']) await closeToOthers(path + one, ownFile);
    const connection = new Connection(path, 5000);
    try {
      makeTables(connection);
      await mark?.make();
    } catch (error) {
      connection.close();
      throw error;
    }
    return connection;
  }
}

/** Makes the tables and indexes that are not there yet. */
function makeTables(connection: Connection): void {
  const named = (type: string): ReadonlySet<string> =>
    new Set(connection.rows<[string]>('SELECT name FROM sqlite_master WHERE type = ?', [type]).map(([name]) => name));
  const [present, indexes] = [named('table'), named('index')];
  const missing = embeddedTables().filter((table) => !present.has(table));
  const statements = [...missing.flatMap(createTableStatements), ...indexStatements(indexes)];
  if (statements.length > 0) connection.database.exec(`BEGIN IMMEDIATE;\n${statements.join(';\n')};\nCOMMIT`);
}

/** The tables of a file, which is only looked into: opening it to write would change it. Undefined where it cannot be read. */
function tablesIn(path: string): ReadonlySet<string> | undefined {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { readOnly: true, timeout: 5000 });
    const rows = database
      .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
      .all();
    return new Set(rows.map(({ name }) => String(name)));
  } catch {
    // Opening it says what is wrong.
    return undefined;
  } finally {
    database?.close();
  }
}

/**
 * The column that is counted, and what else is asked: rows that hold something in a column are counted by it, since an index has texts as
 * they are compared, and the table itself need not be read.
 */
function countedBy(
  where: Condition | undefined,
  different: string | undefined,
): { readonly column: string | undefined; readonly rest: Condition | undefined } {
  const all = where && 'all' in where ? where.all : [];
  const holds = all.find(
    (one) =>
      'column' in one &&
      one.is === 'not-null' &&
      // One of another table says so.
      !one.column.includes('.') &&
      (different ?? one.column) === one.column,
  );
  if (!holds || !('column' in holds)) return { column: different, rest: where };
  const others = all.filter((one) => one !== holds);
  return { column: holds.column, rest: others.length > 0 ? { all: others } : undefined };
}
