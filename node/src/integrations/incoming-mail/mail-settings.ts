import type { UnmatchedPolicy } from '../../halo-api/mail/assumptions.ts';
import type { IntegrationSettingField } from '../integration.ts';

/** The words of the setting UnmatchedUsers. */
export const unmatchedWords: readonly UnmatchedPolicy[] = ['default-user', 'create-user', 'ignore'];

/** Settings of incoming mail in appsettings.json. */
export const mailSettings: Readonly<Record<string, IntegrationSettingField>> = {
  Mailboxes: {
    type: 'string[]',
    description: 'Names or ids of the mailboxes this instance reads. Without it, every enabled mailbox.',
  },
  Passwords: {
    type: 'string',
    perName: true,
    description: 'IMAP password or app password of each mailbox, by its name or id in Halo.',
  },
  GoogleRefreshTokens: {
    type: 'string',
    secret: true,
    perName: true,
    description: 'OAuth refresh token of each Gmail mailbox, by its name or id in Halo; in place of an app password.',
  },
  GoogleClientId: { type: 'string', description: 'Client id of the OAuth client the refresh tokens are of.' },
  GoogleClientSecret: { type: 'string', secret: true, description: 'Its client secret.' },
  GoogleTokenUrl: {
    type: 'string',
    default: 'https://oauth2.googleapis.com/token',
    description: 'Where Google’s access tokens come from.',
  },
  Tenant: { type: 'string', description: 'Entra tenant of Exchange Online mailboxes; else the mailbox’s own in Halo.' },
  ClientId: { type: 'string', description: 'Application id for Exchange Online; else the mailbox’s own in Halo.' },
  ClientSecret: { type: 'string', secret: true, description: 'Client secret of that application.' },
  GraphUrl: { type: 'string', default: 'https://graph.microsoft.com', description: 'Where Microsoft Graph is.' },
  LoginUrl: {
    type: 'string',
    default: 'https://login.microsoftonline.com',
    description: 'Where Microsoft’s tokens come from.',
  },
  TrustServerCertificate: {
    type: 'boolean',
    default: false,
    description: 'Accept any certificate of an IMAP server. Only on a network you trust.',
  },
  AllowUnencrypted: {
    type: 'boolean',
    default: false,
    description: 'Sign in to IMAP without encryption where the mailbox row has TLS off.',
  },
  MaxMessageMB: { type: 'number', default: 60, description: 'Larger messages are set aside unread.' },
  MaxAttachmentMB: {
    type: 'number',
    default: 25,
    description: 'Larger attachments are left out and named in the ticket; Halo’s own limit counts where it is lower.',
  },
  BlockedExtensions: {
    type: 'string[]',
    description: 'Endings of attachments that are left out and named in the ticket, such as "exe".',
  },
  LoopLimit: {
    type: 'number',
    description:
      'More new tickets than this of one sender within an hour are a loop and set aside. Without it, 20 of one subject or 250 in all.',
  },
  RetrySetAside: {
    type: 'boolean',
    default: false,
    description: 'Try messages again that were set aside for good.',
  },
  MailboxTypes: {
    type: 'string[]',
    words: ['exchange', 'imap', 'none'],
    description: 'What MAILBOX.MBType means, each as "code=exchange", "code=imap" or "code=none".',
  },
  UnmatchedUsers: {
    type: 'string[]',
    words: unmatchedWords,
    description:
      'What MAILBOX.MBUnmatchedUsers means, each as "code=default-user", "code=create-user" or "code=ignore".',
  },
  ClosedStatus: { type: 'number', default: 9, description: 'Id of the status of closed tickets.' },
  UnassignedAgent: { type: 'number', default: 1, description: 'Id of the agent that stands for nobody.' },
  AttachmentType: { type: 'number', default: 0, description: 'ATTACHMENT.atType of a ticket’s file.' },
  IncomingEmailStatus: {
    type: 'number',
    default: 0,
    description: 'IncomingEmail.IEStatus of a message that was dealt with.',
  },
  RequestSource: { type: 'number', default: 0, description: 'FAULTS.FRequestSource of tickets that come by mail.' },
  FirstOutcome: {
    type: 'string',
    default: 'First User Email',
    description: 'Outcome of a ticket’s first action.',
  },
  ReplyOutcome: { type: 'string', default: 'Email Updated', description: 'Outcome of a reply’s action.' },
};

/** The settings as code reads them: a value that is missing or of another kind is undefined. */
export interface MailSettingsView {
  text(name: string): string | undefined;
  number(name: string): number | undefined;
  flag(name: string): boolean;
  list(name: string): readonly string[];
  /** The secret of a mailbox by its name or id. */
  named(name: string, mailbox: { readonly id: number; readonly name: string }): string | undefined;
  /** Lines of the form "code=word" as a map. */
  codes(name: string): ReadonlyMap<number, string>;
}

/** Reads settings by kind. */
export function viewSettings(settings: Readonly<Record<string, unknown>>): MailSettingsView {
  const value = (name: string): unknown => settings[name] ?? mailSettings[name]?.default;
  const list = (name: string): readonly string[] => {
    const found = value(name);
    return Array.isArray(found) ? found.map(String) : [];
  };
  return {
    text(name) {
      const found = value(name);
      return typeof found === 'string' && found !== '' ? found : undefined;
    },
    number(name) {
      const found = value(name);
      return typeof found === 'number' ? found : undefined;
    },
    flag: (name) => value(name) === true,
    list,
    named(name, mailbox) {
      const all = Object.entries((value(name) ?? {}) as Record<string, string>);
      const wanted = [mailbox.name.toLowerCase(), String(mailbox.id)];
      const index = all.findIndex(([key]) => wanted.includes(key.toLowerCase()));
      return all[index]?.[1];
    },
    codes(name) {
      const pairs = list(name).map((line) => line.split('=', 2).map((part) => part.trim()));
      return new Map(
        pairs.flatMap(([code, word]) => (code && word ? [[Number(code), word.toLowerCase()] as const] : [])),
      );
    },
  };
}
