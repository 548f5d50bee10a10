import {
  DatabaseLoginError,
  DatabaseMissingError,
  DatabaseNotFoundError,
  DatabasePermissionError,
  DatabaseTlsError,
  DatabaseUnreachableError,
} from '../../errors/database-errors.ts';
import type { IntegratorError } from '../../errors/integrator-error.ts';
import type { ServerAddress } from './server-address.ts';

/** What of a connection is named when it fails. */
export interface ConnectionNames extends ServerAddress {
  readonly database: string;
  readonly username: string;
}

/** Which of name, port, TLS, login, database or permission kept a connection from being made. */
export function connectFailure(error: unknown, names: ConnectionNames): IntegratorError {
  const { number, code, message } = error as { number?: number; code?: string; message?: string };
  const text = [message, (error as { originalError?: Error }).originalError?.message].join(' ');
  if (number === 4060 || number === 911 || /cannot open database/i.test(text)) {
    return new DatabaseMissingError(names.host, names.database, error);
  }
  if (number === 229 || number === 916) return new DatabasePermissionError(text.trim(), error);
  if (number === 18456 || number === 18452 || code === 'ELOGIN' || /login failed/i.test(text)) {
    return new DatabaseLoginError(names.host, names.username, error);
  }
  if (/ENOTFOUND|EAI_AGAIN|getaddrinfo/.test(text)) return new DatabaseNotFoundError(names.host, error);
  if (/certificate|self.signed|SSL|TLS/i.test(text)) return new DatabaseTlsError(names.host, error);
  return new DatabaseUnreachableError(names.host, names.port, error);
}
