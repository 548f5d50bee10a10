import { MissingCredentialError } from '../../errors/vendor-errors.ts';
import type { VendorContext } from '../integration.ts';
import { accessOf, missingMailCredentials } from './mailbox-access.ts';
import type { MailSource } from './mail-source.ts';

/** Opens the mailbox of a connection. Throws MissingCredentialError and what reaching a mailbox may throw. */
export async function openSource(context: VendorContext): Promise<MailSource & { readonly greeting: string }> {
  const { connection, settings, http, clock, signal } = context;
  const missing = missingMailCredentials(connection, settings);
  if (missing.length > 0) throw new MissingCredentialError('IncomingMail', missing);
  const access = accessOf(connection, settings);
  const { openImapSource } = await import('./imap-source.ts');
  if (access.kind !== 'imap') throw new MissingCredentialError('IncomingMail', ['MailboxTypes']);
  return openImapSource({ access, http, clock, signal });
}
