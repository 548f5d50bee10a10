/** What the driver and its sockets say of an error. */
export interface DriverError {
  readonly code?: string;
  readonly number?: number;
  readonly state?: unknown;
  readonly message?: string;
  /** The tables its statement is about, as our own runner notes them. */
  readonly tables?: readonly string[];
}

/** Of an error around the one meant: a trigger ended the transaction, and the statement was ended. */
const echoes = [3609, 3621];

/** The error a failed statement is about; where the server told several, the last one is what the driver throws. */
export function toldError(error: Error): DriverError & { readonly message: string } {
  const told = [...before(error), error] as (DriverError & { readonly message: string })[];
  return told.find(({ number }) => !echoes.includes(number ?? 0)) ?? error;
}

function before(error: unknown): readonly DriverError[] {
  const { precedingErrors } = error as { precedingErrors?: unknown };
  return Array.isArray(precedingErrors) ? (precedingErrors as DriverError[]) : [];
}

/** An error with those told before it and all that caused it, outermost first. */
export function* errorChain(error: unknown): Generator<DriverError> {
  let one = error as Record<string, unknown> | undefined;
  for (let depth = 0; one && depth < 6; depth++) {
    yield one;
    yield* before(one);
    const [first] = Array.isArray(one['errors']) ? (one['errors'] as Record<string, unknown>[]) : [];
    one = (one['originalError'] ?? one['cause'] ?? first) as Record<string, unknown> | undefined;
  }
}
