import { MissingCredentialError } from '../../errors/vendor-errors.ts';
import type { MailPosition } from '../../halo-api/mail/incoming-mail.ts';
import type { VendorContext } from '../connection.ts';
import { accessOf, missingMailCredentials } from './mailbox-access.ts';
import type { MailSource } from './mail-source.ts';

/**
 * Opens the mailbox of a connection; a listing goes on from the position given. Throws MissingCredentialError and what reaching a
 * mailbox may throw.
 */
export async function openSource(
  context: VendorContext,
  position?: MailPosition,
): Promise<MailSource & { readonly greeting: string }> {
  const { connection, settings, http, clock, signal } = context;
  const missing = missingMailCredentials(connection, settings);
  if (missing.length > 0) throw new MissingCredentialError('IncomingMail', missing);
  const access = accessOf(connection, settings);
  if (access.kind === 'graph') {
    const { openGraphSource } = await import('./graph-source.ts');
    return openGraphSource({ access, http, clock, signal, ...(position !== undefined && { position }) });
  }
  const { openImapSource } = await import('./imap-source.ts');
  return openImapSource({ access, http, clock, signal });
}
