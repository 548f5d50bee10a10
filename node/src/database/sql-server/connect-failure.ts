import {
  DatabaseLoginError,
  DatabaseMissingError,
  DatabaseNotFoundError,
  DatabasePermissionError,
  DatabaseTlsError,
  DatabaseUnreachableError,
} from '../../errors/database-errors.ts';
import { entraSignInAdvice } from '../../errors/entra-sign-in.ts';
import { IntegratorError } from '../../errors/integrator-error.ts';
import { errorChain } from './error-chain.ts';
import type { ServerAddress } from './server-address.ts';
import { isTransientNumber } from './transient-errors.ts';

/** What of a connection is named when it fails. */
export interface ConnectionNames extends ServerAddress {
  readonly database: string;
  readonly username: string;
}

/** An error the server told of while it was signed in to. */
export interface ServerMessage {
  readonly number?: number | undefined;
  readonly message: string;
}

/** OpenSSL's and Node's codes for a certificate or handshake that was not accepted, and tedious' for no encryption at all. */
const tls = /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|EPROTO$|EENCRYPT$)/;
/** A handshake broken off by the other side carries the code of any lost connection. */
const tlsWords = /secure TLS connection|self[- ]signed certificate|unable to verify the first certificate/i;

/** No such database, or the login's default database cannot be opened. */
const noDatabase = [4060, 4064, 911];
/** Whether the number says that there is no such database, or that it cannot be opened now. */
export function isDatabaseAway(number: number | undefined): boolean {
  return number !== undefined && noDatabase.includes(number);
}

/** Wrong password, untrusted domain, no access to the server, disabled, locked, password expired or to be changed. */
const noLogin = [18456, 18452, 18450, 18451, 18470, 18486, 18487, 18488];
/** Azure's firewall. */
const firewall = [40615, 40914];

const loginAdvices: Readonly<Record<number, string>> = {
  18452:
    'The server does not trust the domain of this login: sign in with a SQL login, or with Database.Authentication "windows" (Set-HaloDbConfig -Authentication Windows) as an account of its domain.',
  18450:
    'The server takes Windows logins only: set Database.Authentication to "windows" (Set-HaloDbConfig -Authentication Windows), or allow SQL logins on the server.',
  18470: 'Enable the login on the server: ALTER LOGIN … ENABLE.',
  18486:
    'Unlock the login on the server (ALTER LOGIN … WITH PASSWORD = … UNLOCK), and look for what signs in with an old password.',
  18487: 'Set a new password for the login, and put it into the settings: Set-HaloDbConfig -Credential.',
  18488: 'Set a new password for the login, and put it into the settings: Set-HaloDbConfig -Credential.',
};

function loginFailure(
  error: unknown,
  { host, username }: ConnectionNames,
  login: ServerMessage | undefined,
  entra: string | undefined,
): DatabaseLoginError {
  const said = entra ?? (login?.number === 18456 ? '' : login?.message);
  const advice = entra === undefined ? loginAdvices[login?.number ?? 0] : entraSignInAdvice(entra);
  return new DatabaseLoginError(host, username, error, said, advice);
}

/**
 * Which of name, port, TLS, login, database or permission kept a connection from being made. `opened` says that the database was
 * open before: it is then no wrong name, but restarting, failing over or being recovered.
 */
export function connectFailure(
  error: unknown,
  names: ConnectionNames,
  said: readonly ServerMessage[] = [],
  opened = false,
): IntegratorError {
  if (error instanceof IntegratorError) return error;
  const causes: ServerMessage[] = [...said];
  const codes: string[] = [];
  let handshake: string | undefined;
  for (const { code, number, message = '' } of errorChain(error)) {
    causes.push({ number, message });
    if (code !== undefined) codes.push(String(code));
    if (tls.test(String(code)) || tlsWords.test(message)) handshake = message;
  }
  const toldOf = (numbers: readonly number[]) => causes.find((cause) => numbers.includes(cause.number ?? 0));
  const inWords = (test: RegExp) => causes.find(({ message }) => test.test(message));
  const server = names.instance ? `${names.host}\\${names.instance}` : names.host;

  const missing = toldOf(noDatabase) ?? inWords(/cannot open database|database .* does not exist/i);
  if (missing && opened) return new DatabaseUnreachableError(server, names.port, error, missing.message);
  if (missing) return new DatabaseMissingError(names.host, names.database, error);
  const refused = toldOf([229, 916]);
  if (refused) return new DatabasePermissionError(refused.message, error);
  const blocked = toldOf(firewall) ?? causes.find(({ number }) => isTransientNumber(number));
  if (blocked) return new DatabaseUnreachableError(server, names.port, error, blocked.message);
  const login = toldOf(noLogin) ?? inWords(/login failed|authentication failed/i);
  if (login ?? codes.some((code) => code === 'ELOGIN' || code === 'EFEDAUTH'))
    return loginFailure(error, names, login, inWords(/AADSTS\d/)?.message);
  if (handshake !== undefined) return new DatabaseTlsError(names.host, error, handshake);
  if (codes.some((code) => /ENOTFOUND|EAI_AGAIN/.test(code)) || inWords(/ENOTFOUND|EAI_AGAIN/))
    return new DatabaseNotFoundError(names.host, error);
  return new DatabaseUnreachableError(server, names.port, error);
}
