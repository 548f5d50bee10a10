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
  tables: {
    [MailboxTable]: ['SELECT', 'UPDATE'],
    [CredentialTable]: ['SELECT'],
    IncomingEmail: ['SELECT', 'INSERT', 'UPDATE'],
    ACTIONS: ['SELECT', 'INSERT', 'UPDATE'],
    ATTACHMENT: ['SELECT', 'INSERT'],
    ATTACHMENTACTION: ['SELECT', 'INSERT'],
    USERS: ['SELECT', 'INSERT', 'UPDATE'],
    AzureDelta: ['SELECT', 'INSERT', 'UPDATE'],
    CHANGESEQ: ['SELECT', 'UPDATE'],
    CONTROL: ['SELECT'],
    CONTROL2: ['SELECT'],
    CONTROL3: ['SELECT'],
    Control4: ['SELECT'],
  },
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
