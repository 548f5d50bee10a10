import { ExitCode, IntegratorError } from './integrator-error.ts';
import { reasonOf } from './reason-of.ts';

/** A plan cannot be written where it was asked for. */
export class PlanNotSavedError extends IntegratorError {
  readonly code = 'PlanNotSaved';
  readonly category = 'permission';
  readonly retryable = false;
  readonly advice = 'Name a new file in a folder that exists and can be written to; one that is there is not replaced.';
  readonly exitCode = ExitCode.Settings;

  constructor(path: string, cause: unknown) {
    super(`The plan was not written to ${path}: ${reasonOf(cause)}.`, { cause });
  }
}
/** A file is no plan, was not written to its end, or was changed since. */
export class PlanDamagedError extends IntegratorError {
  readonly code = 'PlanDamaged';
  readonly category = 'data';
  readonly retryable = false;
  readonly advice =
    'Make the plan anew, with Invoke-HaloSync -WhatIf -PlanPath (sync --what-if --plan-path), and apply it as it is.';
  readonly exitCode = ExitCode.Settings;

  constructor(path: string, why: string) {
    super(`${path} cannot be applied: ${why}. Nothing was written.`);
  }
}

/** A plan was made for another instance or another database. */
export class PlanOfAnotherError extends IntegratorError {
  readonly code = 'PlanOfAnother';
  readonly category = 'config';
  readonly retryable = false;
  readonly advice: string;
  readonly exitCode = ExitCode.Settings;

  /** @param what the instance, or the database */
  constructor(path: string, what: 'instance' | 'database', planned: string, here: string) {
    super(`${path} was made for the ${what} ${planned}, and this is ${here}. Nothing was written.`);
    this.advice =
      what === 'instance'
        ? 'Apply it in the instance it was made in, with its -ConfigPath (--config), or make a plan here.'
        : 'Apply it where the settings name that database, or make a plan for this one.';
  }
}

/** A plan cannot be read. */
export class PlanUnreadableError extends IntegratorError {
  readonly code = 'PlanUnreadable';
  readonly category = 'permission';
  readonly retryable = false;
  readonly advice = 'Name a file that was written with -PlanPath (--plan-path), and let the account read it.';
  readonly exitCode = ExitCode.Settings;

  constructor(path: string, cause: unknown) {
    super(`The plan ${path} cannot be read: ${reasonOf(cause)}.`, { cause });
  }
}
