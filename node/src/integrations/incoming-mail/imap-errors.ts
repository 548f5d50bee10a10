import { IntegratorError } from '../../errors/integrator-error.ts';
import { MailLoginError, MailRefusedError, MailTlsError, MailUnreachableError } from '../../errors/mail-errors.ts';
import type { ImapAccess } from './mailbox-access.ts';

const certificate = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME|^ERR_(SSL|TLS)|EPROTO/;

/** What the IMAP library says of an error. */
interface ImapError {
  readonly code?: string;
  readonly authenticationFailed?: boolean;
  /** NO or BAD where the server answered so. */
  readonly responseStatus?: string;
  readonly serverResponseCode?: string;
  /** The answer as it was taken apart, where its code was not looked at. */
  readonly response?: {
    readonly attributes?: readonly { readonly section?: readonly { readonly value?: unknown }[] }[];
  };
  readonly responseText?: string;
  /** What the server said as it closed the connection. */
  readonly reason?: string;
  readonly message?: string;
}

/** An error of the IMAP library as one of ours. */
export function translatedImapError(access: ImapAccess, error: unknown): Error {
  if (error instanceof IntegratorError) return error;
  const server = `${access.host}:${access.port}`;
  const { code = '', message = String(error), ...said } = error as ImapError;
  const words = String(said.responseText ?? '').trim();
  if (said.authenticationFailed) return new MailLoginError(access.name, server, words, error);
  if (certificate.test(code) || /certificate|STARTTLS|SSL routines/i.test(message))
    return new MailTlsError(server, message, error);
  const refused = said.responseStatus === 'NO' || said.responseStatus === 'BAD' || code === 'ETHROTTLE';
  const responseCode = said.serverResponseCode ?? said.response?.attributes?.[0]?.section?.[0]?.value;
  const bracketed = typeof responseCode === 'string' ? `[${responseCode}] ` : '';
  if (refused) return new MailRefusedError(server, `${bracketed}${words || message}`, code === 'ETHROTTLE', error);
  return new MailUnreachableError(server, said.reason ?? (words || message), error);
}
