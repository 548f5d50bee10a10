import {
  DatabaseBusyError,
  DatabaseCollationError,
  DatabaseConstraintError,
  DatabasePermissionError,
  UnknownColumnError,
} from '../../errors/database-errors.ts';
import { IntegratorError } from '../../errors/integrator-error.ts';
import { toldError } from './error-chain.ts';

/** Null, a foreign key or check, a key taken twice, too long a text, a number or date that does not fit or cannot be read, a trigger. */
const refusedRow = [515, 547, 2601, 2627, 2628, 8115, 8152, 8114, 8169, 220, 241, 242, 245, 248, 3609];
/** Two collations. */
const collations = [446, 451, 457, 468];
/** Log or file full, no memory. */
const noRoom = [9002, 1101, 1105, 701, 802];

/**
 * Whether the database does not know OPENJSON, as below compatibility level 130: it is then told to be no object, or, where it is followed by
 * WITH and its columns, that WITH is a mistake (319), which nothing else of ours can be.
 */
export function lacksOpenJson(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { number = 0, message } = toldError(error);
  return number === 319 || (number === 208 && /openjson/i.test(message));
}

/**
 * A failed statement as the error of its cause, by SQL Server's number; servers that speak the same protocol number their
 * errors otherwise, so their words count too. What is not known stays as it is.
 */
export function statementError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof IntegratorError) return error;
  const { number = 0, message } = toldError(error);
  const is = (numbers: readonly number[], words: RegExp): boolean => numbers.includes(number) || words.test(message);
  if (is([207, 208], /invalid (column|object) name|(column|relation) .* does not exist/i))
    return new UnknownColumnError(
      /["'“]([^"'”]+)["'”]/.exec(message)?.[1] ?? /column (\S+) does/.exec(message)?.[1] ?? message,
    );
  if (is([229, 230, 262, 3906], /permission (was )?denied|read-only transaction/i))
    return new DatabasePermissionError(message, error);
  if (is(noRoom, /no space left on device/i)) return new DatabaseBusyError(message, error);
  if (collations.includes(number)) return new DatabaseCollationError(message, error);
  // From 50,000 on they are made by triggers.
  if (number >= 50_000 && number < 2 ** 25) return new DatabaseConstraintError(message, error);
  if (
    is(
      refusedRow,
      /violates (not-null|unique|foreign key|check) constraint|duplicate key|value too long|out of range|invalid (input syntax|byte sequence)/i,
    )
  )
    return new DatabaseConstraintError(message, error);
  return error;
}
