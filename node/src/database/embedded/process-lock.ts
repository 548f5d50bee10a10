import { lstatSync, rmdirSync, truncateSync, unlinkSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { LockHolder } from '../database.ts';
import { isBusy, isDamaged, kindOf } from './sqlite-errors.ts';

/**
 * A lock between processes: an open write transaction on a small file of its own. The operating system ends it with
 * the process, so a killed run never leaves it behind.
 */
export class ProcessLock {
  readonly #database: DatabaseSync;

  private constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /**
   * Takes the lock, or answers who has it. A damaged file, as a power cut may leave one, is emptied and told of: nothing is in it
   * but the holder's name. It stays the same file, so that one who holds the lock meanwhile keeps it.
   */
  static take(path: string, holder: string, now: Date, damaged: () => void): ProcessLock | LockHolder {
    try {
      return ProcessLock.#take(path, holder, now);
    } catch (error) {
      // 1 is what SQLite says where there is something else in the file than it was told, 14 where it cannot open it.
      const kind = kindOf(error);
      if (kind === 14 ? !removeStray(path) : !isDamaged(error) && kind !== 1) throw error;
      if (kind !== 14) truncateSync(path);
      damaged();
      return ProcessLock.#take(path, holder, now);
    }
  }

  static #take(path: string, holder: string, now: Date): ProcessLock | LockHolder {
    const database = new DatabaseSync(path, { timeout: 2000 });
    try {
      // In WAL mode the holder's row can be read while its transaction is open.
      database.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA busy_timeout=0; BEGIN IMMEDIATE');
      database.exec('CREATE TABLE IF NOT EXISTS holder (id INTEGER PRIMARY KEY, name TEXT, since TEXT) STRICT');
      database.prepare('INSERT OR REPLACE INTO holder VALUES (1, ?, ?)').run(holder, now.toISOString());
      database.exec('COMMIT; BEGIN IMMEDIATE');
      return new ProcessLock(database);
    } catch (error) {
      const by = isBusy(error) ? holderIn(database) : undefined;
      database.close();
      if (by) return by;
      throw error;
    }
  }

  /** Gives the lock back. */
  release(): void {
    if (this.#database.isOpen) this.#database.close();
  }
}

/** Takes away what is in the lock file's place and no file: an empty folder, or a link that leads nowhere. False where nothing is. */
function removeStray(path: string): boolean {
  try {
    const found = lstatSync(path);
    if (found.isDirectory()) rmdirSync(path);
    else if (found.isSymbolicLink()) unlinkSync(path);
    else return false;
    return true;
  } catch {
    // What cannot be taken away stays the trouble that it is.
    return false;
  }
}

function holderIn(database: DatabaseSync): LockHolder {
  const made = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'holder'").get();
  const row = made && database.prepare('SELECT name, since FROM holder').get();
  if (!row || typeof row['name'] !== 'string' || typeof row['since'] !== 'string') return { holder: 'another process' };
  return { holder: row['name'], since: new Date(row['since']) };
}
