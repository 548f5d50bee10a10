/** What the driver and its sockets say of an error. */
export interface DriverError {
  readonly code?: string;
  readonly number?: number;
  readonly state?: unknown;
  readonly message?: string;
}

/** An error with all that caused it, outermost first. */
export function* errorChain(error: unknown): Generator<DriverError> {
  let one = error as Record<string, unknown> | undefined;
  for (let depth = 0; one && depth < 6; depth++) {
    yield one;
    const [first] = Array.isArray(one['errors']) ? (one['errors'] as Record<string, unknown>[]) : [];
    one = (one['originalError'] ?? one['cause'] ?? first) as Record<string, unknown> | undefined;
  }
}
