import { ExitCode, IntegratorError } from './integrator-error.ts';
import type { ErrorCategory } from './integrator-error.ts';

/** The server's name cannot be resolved, or the embedded database's folder or file cannot be opened. */
export class DatabaseNotFoundError extends IntegratorError {
  readonly code = 'DatabaseNotFound';
  readonly category: ErrorCategory = 'config';
  readonly retryable = false;
  readonly advice = 'Correct Database.Server (or, for the embedded database, Database.Name) in appsettings.json.';
  readonly exitCode = ExitCode.Unreachable;

  constructor(server: string, cause?: unknown) {
    super(`The database server or file "${server}" was not found or cannot be opened.`, { cause });
  }
}

/** The server does not answer on its port. */
export class DatabaseUnreachableError extends IntegratorError {
  readonly code = 'DatabaseUnreachable';
  readonly category: ErrorCategory = 'transient';
  readonly retryable = true;
  readonly advice =
    'Check that SQL Server is running, that TCP/IP is enabled and that no firewall closes the port; a named instance also needs SQL Server Browser (UDP 1434), or write server,port.';
  readonly exitCode = ExitCode.Unreachable;

  /** `said` is what the server itself said of why it takes no connection. */
  constructor(host: string, port: number | undefined, cause?: unknown, said?: string) {
    const server = `${host}${port === undefined ? '' : `:${port}`}`;
    super(
      said
        ? `The database server ${server} takes no connection: ${said}`
        : `The database server ${server} does not answer.`,
      { cause },
    );
  }
}

/** The encrypted connection was refused or its certificate is not trusted. */
export class DatabaseTlsError extends IntegratorError {
  readonly code = 'DatabaseTls';
  readonly category: ErrorCategory = 'config';
  readonly retryable = false;
  readonly advice =
    'Give the server a trusted certificate, or set Database.TrustServerCertificate to true on a network you trust.';
  readonly exitCode = ExitCode.Unreachable;

  /** `why` is what is wrong with the certificate or the handshake. */
  constructor(server: string, cause?: unknown, why?: string) {
    super(`No encrypted connection to ${server} could be made${why ? `: ${why.split(';')[0]}.` : '.'}`, { cause });
  }
}

/** The server refused the user name or the password. */
export class DatabaseLoginError extends IntegratorError {
  readonly code = 'DatabaseLogin';
  readonly category: ErrorCategory = 'auth';
  readonly retryable = false;
  readonly advice: string;
  readonly exitCode = ExitCode.Unreachable;

  /** `said` is what the server itself said, where that is more than no; `advice` what to do, where that says it. */
  constructor(
    server: string,
    username: string,
    cause?: unknown,
    said?: string,
    advice = 'Check Database.Username and Database.Password in appsettings.json.',
  ) {
    const who = username === '' ? 'the login' : `the login "${username}"`;
    super(`The database server ${server} refused ${who}${said ? `: ${said}` : '.'}`, { cause });
    this.advice = advice;
  }
}

/** The server has no database of that name, or the login may not open it. */
export class DatabaseMissingError extends IntegratorError {
  readonly code = 'DatabaseMissing';
  readonly category: ErrorCategory = 'config';
  readonly retryable = false;
  readonly advice = 'Correct Database.Name in appsettings.json, or let the login open that database.';
  readonly exitCode = ExitCode.Unreachable;

  constructor(server: string, database: string, cause?: unknown) {
    super(`The database "${database}" does not exist on ${server} or cannot be opened with this login.`, { cause });
  }
}

/** The database is run as an older SQL Server, which lacks OPENJSON. */
export class DatabaseCompatibilityError extends IntegratorError {
  readonly code = 'DatabaseCompatibility';
  readonly category: ErrorCategory = 'config';
  readonly retryable = false;
  readonly advice =
    'Let the administrator run ALTER DATABASE … SET COMPATIBILITY_LEVEL = 130 (or higher), as Halo itself needs.';
  readonly exitCode = ExitCode.Unreachable;

  constructor(database: string, level: number | undefined, cause?: unknown) {
    super(
      `The database "${database}" has ${level === undefined ? 'a compatibility level below 130' : `compatibility level ${level}`}; 130 (SQL Server 2016) is needed, for OPENJSON.`,
      { cause },
    );
  }
}

/** Texts of two collations cannot be compared. */
export class DatabaseCollationError extends IntegratorError {
  readonly code = 'DatabaseCollation';
  readonly category: ErrorCategory = 'config';
  readonly retryable = false;
  readonly advice =
    'Columns that belong together have different collations, as after a database was moved; let the administrator give them the database’s own, and report the message.';
  readonly exitCode = ExitCode.Unreachable;

  constructor(message: string, cause?: unknown) {
    super(`The database cannot compare two texts: ${message}`, { cause });
  }
}

/** The login lacks a right it needs. */
export class DatabasePermissionError extends IntegratorError {
  readonly code = 'DatabasePermission';
  readonly category: ErrorCategory = 'permission';
  readonly retryable = false;
  readonly advice: string;
  readonly exitCode = ExitCode.Unreachable;

  constructor(what: string, cause?: unknown, advice = 'Grant the right named in the message to the database login.') {
    super(`The database refused: ${what}`, { cause });
    this.advice = advice;
  }
}

/** A deadlock, a lock timeout or a busy database that outlasted the retries. */
export class DatabaseBusyError extends IntegratorError {
  readonly code = 'DatabaseBusy';
  readonly category: ErrorCategory = 'transient';
  readonly retryable = true;
  readonly advice = 'Run again later; if it keeps happening, look for long transactions in the database.';
  readonly exitCode = ExitCode.DoneWithFailures;

  constructor(what: string, cause?: unknown) {
    super(`The database was too busy: ${what}`, { cause });
  }
}

/** A row breaks a rule of its table: null where none may be, too long a text, a key taken twice. */
export class DatabaseConstraintError extends IntegratorError {
  readonly code = 'DatabaseConstraint';
  readonly category: ErrorCategory = 'data';
  readonly retryable = false;
  readonly advice = 'Look at the record and the column named in the message.';
  readonly exitCode = ExitCode.DoneWithFailures;

  constructor(what: string, cause?: unknown) {
    super(`The database refused a row: ${what}`, { cause });
  }
}

/** A statement named a table or column that the connected database does not have. */
export class UnknownColumnError extends IntegratorError {
  readonly code = 'UnknownColumn';
  readonly category: ErrorCategory = 'bug';
  readonly retryable = false;
  readonly advice = 'The Halo version may be older than this product knows; report the name in the message.';
  readonly exitCode = ExitCode.Unexpected;

  constructor(name: string) {
    super(`The database has no table or column "${name}".`);
  }
}

/** The number taken for a new row was taken by somebody else at the same moment, again and again. */
export class AllocationConflictError extends IntegratorError {
  readonly code = 'AllocationConflict';
  readonly category: ErrorCategory = 'transient';
  readonly retryable = true;
  readonly advice = 'Run again; something else is adding many rows to the same table at this moment.';
  readonly exitCode = ExitCode.DoneWithFailures;

  constructor(table: string, column: string, cause?: unknown) {
    super(`No free number could be taken for ${table}.${column}.`, { cause });
  }
}

/** Rows that were found and are to be changed were deleted by somebody else before that, again and again. */
export class RowsGoneError extends IntegratorError {
  readonly code = 'RowsGone';
  readonly category: ErrorCategory = 'transient';
  readonly retryable = true;
  readonly advice = 'Run again; something else is deleting rows of the same table at this moment.';
  readonly exitCode = ExitCode.DoneWithFailures;

  constructor(table: string) {
    super(`Rows of ${table} that were to be changed are no longer there.`);
  }
}

/** Rows that were missing and are to be added were added by somebody else before that, again and again. */
export class RowsTakenError extends IntegratorError {
  readonly code = 'RowsTaken';
  readonly category: ErrorCategory = 'transient';
  readonly retryable = true;
  readonly advice = 'Run again; something else is adding the same rows to the same table at this moment.';
  readonly exitCode = ExitCode.DoneWithFailures;

  constructor(table: string, cause?: unknown) {
    super(`Rows that were to be added to ${table} are there already.`, { cause });
  }
}

/** Windows' integrated sign-in needs a package that is not installed. */
export class WindowsSignInUnavailableError extends IntegratorError {
  readonly code = 'WindowsSignInUnavailable';
  readonly category = 'config';
  readonly retryable = false;
  readonly exitCode = ExitCode.Settings;
  readonly advice =
    'Install it as docs/sql-server.md says (Connecting, `windows`), or set Database.Authentication to sql or ntlm.';

  constructor(cause: unknown) {
    super('Database.Authentication is "windows", and the optional package msnodesqlv8 cannot be loaded.', { cause });
  }
}

/** An NTLM sign-in needs the user's domain. */
export class NtlmUserError extends IntegratorError {
  readonly code = 'NtlmUser';
  readonly category = 'config';
  readonly retryable = false;
  readonly exitCode = ExitCode.Settings;
  readonly advice = 'Write Database.Username as DOMAIN\\user.';

  constructor(username: string) {
    super(`Database.Authentication is "ntlm", and the user "${username}" names no domain.`);
  }
}
