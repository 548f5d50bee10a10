import { ExitCode, IntegratorError } from './integrator-error.ts';

/** The directory server cannot be reached, or the connection was lost. */
export class DirectoryUnreachableError extends IntegratorError {
  readonly code = 'DirectoryUnreachable';
  readonly category = 'transient';
  readonly retryable = true;
  readonly advice =
    'Check host and port of the connection in Halo (389, or 636 with SSL), the network and the firewall; the next run tries again.';
  readonly exitCode = ExitCode.Unreachable;

  constructor(server: string, trouble: string, cause?: unknown) {
    super(`The directory ${server} cannot be reached: ${trouble}.`, { cause });
  }
}

/** The directory's encrypted connection was refused, or its certificate is not trusted. */
export class DirectoryTlsError extends IntegratorError {
  readonly code = 'DirectoryTls';
  readonly category = 'config';
  readonly retryable = false;
  readonly advice =
    'Let Windows trust the authority of the domain controller’s certificate, connect by the name in the certificate, or set TrustServerCertificate of this integration to true on a network you trust.';
  readonly exitCode = ExitCode.Unreachable;

  constructor(server: string, trouble: string, cause?: unknown) {
    super(`No encrypted connection to the directory ${server}: ${trouble}.`, { cause });
  }
}

/** The directory does not accept the sign-in. */
export class DirectorySignInError extends IntegratorError {
  readonly code = 'DirectorySignIn';
  readonly category = 'auth';
  readonly retryable = false;
  readonly advice: string;
  readonly exitCode = ExitCode.Unreachable;

  constructor(server: string, trouble: string, advice: string, cause?: unknown) {
    super(`The directory ${server} does not accept the sign-in: ${trouble}.`, { cause });
    this.advice = advice;
  }
}

/** The directory cannot do what is asked: a search base it has not, a filter it cannot read, a right that is missing. */
export class DirectorySearchError extends IntegratorError {
  readonly code = 'DirectorySearch';
  readonly category = 'config';
  readonly retryable = false;
  readonly advice: string;
  readonly exitCode = ExitCode.Settings;

  constructor(trouble: string, advice: string, cause?: unknown) {
    super(trouble, { cause });
    this.advice = advice;
  }
}

/** The directory gives less than there is: a limit of size or time ended the search. */
export class DirectoryLimitError extends IntegratorError {
  readonly code = 'DirectoryLimit';
  readonly category = 'data';
  readonly retryable = true;
  readonly advice =
    'Raise the directory’s limit for this account, or lower the page size of the connection in Halo; nothing is deactivated on a search that was cut off.';
  readonly exitCode = ExitCode.Unexpected;

  constructor(server: string, base: string, trouble: string, cause?: unknown) {
    super(`The directory ${server} cut the search below "${base}" off: ${trouble}.`, { cause });
  }
}
