import { ExitCode, IntegratorError } from './integrator-error.ts';
import type { ErrorCategory } from './integrator-error.ts';

/** The mail server cannot be reached, or the connection was lost. */
export class MailUnreachableError extends IntegratorError {
  readonly code = 'MailUnreachable';
  readonly category: ErrorCategory = 'transient';
  readonly retryable = true;
  readonly advice =
    'Check the server and port of the mailbox in Halo, the network and the firewall; the next run tries again.';
  readonly exitCode = ExitCode.Unreachable;
  /** What the server or the network said. */
  readonly said: string;

  constructor(server: string, trouble: string, cause?: unknown) {
    super(`The mail server ${server} cannot be reached: ${trouble}.`, { cause });
    this.said = trouble;
  }
}

/** The mail server was reached and refuses what was asked of it; the message has its words. */
export class MailRefusedError extends IntegratorError {
  readonly code = 'MailRefused';
  readonly category: ErrorCategory = 'transient';
  readonly retryable = true;
  readonly advice =
    'Look after the mailbox as the mail server’s words say (quota, rights, load); the next run tries again.';
  readonly exitCode = ExitCode.DoneWithFailures;
  /** The server's own words. */
  readonly said: string;
  /** Whether it refuses because it was asked too much, whatever was asked. */
  readonly throttled: boolean;

  constructor(server: string, said: string, throttled: boolean, cause?: unknown) {
    super(`The mail server ${server} refuses: ${said}.`, { cause });
    this.said = said;
    this.throttled = throttled;
  }
}

/** The mail server's encrypted connection was refused, or its certificate is not trusted. */
export class MailTlsError extends IntegratorError {
  readonly code = 'MailTls';
  readonly category: ErrorCategory = 'config';
  readonly retryable = false;
  readonly advice =
    'Give the mail server a trusted certificate, or set Integrations.IncomingMail.Settings.TrustServerCertificate to true on a network you trust.';
  readonly exitCode = ExitCode.Unreachable;

  constructor(server: string, trouble: string, cause?: unknown) {
    super(`No encrypted connection to the mail server ${server}: ${trouble}.`, { cause });
  }
}

/** The mail server refuses the user name, password or token. */
export class MailLoginError extends IntegratorError {
  readonly code = 'MailLogin';
  readonly category: ErrorCategory = 'auth';
  readonly retryable = false;
  readonly advice: string;
  readonly exitCode = ExitCode.Unreachable;

  constructor(mailbox: string, server: string, said: string, cause?: unknown) {
    super(`The mail server ${server} does not let "${mailbox}" in${said === '' ? '' : `: ${said}`}.`, { cause });
    this.advice = `Check Integrations.IncomingMail.Settings.Passwords.${mailbox} in appsettings.json and the user name in Halo; some providers want an app password.`;
  }
}

/** A folder the mailbox row names is not there. */
export class MailFolderError extends IntegratorError {
  readonly code = 'MailFolder';
  readonly category: ErrorCategory = 'config';
  readonly retryable = false;
  readonly advice = 'Create the folder in the mailbox, or correct its name in Halo.';
  readonly exitCode = ExitCode.Settings;

  constructor(mailbox: string, folder: string, cause?: unknown) {
    super(`The mailbox "${mailbox}" has no folder "${folder}".`, { cause });
  }
}

/** One message cannot be had, though the mailbox answers; it is set aside and the next goes on. */
export class MailContentError extends IntegratorError {
  readonly code = 'MailContent';
  readonly category: ErrorCategory = 'data';
  readonly retryable = true;
  readonly advice = 'Look at the message in the mailbox; it was left there.';
  readonly exitCode = ExitCode.DoneWithFailures;

  constructor(trouble: string, cause?: unknown) {
    super(`The message cannot be read: ${trouble}.`, { cause });
  }
}
