import type { HaloConnection } from '../connection.ts';
import { viewSettings, type MailSettingsView } from './mail-settings.ts';

/** What is done with a message that was dealt with. */
export type Afterwards =
  { readonly do: 'leave' } | { readonly do: 'delete' } | { readonly do: 'move'; readonly folder: string | undefined };

interface Shared {
  readonly name: string;
  readonly folder: string;
  readonly afterwards: Afterwards;
  /** Messages received before are not looked at. */
  readonly since: Date | undefined;
}

/** How a mailbox is read, from its row in Halo and the settings. */
export type MailboxAccess = ImapAccess | GraphAccess;

/** A mailbox on an IMAP server. */
export interface ImapAccess extends Shared {
  readonly kind: 'imap';
  readonly host: string;
  readonly port: number;
  readonly tls: 'implicit' | 'starttls' | 'none';
  readonly trustAnyCertificate: boolean;
  readonly user: string;
  readonly password: string | undefined;
  /** OAuth in place of the password. */
  readonly google:
    | {
        readonly tokenUrl: string;
        readonly clientId: string;
        readonly clientSecret: string;
        readonly refreshToken: string;
      }
    | undefined;
}

/** A mailbox of Exchange Online. */
export interface GraphAccess extends Shared {
  readonly kind: 'graph';
  readonly graphUrl: string;
  readonly tokenUrl: string;
  readonly address: string;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
}

type Columns = Readonly<Record<string, unknown>>;

/** A row's text; MailboxCredential, where Halo has moved credentials to, comes before MAILBOX. */
function text(row: Columns, ...columns: readonly string[]): string {
  for (const column of columns) {
    const value = row[column];
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
  }
  return '';
}

/**
 * What kind of mailbox a row is. The codes in MBType are not public, so the setting MailboxTypes decides first and then what is
 * filled in: a tenant and an address are Exchange Online, a Google address is Gmail, a server is IMAP unless its port is POP3's.
 */
export function mailboxKind(row: Columns, settings: MailSettingsView): 'exchange' | 'gmail' | 'imap' | 'pop3' | 'none' {
  const told = settings.codes('MailboxTypes').get(Number(row['MBType'] ?? 0));
  if (told === 'exchange' || told === 'imap' || told === 'none') return told;
  const address = text(
    row,
    'MCsharedmailboxemailaddress',
    'MBSharedMailboxEmailAddress',
    'MCemailaddress',
    'MBAzureEmail',
  );
  if (address !== '' && text(row, 'MCtenant', 'MBAzureTenant') !== '') return 'exchange';
  if (text(row, 'MBGoogleEmail') !== '') return 'gmail';
  if (text(row, 'MCserver', 'MBserver') === '') return 'none';
  return [110, 995].includes(portOf(row)) ? 'pop3' : 'imap';
}

/** How the mailbox of a connection is read. */
export function accessOf(connection: HaloConnection, settings: Readonly<Record<string, unknown>>): MailboxAccess {
  const view = viewSettings(settings);
  const { row } = connection;
  const kind = mailboxKind(row, view);
  return kind === 'exchange' ? graphAccess(connection, view) : imapAccess(connection, view, kind === 'gmail');
}

function imapAccess(connection: HaloConnection, settings: MailSettingsView, gmail: boolean): ImapAccess {
  const { row } = connection;
  const port = portOf(row) || 993;
  const tls = row['MCusetls'] ?? row['MBUseTLS'];
  const secure = gmail || tls === true || !settings.flag('AllowUnencrypted');
  const refreshToken = settings.named('GoogleRefreshTokens', connection);
  const clientId = settings.text('GoogleClientId');
  const clientSecret = settings.text('GoogleClientSecret');
  return {
    kind: 'imap',
    name: connection.name,
    host: text(row, 'MCserver', 'MBserver') || 'imap.gmail.com',
    port,
    tls: !secure ? 'none' : port === 143 ? 'starttls' : 'implicit',
    trustAnyCertificate: settings.flag('TrustServerCertificate'),
    user: text(row, ...(gmail ? ['MBGoogleEmail'] : []), 'MCusername', 'MBusername', 'MCemailaddress', 'MBsmtpaddress'),
    password: settings.named('Passwords', connection) ?? plain(text(row, 'MCpassword', 'MBpassword')),
    google:
      refreshToken && clientId && clientSecret
        ? { tokenUrl: settings.text('GoogleTokenUrl') ?? '', clientId, clientSecret, refreshToken }
        : undefined,
    folder: text(row, 'MBIncomingFolderName') || 'INBOX',
    afterwards: afterwardsOf(row, row['MBIMAPLeaveMailInInbox'] === true),
    since: sinceOf(row, row['MBIMAPLeaveMailInInbox'] === true),
  };
}

function graphAccess(connection: HaloConnection, settings: MailSettingsView): GraphAccess {
  const { row } = connection;
  const tenant = settings.text('Tenant') ?? text(row, 'MCtenant', 'MBAzureTenant');
  const loginUrl = (settings.text('LoginUrl') ?? '').replace(/\/+$/, '');
  return {
    kind: 'graph',
    name: connection.name,
    graphUrl: (settings.text('GraphUrl') ?? '').replace(/\/+$/, ''),
    tokenUrl: `${loginUrl}/${encodeURIComponent(tenant)}/oauth2/v2.0/token`,
    address: text(row, 'MCsharedmailboxemailaddress', 'MBSharedMailboxEmailAddress', 'MCemailaddress', 'MBAzureEmail'),
    clientId: settings.text('ClientId') ?? (text(row, 'MCclientid', 'MBAzureAppID') || undefined),
    clientSecret: settings.text('ClientSecret') ?? plain(text(row, 'MCclientsecret', 'MBAzureSecret')),
    folder: text(row, 'MBIncomingFolderName') || 'inbox',
    afterwards: afterwardsOf(row, row['MBAzureLeaveMailInInbox'] === true),
    since: sinceOf(row, row['MBAzureLeaveMailInInbox'] === true),
  };
}

function afterwardsOf(row: Columns, leave: boolean): Afterwards {
  if (leave) return { do: 'leave' };
  const folder = text(row, 'MBDeletedItemsFolder');
  if (folder !== '') return { do: 'move', folder };
  return row['MBHardDeleteReadMessages'] === true ? { do: 'delete' } : { do: 'move', folder: undefined };
}

/**
 * The latest of the cut-off date, the mailbox's creation where Halo is told so, and, where messages stay in the inbox, the last one
 * Halo has taken in itself: what is older was dealt with before this product came. An old date stands for none.
 */
function sinceOf(row: Columns, stay: boolean): Date | undefined {
  const dates = [
    row['MBAzureDatecutoff'],
    row['mbdontimportbeforecreation'] === true ? row['mbcreationdate'] : undefined,
    stay ? row['MBMostRecentEmailDate'] : undefined,
  ];
  const real = dates.filter((date): date is Date => date instanceof Date && date.getUTCFullYear() > 1990);
  return real.length === 0 ? undefined : new Date(Math.max(...real.map((date) => date.getTime())));
}

function portOf(row: Columns): number {
  return Number(row['MCport'] ?? 0) || Number(row['mbpopport'] ?? 0);
}

/** What the web app encrypts is long base64; anything else is taken for plain. */
function plain(secret: string): string | undefined {
  const encrypted = secret.length >= 24 && secret.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(secret);
  return secret === '' || encrypted ? undefined : secret;
}

/** Names of the settings that lack for a mailbox to be read. */
export function missingMailCredentials(
  connection: HaloConnection,
  settings: Readonly<Record<string, unknown>>,
): readonly string[] {
  const access = accessOf(connection, settings);
  if (access.kind === 'graph')
    return [...(access.clientId ? [] : ['ClientId']), ...(access.clientSecret ? [] : ['ClientSecret'])];
  return access.password || access.google ? [] : [`Passwords.${connection.name}`];
}
