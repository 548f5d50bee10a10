import {
  AllocationConflictError,
  DatabaseBusyError,
  DatabaseConstraintError,
  DatabaseNotFoundError,
  DatabasePermissionError,
} from '../../errors/database-errors.ts';

/** SQLite's extended result code of an error, when it came from SQLite. */
function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode : undefined;
}

/** Whether another connection holds the database at this moment. */
export function isBusy(error: unknown): boolean {
  const code = resultCode(error);
  return code !== undefined && ((code & 0xff) === 5 || (code & 0xff) === 6);
}

/** The error of this product for an error of SQLite; anything else comes back as it is. */
export function translated(error: unknown, path: string): unknown {
  const code = resultCode(error);
  if (code === undefined || !(error instanceof Error)) return error;
  if (isBusy(error)) return new DatabaseBusyError(`${path} is being written by somebody else`, error);
  switch (code & 0xff) {
    case 3:
    case 8:
    case 23:
      return new DatabasePermissionError(`writing ${path} (${error.message})`, error);
    case 14:
    case 26:
      return new DatabaseNotFoundError(path, error);
    case 18:
    case 19:
    case 20: {
      const taken = /^UNIQUE constraint failed: (\w+)\.(\w+)$/.exec(error.message);
      if (code === 1555 && taken) return new AllocationConflictError(taken[1] ?? '', taken[2] ?? '', error);
      return new DatabaseConstraintError(error.message, error);
    }
    default:
      return error;
  }
}
