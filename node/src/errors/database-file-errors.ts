import { ExitCode, IntegratorError } from './integrator-error.ts';
import type { ErrorCategory } from './integrator-error.ts';
import { reasonOf } from './reason-of.ts';

/** The embedded database was there, and its file is gone. */
export class DatabaseGoneError extends IntegratorError {
  readonly code = 'DatabaseGone';
  readonly category: ErrorCategory = 'config';
  readonly retryable = false;
  readonly advice: string;
  readonly exitCode = ExitCode.Unreachable;

  /**
   * @param mark the file in the state folder that says the database was there
   * @param emptied whether the file is there, and has nothing in it
   */
  constructor(path: string, mark: string, emptied = false) {
    super(
      `The embedded database ${path} is ${emptied ? 'empty' : 'not there'}, and this instance has worked with one before.`,
    );
    this.advice = `Put the file back, or correct Database.Name in appsettings.json; to begin with an empty one, delete ${mark}.`;
  }
}

/** The file of the embedded database is damaged, or is no database. */
export class DatabaseDamagedError extends IntegratorError {
  readonly code = 'DatabaseDamaged';
  readonly category: ErrorCategory = 'data';
  readonly retryable = false;
  readonly advice: string;
  readonly exitCode = ExitCode.Unreachable;

  constructor(path: string, cause: unknown) {
    super(`The file ${path} is damaged, or is no database of this engine: ${reasonOf(cause)}.`, { cause });
    this.advice = `Put a copy of ${path} from a backup in its place (with its -wal file, where there is one), and look at the disk.`;
  }
}

/** The file of the embedded database is the database of another program. */
export class DatabaseForeignError extends IntegratorError {
  readonly code = 'DatabaseForeign';
  readonly category: ErrorCategory = 'config';
  readonly retryable = false;
  readonly advice = 'Correct Database.Name in appsettings.json; nothing was written into this file.';
  readonly exitCode = ExitCode.Unreachable;

  constructor(path: string) {
    super(`The database ${path} is another program's: it holds tables, and none of Halo's.`);
  }
}

/** The disk of the embedded database is full. */
export class DatabaseDiskFullError extends IntegratorError {
  readonly code = 'DatabaseDiskFull';
  readonly category: ErrorCategory = 'transient';
  readonly retryable = true;
  readonly advice = 'Make room on that disk and run again; what was written before is complete.';
  readonly exitCode = ExitCode.Unreachable;

  constructor(path: string, cause: unknown) {
    super(`The disk of ${path} is full.`, { cause });
  }
}

/** The disk of the embedded database cannot be read or written. */
export class DatabaseDiskError extends IntegratorError {
  readonly code = 'DatabaseDisk';
  readonly category: ErrorCategory = 'transient';
  readonly retryable = true;
  readonly advice = 'Look at the disk, or at the connection to it where it is on the network, and run again.';
  readonly exitCode = ExitCode.Unreachable;

  constructor(path: string, cause: unknown) {
    super(`${path} cannot be read or written: ${reasonOf(cause)}.`, { cause });
  }
}
