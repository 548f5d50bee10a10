import type * as Ldap from 'ldapts';
import {
  DirectoryLimitError,
  DirectorySearchError,
  DirectorySignInError,
  DirectoryTlsError,
  DirectoryUnreachableError,
} from '../../../errors/directory-errors.ts';
import { IntegratorError } from '../../../errors/integrator-error.ts';
import type { DirectoryAddress } from './directory.ts';

/** What Active Directory means by the code in its answer to a sign-in ("data 52e"): the message is the same for all of them. */
const signInTroubles: Readonly<Record<string, readonly [trouble: string, advice: string]>> = {
  '525': ['there is no such user', 'Correct the user name of the connection in Halo, such as name@company.local.'],
  '52e': ['user name or password is wrong', 'Correct user name and password; a user name reads name@company.local.'],
  '530': ['the account may not sign in at this time', 'Let the account sign in at all hours.'],
  '531': ['the account may not sign in from this computer', 'Let the account sign in from this server.'],
  '532': ['the password has expired', 'Set a new password, and let the account’s password never expire.'],
  '533': ['the account is disabled', 'Enable the account, or use another one.'],
  '701': ['the account has expired', 'Prolong the account, or use another one.'],
  '773': ['the password has to be changed first', 'Sign in once with the account and change its password.'],
  '775': ['the account is locked out', 'Unlock the account and look for what signs in with an old password.'],
};

const connectTroubles: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens at this port',
  ECONNRESET: 'the server ended the connection',
  EPIPE: 'the server ended the connection',
  ENOTFOUND: 'there is no host of this name',
  EAI_AGAIN: 'the name server does not answer',
  ETIMEDOUT: 'it does not answer',
  EHOSTUNREACH: 'there is no way to this host',
  ENETUNREACH: 'there is no way to this network',
  EPROTO: 'it does not speak TLS at this port',
};

/** LDAP result codes (RFC 4511, 4.1.9). */
const codes = {
  timeLimit: 3,
  sizeLimit: 4,
  strongerAuth: 8,
  referral: 10,
  adminLimit: 11,
  confidentiality: 13,
  noSuchObject: 32,
  invalidDn: 34,
  inappropriateAuth: 48,
  invalidCredentials: 49,
  insufficientAccess: 50,
  unwillingToPerform: 53,
};

/** What kept us from connecting or signing in, as an error of ours. */
export function connectFailure(error: unknown, address: DirectoryAddress, server: string): IntegratorError {
  if (error instanceof IntegratorError) return error;
  const code = resultCode(error);
  const said = wordsOf(error);
  if (code === codes.invalidCredentials || code === codes.inappropriateAuth || code === codes.noSuchObject) {
    const [trouble, advice] = signInTroubles[/\bdata (\w{3})\b/.exec(said)?.[1] ?? ''] ?? [
      'user name or password is wrong',
      'Correct user name and password; a user name is a distinguished name, or name@company.local in Active Directory.',
    ];
    return new DirectorySignInError(server, trouble, advice, error);
  }
  if (code === codes.strongerAuth || code === codes.confidentiality)
    return new DirectorySignInError(
      server,
      'it asks for an encrypted connection',
      'Switch SSL on in the connection in Halo (port 636), or set Encryption of this integration to starttls.',
      error,
    );
  if (code !== undefined)
    return new DirectorySignInError(server, said, 'Look after the account as the directory’s words say.', error);
  const tls = tlsTrouble(error);
  if (tls !== undefined) return new DirectoryTlsError(server, tls, error);
  const trouble = connectTroubles[networkCode(error) ?? ''];
  // A port that speaks TLS ends a plain connection without a word, and the other way round.
  if (
    trouble === connectTroubles['ECONNRESET'] ||
    /ECONNRESET|EPIPE/.test(said) ||
    /socket closed|connection closed/i.test(said)
  )
    return new DirectoryUnreachableError(
      server,
      address.encryption === 'ldaps'
        ? 'the server ended the connection; it may not speak TLS at this port'
        : 'the server ended the connection; it may ask for TLS at this port',
      error,
    );
  return new DirectoryUnreachableError(server, trouble ?? said, error);
}

/** What kept a search from its end, as an error of ours. */
export function searchFailure(
  error: unknown,
  server: string,
  { base }: { readonly base: string },
  contexts: readonly string[],
): IntegratorError {
  if (error instanceof IntegratorError) return error;
  const said = wordsOf(error);
  const known = contexts.length > 0 ? `It has ${contexts.map((one) => `"${one}"`).join(', ')}.` : '';
  switch (resultCode(error)) {
    case codes.sizeLimit:
    case codes.timeLimit:
    case codes.adminLimit:
      return new DirectoryLimitError(server, base, said, error);
    case codes.noSuchObject:
    case codes.invalidDn:
    case codes.referral:
      return new DirectorySearchError(
        `The directory ${server} has no container "${base}".`,
        `Correct it in the connection in Halo. ${known}`.trim(),
        error,
      );
    case codes.insufficientAccess:
      return new DirectorySearchError(
        `The directory ${server} does not let this account read "${base}".`,
        'Let the account read this container and the objects below it.',
        error,
      );
    case undefined:
      return new DirectoryUnreachableError(server, connectTroubles[networkCode(error) ?? ''] ?? said, error);
    default:
      return new DirectorySearchError(
        `The directory ${server} refuses the search below "${base}": ${said}.`,
        'Look at base and filter of the mapping in Halo.',
        error,
      );
  }
}

function resultCode(error: unknown): number | undefined {
  const { code } = error as Partial<Ldap.ResultCodeError>;
  return typeof code === 'number' ? code : undefined;
}

function networkCode(error: unknown): string | undefined {
  const chain = [error, (error as { cause?: unknown } | undefined)?.cause, ...((error as AggregateError).errors ?? [])];
  return chain
    .map((one) => (one as { code?: unknown } | undefined)?.code)
    .find((code): code is string => typeof code === 'string' && code in connectTroubles);
}

function tlsTrouble(error: unknown): string | undefined {
  const { code, message = '' } = error as { code?: unknown; message?: string };
  if (typeof code !== 'string') return undefined;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'the certificate is for another name';
  if (code === 'CERT_HAS_EXPIRED') return 'the certificate has expired';
  if (/CERT|SELF_SIGNED|ISSUER|UNABLE_TO_VERIFY/.test(code)) return `the certificate is not trusted (${message})`;
  return /^ERR_(SSL|TLS)/.test(code) ? message : undefined;
}

/** What was said, without control characters and the full stop at its end. */
function wordsOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replaceAll(/\p{Cc}+/gu, ' ').replace(/(?:\s*Code: 0x\w+)?[\s.]*$/, '') || 'it says nothing';
}

/** A filter that is none, such as one whose brackets do not pair. */
export function filterFailure(filter: string, error: unknown): DirectorySearchError {
  return new DirectorySearchError(
    `The filter "${filter}" cannot be read.`,
    'Correct the filter of the mapping in Halo; it reads like (&(objectClass=user)(department=Sales)).',
    error,
  );
}
