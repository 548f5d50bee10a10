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
