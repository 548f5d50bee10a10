import { ExitCode, IntegratorError } from './integrator-error.ts';
import { fileAdvice, fileReason } from './file-advice.ts';
import { reasonOf } from './reason-of.ts';

/** The appsettings.json asked for is not there. */
export class SettingsNotFoundError extends IntegratorError {
  readonly code = 'SettingsNotFound';
  readonly category = 'config';
  readonly retryable = false;
  readonly advice: string;
  readonly exitCode = ExitCode.Settings;

  /** @param misnamed a file beside it that is most likely meant */
  constructor(path: string, misnamed?: string) {
    super(
      misnamed === undefined
        ? `There is no settings file at ${path}.`
        : `There is no settings file at ${path}, but there is ${misnamed} in its folder.`,
    );
    this.advice =
      misnamed === 'appsettings.json'
        ? 'Give the path of that one, or of its folder.'
        : misnamed === undefined
          ? 'Give the path of an existing appsettings.json, or create one there (docs/settings.md shows an example).'
          : `Rename ${misnamed} to appsettings.json, or give the path of another appsettings.json.`;
  }
}

/** AUTO was given a file of another name: most likely a slip, and the wrong instance would run. */
export class SettingsNameError extends IntegratorError {
  readonly code = 'SettingsName';
  readonly category = 'config';
  readonly retryable = false;
  readonly advice = 'Name the settings file appsettings.json and give its path, or the path of its folder.';
  readonly exitCode = ExitCode.Settings;

  constructor(path: string) {
    super(`The settings file must be called appsettings.json, but ${path} was given.`);
  }
}

/** The settings file is there but cannot be read. */
export class SettingsUnreadableError extends IntegratorError {
  readonly code = 'SettingsUnreadable';
  readonly category = 'permission';
  readonly retryable = false;
  readonly advice: string;
  readonly exitCode = ExitCode.Settings;

  constructor(path: string, cause: unknown) {
    super(`The settings file ${path} cannot be read: ${reasonOf(cause)}.`, { cause });
    this.advice = fileAdvice(cause) ?? 'Let the account that runs the sync read the settings file.';
  }
}

/** The settings file cannot be replaced. */
export class SettingsNotSavedError extends IntegratorError {
  readonly code = 'SettingsNotSaved';
  readonly category = 'permission';
  readonly retryable = false;
  readonly advice =
    'Let the account write to the folder of the settings file, and close programs that hold the file open.';
  readonly exitCode = ExitCode.Settings;

  constructor(path: string, cause: unknown) {
    super(`The settings file ${path} was not changed: ${reasonOf(cause)}.`, { cause });
  }
}

/** One thing wrong in appsettings.json. */
export interface SettingsFault {
  /** The key with its parents, such as `Database.Server`; '' for the file as a whole. */
  readonly path: string;
  readonly problem: string;
  readonly fix: string;
}

/** appsettings.json has faults; all of them are named, a line each. */
export class SettingsInvalidError extends IntegratorError {
  readonly code = 'SettingsInvalid';
  readonly category = 'config';
  readonly retryable = false;
  readonly advice = 'Correct the lines named; docs/settings.md lists every key.';
  readonly exitCode = ExitCode.Settings;
  readonly faults: readonly SettingsFault[];

  /** @param refused whether these are the faults of a change, which was not saved */
  constructor(path: string, faults: readonly SettingsFault[], refused = false) {
    const count = faults.length === 1 ? 'a fault' : `${faults.length} faults`;
    const begin = refused ? `${path} was not changed, since it would then have ${count}:` : `${path} has ${count}:`;
    super([begin, ...faults.map(line)].join('\n'));
    this.faults = faults;
  }
}

/** A secret reference that cannot be resolved where the engine runs now. */
export class SecretUnavailableError extends IntegratorError {
  readonly code = 'SecretUnavailable';
  readonly category = 'config';
  readonly retryable = false;
  readonly advice: string;
  readonly exitCode = ExitCode.Settings;

  constructor(setting: string, problem: string, advice: string) {
    super(`The secret ${setting} is not available: ${problem}.`);
    this.advice = advice;
  }
}

/** The folder for the log cannot be made or written. */
export class LogFolderError extends IntegratorError {
  readonly code = 'LogFolder';
  readonly category = 'permission';
  readonly retryable = false;
  readonly advice: string;
  readonly exitCode = ExitCode.Settings;

  /** @param path the folder, or the file in it that is in the way */
  constructor(path: string, cause: unknown) {
    super(`The log ${path} cannot be written: ${fileReason(cause)}.`, { cause });
    this.advice =
      fileAdvice(cause) ?? 'Let the account that runs the sync write to the logs folder beside its appsettings.json.';
  }
}

function line(fault: SettingsFault): string {
  return `  ${fault.path === '' ? 'the file' : fault.path} ${fault.problem}. Fix: ${fault.fix}.`;
}
