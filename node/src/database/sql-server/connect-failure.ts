import {
  DatabaseLoginError,
  DatabaseMissingError,
  DatabaseNotFoundError,
  DatabasePermissionError,
  DatabaseTlsError,
  DatabaseUnreachableError,
} from '../../errors/database-errors.ts';
import { IntegratorError } from '../../errors/integrator-error.ts';
import type { ServerAddress } from './server-address.ts';

/** What of a connection is named when it fails. */
export interface ConnectionNames extends ServerAddress {
  readonly database: string;
  readonly username: string;
}

/** An error with all that caused it, outermost first. */
function* chain(
  error: unknown,
): Generator<{ readonly code?: string; readonly number?: number; readonly message?: string }> {
  let one = error as Record<string, unknown> | undefined;
  for (let depth = 0; one && depth < 6; depth++) {
    yield one;
    const [first] = Array.isArray(one['errors']) ? (one['errors'] as Record<string, unknown>[]) : [];
    one = (one['originalError'] ?? one['cause'] ?? first) as Record<string, unknown> | undefined;
  }
}

/** OpenSSL's and Node's codes for a certificate or handshake that was not accepted, and tedious' for no encryption at all. */
const tls = /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|EPROTO$|EENCRYPT$)/;

/** Which of name, port, TLS, login, database or permission kept a connection from being made. */
export function connectFailure(error: unknown, names: ConnectionNames): IntegratorError {
  if (error instanceof IntegratorError) return error;
  const causes = [...chain(error)];
  const has = (test: (cause: (typeof causes)[number]) => boolean): boolean => causes.some(test);
  const number = (...numbers: number[]) => has((cause) => numbers.includes(cause.number ?? 0));
  if (number(4060, 911) || has(({ message }) => /cannot open database|database .* does not exist/i.test(message ?? '')))
    return new DatabaseMissingError(names.host, names.database, error);
  if (number(229, 916)) return new DatabasePermissionError(causes[0]?.message ?? '', error);
  if (
    number(18456, 18452) ||
    has(({ code, message }) => code === 'ELOGIN' || /login failed|authentication failed/i.test(message ?? ''))
  )
    return new DatabaseLoginError(names.host, names.username, error);
  if (has(({ code }) => tls.test(code ?? ''))) return new DatabaseTlsError(names.host, error);
  if (has(({ code, message }) => /ENOTFOUND|EAI_AGAIN/.test(`${code} ${message}`)))
    return new DatabaseNotFoundError(names.host, error);
  return new DatabaseUnreachableError(
    names.instance ? `${names.host}\\${names.instance}` : names.host,
    names.port,
    error,
  );
}
