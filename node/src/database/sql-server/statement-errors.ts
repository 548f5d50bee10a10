import { DatabaseConstraintError, DatabasePermissionError, UnknownColumnError } from '../../errors/database-errors.ts';
import { IntegratorError } from '../../errors/integrator-error.ts';

/**
 * A failed statement as the error of its cause, by SQL Server's number; servers that speak the same protocol number their
 * errors otherwise, so their words count too. What is not known stays as it is.
 */
export function statementError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof IntegratorError) return error;
  const { number = 0 } = error as { number?: number };
  const { message } = error;
  const is = (numbers: readonly number[], words: RegExp): boolean => numbers.includes(number) || words.test(message);
  if (is([207, 208], /invalid (column|object) name|(column|relation) .* does not exist/i))
    return new UnknownColumnError(
      /["'“]([^"'”]+)["'”]/.exec(message)?.[1] ?? /column (\S+) does/.exec(message)?.[1] ?? message,
    );
  if (is([229, 230], /permission (was )?denied/i)) return new DatabasePermissionError(message, error);
  if (
    is(
      [515, 547, 2601, 2627, 2628, 8115, 8152],
      /violates (not-null|unique|foreign key|check) constraint|duplicate key|value too long|out of range/i,
    )
  )
    return new DatabaseConstraintError(message, error);
  return error;
}
