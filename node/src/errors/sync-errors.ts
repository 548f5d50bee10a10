import { didYouMean } from './did-you-mean.ts';
import { ExitCode, IntegratorError } from './integrator-error.ts';

/** `-Integration` names nothing this engine has. */
export class UnknownIntegrationError extends IntegratorError {
  readonly code = 'UnknownIntegration';
  readonly category = 'config';
  readonly retryable = false;
  readonly exitCode = ExitCode.Settings;
  readonly advice: string;
  constructor(name: string, known: readonly string[]) {
    super(`There is no integration named "${name}".`);
    this.advice = didYouMean(name, known, 'Use one of');
  }
}

/** `-Entity` names nothing the integration has. */
export class UnknownEntityError extends IntegratorError {
  readonly code = 'UnknownEntity';
  readonly category = 'config';
  readonly retryable = false;
  readonly exitCode = ExitCode.Settings;
  readonly advice: string;
  constructor(integration: string, name: string, known: readonly string[]) {
    super(`${integration} has no entity named "${name}".`);
    this.advice = didYouMean(name, known, 'Use one of');
  }
}

/** Something was asked for by name that one of the two switches keeps off. */
export class EntitySwitchedOffError extends IntegratorError {
  readonly code = 'EntitySwitchedOff';
  readonly category = 'config';
  readonly retryable = false;
  readonly exitCode = ExitCode.Settings;
  readonly advice = 'Switch it on in the place named, or leave it out of the command.';
  constructor(what: string, reason: string) {
    super(`${what} will not run: ${reason}`);
  }
}

/** Another process is syncing the same entity. */
export class AlreadyRunningError extends IntegratorError {
  readonly code = 'AlreadyRunning';
  readonly category = 'transient';
  readonly retryable = true;
  readonly exitCode = ExitCode.AlreadyRunning;
  readonly advice = 'Wait until it has ended; the next scheduled run goes on by itself.';
  constructor(what: string, holder: string, since: Date | undefined) {
    super(`${what} is already being synced by ${holder}${since ? ` since ${since.toISOString()}` : ''}.`);
  }
}

/** The run was cancelled; what was written before is complete. */
export class CancelledError extends IntegratorError {
  readonly code = 'Cancelled';
  readonly category = 'cancelled';
  readonly retryable = true;
  readonly exitCode = ExitCode.Cancelled;
  readonly advice = 'Start the sync again to go on; batches written before stay written.';
  constructor() {
    super('The sync was cancelled.');
  }
}
