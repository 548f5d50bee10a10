import { ExitCode, IntegratorError } from './integrator-error.ts';
import { reasonOf } from './reason-of.ts';

/** The record of runs in the instance's state folder cannot be read or written. */
export class RunStoreError extends IntegratorError {
  readonly code = 'RunStore';
  readonly category = 'permission';
  readonly retryable = true;
  readonly advice =
    'Let the account read and write the state folder beside appsettings.json; a damaged runs.db can be deleted, only the history is in it.';
  readonly exitCode = ExitCode.Settings;

  constructor(path: string, cause: unknown) {
    super(`The record of runs ${path} cannot be used: ${reasonOf(cause)}.`, {
      cause,
    });
  }
}

/** No run has the id given, or more than one begins with it. */
export class RunNotFoundError extends IntegratorError {
  readonly code = 'RunNotFound';
  readonly category = 'data';
  readonly retryable = false;
  readonly advice = 'List the runs with Get-HaloSyncRun, or halo-db-integrator runs, to see their ids.';
  readonly exitCode = ExitCode.Settings;

  constructor(id: string, found: number) {
    super(found === 0 ? `There is no run ${id} here.` : `${found} runs begin with ${id}.`);
  }
}

/** A run that was asked to stop is still at work. */
export class RunNotStoppedError extends IntegratorError {
  readonly code = 'RunNotStopped';
  readonly category = 'transient';
  readonly retryable = true;
  readonly advice: string;
  readonly exitCode = ExitCode.AlreadyRunning;

  /** @param silentProcess its process where it gives no sign of life: it may be another program's by now, and was not ended */
  constructor(id: string, seconds: number, silentProcess?: number) {
    super(
      silentProcess === undefined
        ? `Run ${id} was asked to stop and is still at work after ${seconds} seconds.`
        : `Run ${id} gives no sign of life, so process ${silentProcess} was left alone.`,
    );
    this.advice =
      silentProcess === undefined
        ? 'Wait a little: it stops after the batch at hand. To end its process at once, use -Force (--force); batches written stay written.'
        : `Look what process ${silentProcess} is; end it yourself where it is the engine. The run counts as interrupted two minutes after its last sign.`;
  }
}

/** The page of runs cannot be written where it was asked for. */
export class ReportNotSavedError extends IntegratorError {
  readonly code = 'ReportNotSaved';
  readonly category = 'permission';
  readonly retryable = false;
  readonly advice = 'Name a file in a folder that exists and can be written to.';
  readonly exitCode = ExitCode.Settings;

  constructor(path: string, cause: unknown) {
    super(`The report ${path} was not written: ${reasonOf(cause)}.`, { cause });
  }
}

/** What one run leaves for the next cannot be kept in the instance's state folder. */
export class StateFolderError extends IntegratorError {
  readonly code = 'StateFolder';
  readonly category = 'permission';
  readonly retryable = false;
  readonly advice = 'Let the account that runs the sync read and write the state folder beside its appsettings.json.';
  readonly exitCode = ExitCode.Settings;

  constructor(path: string, cause: unknown) {
    super(`The state file ${path} cannot be used: ${reasonOf(cause)}.`, {
      cause,
    });
  }
}

/** What was found in Halo cannot be written where it was asked for. */
export class DiagnosticNotSavedError extends IntegratorError {
  readonly code = 'DiagnosticNotSaved';
  readonly category = 'permission';
  readonly retryable = false;
  readonly advice = 'Name a new file in a folder that exists and can be written to; one that is there is not replaced.';
  readonly exitCode = ExitCode.Settings;

  constructor(path: string, cause: unknown) {
    super(`What was found was not written to ${path}: ${reasonOf(cause)}.`, { cause });
  }
}
