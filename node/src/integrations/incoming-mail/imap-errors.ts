import { IntegratorError } from '../../errors/integrator-error.ts';
import { MailLoginError, MailTlsError, MailUnreachableError } from '../../errors/mail-errors.ts';
import type { ImapAccess } from './mailbox-access.ts';

const certificate = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME|^ERR_(SSL|TLS)|EPROTO/;

/** An error of the IMAP library as one of ours. */
export function translatedImapError(access: ImapAccess, error: unknown): Error {
  if (error instanceof IntegratorError) return error;
  const server = `${access.host}:${access.port}`;
  const {
    code = '',
    authenticationFailed = false,
    responseText = '',
    message = String(error),
  } = error as { code?: string; authenticationFailed?: boolean; responseText?: string; message?: string };
  if (authenticationFailed) return new MailLoginError(access.name, server, String(responseText), error);
  if (certificate.test(code) || /certificate|STARTTLS|SSL routines/i.test(message))
    return new MailTlsError(server, message, error);
  return new MailUnreachableError(server, responseText || message, error);
}
