import {
  DatabaseBusyError,
  DatabaseConstraintError,
  DatabaseNotFoundError,
  DatabasePermissionError,
} from '../../errors/database-errors.ts';

/** An error as node:sqlite throws it; `instanceof` would miss those of another realm, as tests have them. */
interface SqliteError {
  readonly errcode: number;
  readonly message: string;
}

function isSqliteError(error: unknown): error is SqliteError {
  return typeof error === 'object' && error !== null && 'errcode' in error && typeof error.errcode === 'number';
}

/** Whether another connection holds the database at this moment. */
export function isBusy(error: unknown): boolean {
  // The low byte is the kind: 5 is SQLITE_BUSY, 6 is SQLITE_LOCKED.
  return isSqliteError(error) && [5, 6].includes(error.errcode & 0xff);
}

/** The error of this product for an error of SQLite; anything else comes back as it is. */
export function translated(error: unknown, path: string): unknown {
  if (!isSqliteError(error)) return error;
  if (isBusy(error)) return new DatabaseBusyError(`${path} is being written by somebody else`, error);
  switch (error.errcode & 0xff) {
    case 3:
    case 8:
    case 23:
      return new DatabasePermissionError(
        `writing ${path} (${error.message})`,
        error,
        'Let the account that runs the sync write to the database file and its folder.',
      );
    case 14:
    case 26:
      return new DatabaseNotFoundError(path, error);
    case 18:
    case 19:
    case 20:
      return new DatabaseConstraintError(error.message, error);
    default:
      return error;
  }
}
