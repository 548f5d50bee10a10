import type { Integration } from '../integration.ts';
import { mailSettings } from './mail-settings.ts';
import { missingMailCredentials } from './mailbox-access.ts';
import { CredentialTable, MailboxTable, readMailboxes } from './mailbox-rows.ts';
import { messages } from './messages.ts';

/** Incoming mail: messages of Halo's mailboxes (Exchange Online, IMAP, Gmail) as tickets and actions. */
export const incomingMail: Integration = {
  name: 'IncomingMail',
  displayName: 'Incoming mail',
  settings: mailSettings,
  entities: [messages],
  tables: [
    MailboxTable,
    CredentialTable,
    'IncomingEmail',
    'ATTACHMENTACTION',
    'AzureDelta',
    'CHANGESEQ',
    'CONTROL',
    'CONTROL2',
    'CONTROL3',
    'Control4',
  ],
  connections: readMailboxes,
  missingCredentials: missingMailCredentials,
  async probe(context) {
    const { openSource } = await import('./open-source.ts');
    const source = await openSource(context);
    await source.close();
    return source.greeting;
  },
  recordSync: (connection, { at, error }, write) =>
    write(
      MailboxTable,
      { column: 'MBid', value: connection.id },
      { MBHaloIntegratorLastSync: at, MBHaloIntegratorLastError: error },
    ),
};
