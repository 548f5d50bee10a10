import { ExitCode, IntegratorError } from './integrator-error.ts';

/** A vendor's list did not come whole, or not as a list can be: pages repeat, records it promised are missing, it has no end. */
export class IncompleteListError extends IntegratorError {
  readonly code = 'IncompleteList';
  readonly category = 'data';
  readonly retryable = true;
  readonly exitCode = ExitCode.Unexpected;
  readonly advice =
    'What came was written, nothing is deactivated, and the next run reads the list from its beginning. If it happens again, ask the vendor why its list is not whole.';

  /** @param trouble what is wrong with the list, as the end of a sentence */
  constructor(trouble: string) {
    super(`The vendor’s list is not whole: ${trouble}.`);
  }
}
