import { ExitCode, IntegratorError } from './integrator-error.ts';
import { reasonOf } from './reason-of.ts';

/** Neither the folder's name nor the command says how often an instance is to run. */
export class FrequencyUnknownError extends IntegratorError {
  readonly code = 'FrequencyUnknown';
  readonly category = 'config';
  readonly retryable = false;
  readonly advice =
    'Use 5min, 15m, hourly, 2h, daily, daily-0300, weekly or weekly-sun-0300 as the name of the folder or as -Every (--every).';
  readonly exitCode = ExitCode.Settings;

  constructor(text: string, problem = 'does not say how often to run') {
    super(`"${text}" ${problem}.`);
  }
}

/** There is no instance in the folder named, nor in the folders in it. */
export class InstanceNotFoundError extends IntegratorError {
  readonly code = 'InstanceNotFound';
  readonly category = 'config';
  readonly retryable = false;
  readonly advice = 'Make one with New-HaloSyncInstance (halo-db-integrator instance new), or name another folder.';
  readonly exitCode = ExitCode.Settings;

  constructor(path: string) {
    super(`There is no appsettings.json in ${path}, nor in a folder in it.`);
  }
}

/** The folder for a new instance has settings already. */
export class InstanceExistsError extends IntegratorError {
  readonly code = 'InstanceExists';
  readonly category = 'config';
  readonly retryable = false;
  readonly advice = 'Name another folder, or change the settings that are there with Set-HaloDbConfig.';
  readonly exitCode = ExitCode.Settings;

  constructor(path: string) {
    super(`${path} is there already, and was left as it is.`);
  }
}

/** The folder for a new instance cannot be made or written. */
export class InstanceFolderError extends IntegratorError {
  readonly code = 'InstanceFolder';
  readonly category = 'permission';
  readonly retryable = false;
  readonly advice = 'Let the account write there, or name another folder.';
  readonly exitCode = ExitCode.Settings;

  constructor(path: string, cause: unknown) {
    super(`The folder ${path} cannot be made: ${reasonOf(cause)}.`, { cause });
  }
}

/** A name or path that the Task Scheduler cannot hold. */
export class TaskTextError extends IntegratorError {
  readonly code = 'TaskText';
  readonly category = 'config';
  readonly retryable = false;
  readonly advice = 'Move or rename the folder, or give the task another name with -Name (--name).';
  readonly exitCode = ExitCode.Settings;

  constructor(what: string, text: string, problem: string) {
    // Paths are shown as they are; only what a console would not show is written out.
    const shown = text.replaceAll(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1));
    super(`${what} "${shown}" ${problem}.`);
  }
}

/** A task of that name runs another instance. */
export class TaskNameTakenError extends IntegratorError {
  readonly code = 'TaskNameTaken';
  readonly category = 'config';
  readonly retryable = false;
  readonly advice = 'Give this task another name with -Name (--name), or remove the other one first.';
  readonly exitCode = ExitCode.Settings;

  constructor(name: string, other: string) {
    super(`The task "${name}" already runs ${other}.`);
  }
}

/** No task of ours has that name or runs that instance. */
export class TaskNotFoundError extends IntegratorError {
  readonly code = 'TaskNotFound';
  readonly category = 'config';
  readonly retryable = false;
  readonly advice = 'List the tasks with Get-HaloSyncTask (halo-db-integrator task list).';
  readonly exitCode = ExitCode.Settings;

  constructor(name: string) {
    super(`There is no scheduled task for "${name}".`);
  }
}

/** The account needs a password, which is never taken as an argument. */
export class TaskPasswordError extends IntegratorError {
  readonly code = 'TaskPassword';
  readonly category = 'config';
  readonly retryable = false;
  readonly advice =
    'Use Register-HaloSyncTask -Credential, or an account without a password: a gMSA (DOMAIN\\name$), SYSTEM, LOCAL SERVICE.';
  readonly exitCode = ExitCode.Settings;

  constructor(account: string) {
    super(`A task for ${account} needs its password, and the command line takes none.`);
  }
}

/** There is no Task Scheduler here. */
export class SchedulerUnavailableError extends IntegratorError {
  readonly code = 'SchedulerUnavailable';
  readonly category = 'config';
  readonly retryable = false;
  readonly advice =
    'Write the XML with Register-HaloSyncTask -AsXml (halo-db-integrator task xml) and import it on Windows.';
  readonly exitCode = ExitCode.Settings;

  constructor() {
    super('Scheduled tasks need Windows.');
  }
}

/** The Task Scheduler refused. */
export class SchedulerRefusedError extends IntegratorError {
  readonly code = 'SchedulerRefused';
  readonly category = 'permission';
  readonly retryable = false;
  readonly advice = 'Run this as administrator, and check that the account exists and may log on as a batch job.';
  readonly exitCode = ExitCode.Settings;

  /** @param cause what says what it refused, and why */
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
