import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  DatabaseBusyError,
  DatabaseConstraintError,
  DatabaseNotFoundError,
  DatabasePermissionError,
} from '../../errors/database-errors.ts';
import { reasonOf } from '../../errors/reason-of.ts';
import { DatabaseDamagedError, DatabaseDiskError, DatabaseDiskFullError } from '../../errors/database-file-errors.ts';

/** An error as node:sqlite throws it; `instanceof` would miss those of another realm, as tests have them. */
interface SqliteError {
  readonly errcode: number;
  readonly message: string;
}

function isSqliteError(error: unknown): error is SqliteError {
  return typeof error === 'object' && error !== null && 'errcode' in error && typeof error.errcode === 'number';
}

/** What kind of error of SQLite it is: the low byte of its code, since what stands above it differs between systems. */
export function kindOf(error: unknown): number | undefined {
  return isSqliteError(error) ? error.errcode & 0xff : undefined;
}

/** Whether another connection holds the database at this moment. */
export function isBusy(error: unknown): boolean {
  // SQLITE_BUSY, SQLITE_LOCKED
  return [5, 6].includes(kindOf(error) ?? 0);
}

/** SQLITE_IOERR_SHORT_READ */
const shortRead = 522;
/** With less than that left, a file that could not be made or made larger says so in other words. */
const leastRoom = 128 * 1024;

function isFull(path: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(path));
    return bavail * bsize < leastRoom;
  } catch {
    // Without its folder, there is another error to tell.
    return false;
  }
}

/** Whether a file is damaged, or is no database at all. */
export function isDamaged(error: unknown): boolean {
  return isSqliteError(error) && (error.errcode === shortRead || [11, 26].includes(error.errcode & 0xff));
}

/** The error of this product for an error of SQLite, which was waited for so many seconds; anything else comes back as it is. */
export function translated(error: unknown, path: string, waited = 0): unknown {
  if (!isSqliteError(error)) return error;
  if (isBusy(error)) {
    const since = waited > 0 ? `, and has been for the ${waited} s of this wait` : '';
    return new DatabaseBusyError(`${path} is being written by another program${since}`, error);
  }
  switch (error.errcode & 0xff) {
    case 3:
    case 8:
    case 23:
      return new DatabasePermissionError(
        `writing ${path} (${reasonOf(error)})`,
        error,
        'Let the account that runs the sync write to the database file and its folder.',
      );
    case 10:
      // A read that came to the end of the file too early: the file was cut.
      if (error.errcode === shortRead) return new DatabaseDamagedError(path, error);
      return isFull(path) ? new DatabaseDiskFullError(path, error) : new DatabaseDiskError(path, error);
    case 11:
    case 26:
      return new DatabaseDamagedError(path, error);
    case 13:
      return new DatabaseDiskFullError(path, error);
    case 14:
      return isFull(path) ? new DatabaseDiskFullError(path, error) : new DatabaseNotFoundError(path, error);
    case 18:
    case 19:
    case 20:
      return new DatabaseConstraintError(error.message, error);
    default:
      return error;
  }
}
