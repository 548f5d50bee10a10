import { ExitCode, IntegratorError } from './integrator-error.ts';

/** The database that an import reads cannot be reached, or the connection was lost. */
export class SourceDatabaseUnreachableError extends IntegratorError {
  readonly code = 'SourceDatabaseUnreachable';
  readonly category = 'transient';
  readonly retryable = true;
  readonly advice =
    'Check server, port and database of the import in Halo, the network and the firewall; the next run tries again.';
  readonly exitCode = ExitCode.Unreachable;

  constructor(server: string, trouble: string, cause?: unknown) {
    super(`The database server ${server} of the import cannot be reached: ${trouble}.`, { cause });
  }
}

/** The database that an import reads does not accept the sign-in, or does not let the account read. */
export class SourceDatabaseSignInError extends IntegratorError {
  readonly code = 'SourceDatabaseSignIn';
  readonly category = 'auth';
  readonly retryable = false;
  readonly advice =
    'Check the import’s user name in Halo and its password in the settings (Passwords); the account needs the right to read what the query names.';
  readonly exitCode = ExitCode.Unreachable;

  constructor(server: string, trouble: string, cause?: unknown) {
    super(`The database server ${server} of the import does not let us in: ${trouble}.`, { cause });
  }
}

/** The server cannot run the import's query. */
export class SourceQueryError extends IntegratorError {
  readonly code = 'SourceQuery';
  readonly category = 'config';
  readonly retryable = false;
  readonly advice = 'Try the query of the import on that database, and correct it in Halo.';
  readonly exitCode = ExitCode.Unexpected;

  constructor(name: string, trouble: string, cause?: unknown) {
    super(`The query of the import "${name}" fails: ${trouble}.`, { cause });
  }
}

/** The import's query would write, or may; it is not sent. */
export class SourceQueryWritesError extends IntegratorError {
  readonly code = 'SourceQueryWrites';
  readonly category = 'config';
  readonly retryable = false;
  readonly advice =
    'An import only reads: let the query begin with SELECT or WITH. A column or table of that name stands in brackets or quotes.';
  readonly exitCode = ExitCode.Settings;

  constructor(name: string, word: string) {
    super(`The query of the import "${name}" contains ${word}, and was not sent.`);
  }
}

/** What an import of Halo's asks for is not known, or lacks something. */
export class SourceImportError extends IntegratorError {
  readonly code = 'SourceImport';
  readonly category = 'config';
  readonly retryable = false;
  readonly advice: string;
  readonly exitCode = ExitCode.Settings;

  constructor(name: string, trouble: string, advice: string) {
    super(`The import "${name}" cannot be run: ${trouble}.`);
    this.advice = advice;
  }
}
