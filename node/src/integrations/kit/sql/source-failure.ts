import { IntegratorError } from '../../../errors/integrator-error.ts';
import {
  SourceDatabaseSignInError,
  SourceDatabaseUnreachableError,
  SourceQueryError,
} from '../../../errors/source-database-errors.ts';

/** Codes of drivers and servers that say the account is not let in. */
const refused =
  /^(ELOGIN|ER_ACCESS_DENIED\w*|ER_DBACCESS_DENIED\w*|ER_TABLEACCESS_DENIED\w*|ER_COLUMNACCESS_DENIED\w*|28P01|28000|42501|3D000)$/;
const troubles: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens at this port',
  ECONNRESET: 'the server ended the connection',
  PROTOCOL_CONNECTION_LOST: 'the server ended the connection',
  ENOTFOUND: 'there is no host of this name',
  EAI_AGAIN: 'the name server does not answer',
  ETIMEDOUT: 'it does not answer',
  ETIMEOUT: 'it does not answer',
  EINSTLOOKUP: 'it has no instance of this name, or SQL Server Browser does not run there',
  EHOSTUNREACH: 'there is no way to this host',
  ER_BAD_DB_ERROR: 'it has no such database',
  '3D000': 'it has no such database',
};

/** What kept us from connecting, as an error of ours. */
export function connectFailure(error: unknown, server: string): IntegratorError {
  if (error instanceof IntegratorError) return error;
  const codes = codesOf(error);
  if (codes.some((code) => refused.test(code))) return new SourceDatabaseSignInError(server, wordsOf(error), error);
  const trouble = codes.map((code) => troubles[code]).find((words) => words !== undefined);
  return new SourceDatabaseUnreachableError(server, trouble ?? wordsOf(error), error);
}

/** What kept a query from its end, as an error of ours. */
export function queryFailure(error: unknown, name: string, server: string): IntegratorError {
  if (error instanceof IntegratorError) return error;
  const codes = codesOf(error);
  if (codes.some((code) => refused.test(code))) return new SourceDatabaseSignInError(server, wordsOf(error), error);
  const lost = codes.find((code) => code in troubles && code !== 'ETIMEOUT');
  if (lost !== undefined) return new SourceDatabaseUnreachableError(server, troubles[lost] ?? lost, error);
  return new SourceQueryError(name, wordsOf(error), error);
}

function codesOf(error: unknown): string[] {
  const found: string[] = [];
  for (let one: unknown = error; one !== null && typeof one === 'object' && found.length < 10;) {
    const { code, originalError, cause } = one as { code?: unknown; originalError?: unknown; cause?: unknown };
    if (typeof code === 'string') found.push(code);
    one = originalError ?? cause;
  }
  return found;
}

function wordsOf(error: unknown): string {
  const { message, code } = error as { message?: string; code?: unknown };
  const words = (message ?? '').replaceAll(/\p{Cc}+/gu, ' ').replace(/[\s.]*$/, '');
  return words || (typeof code === 'string' ? code : String(error));
}
