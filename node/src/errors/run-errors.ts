import { ExitCode, IntegratorError } from './integrator-error.ts';
import { fileAdvice, fileReason } from './file-advice.ts';
import { reasonOf } from './reason-of.ts';

/** The record of runs in the instance's state folder cannot be read or written. */
export class RunStoreError extends IntegratorError {
  readonly code = 'RunStore';
  readonly category = 'permission';
  readonly retryable = true;
  readonly advice: string;
  readonly exitCode = ExitCode.Settings;

  constructor(path: string, cause: unknown) {
    super(`The record of runs ${path} cannot be used: ${fileReason(cause)}.`, { cause });
    this.advice = fileAdvice(cause) ?? 'Let the account read and write the state folder beside appsettings.json.';
  }
}

/** The record of runs is damaged, or another file is in its place. */
export class RunStoreDamagedError extends IntegratorError {
  readonly code = 'RunStoreDamaged';
  readonly category = 'data';
  readonly retryable = false;
  readonly advice =
    'The next sync puts it aside and begins a new one; it can be deleted, too: only the history of runs is in it.';
  readonly exitCode = ExitCode.Settings;

  constructor(path: string, cause: unknown) {
    super(`The record of runs ${path} is damaged: ${reasonOf(cause)}.`, { cause });
  }
}

/** The record of runs was written by a newer release. */
export class RunStoreNewerError extends IntegratorError {
  readonly code = 'RunStoreNewer';
  readonly category = 'config';
  readonly retryable = false;
  readonly advice = 'Use that release here, or the newest one; the syncs go on without a record meanwhile.';
  readonly exitCode = ExitCode.Settings;

  constructor(path: string, layout: number) {
    super(`The record of runs ${path} was written by a newer release (layout ${layout}).`);
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
  readonly advice: string;
  readonly exitCode = ExitCode.Settings;

  constructor(path: string, cause: unknown) {
    super(`The state file ${path} cannot be used: ${fileReason(cause)}.`, { cause });
    this.advice =
      fileAdvice(cause) ??
      'Let the account that runs the sync read and write the state folder beside its appsettings.json.';
  }
}

/** The file that says what a run changed is damaged, or a newer release wrote it. */
export class ChangesDamagedError extends IntegratorError {
  readonly code = 'ChangesDamaged';
  readonly category = 'data';
  readonly retryable = false;
  readonly advice =
    'What that run changed is no longer known here and cannot be undone by it: put the file back from a backup, or delete it. The log says what the run did, and Halo has it still.';
  readonly exitCode = ExitCode.Settings;

  /** @param why as the end of a sentence */
  constructor(path: string, why: string) {
    super(`The changes kept in ${path} cannot be read: ${why}.`);
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
