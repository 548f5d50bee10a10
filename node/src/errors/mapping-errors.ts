import { ExitCode, IntegratorError } from './integrator-error.ts';

/** A mapping of people in Halo holds something whose meaning is not known. */
export class UnclearMappingError extends IntegratorError {
  readonly code = 'UnclearMapping';
  readonly category = 'config';
  readonly retryable = false;
  readonly exitCode = ExitCode.Settings;
  readonly advice: string;
  constructor(mapping: string, trouble: string, advice: string) {
    super(`The mapping "${mapping}" cannot be applied: ${trouble}.`);
    this.advice = `${advice}.`;
  }
}
