import type { HaloApi } from '../../halo-api/halo-api.ts';
import type { HaloConnection, InstanceView } from '../connection.ts';
import { viewSettings } from './mail-settings.ts';
import { mailboxKind } from './mailbox-access.ts';

/** Halo's table of mailboxes. */
export const MailboxTable = 'MAILBOX';
/** Where newer versions keep their credentials. */
export const CredentialTable = 'MailboxCredential';

/** The mailboxes that mail is read from, one connection each; those that only send are none. */
export async function readMailboxes(api: HaloApi, instance?: InstanceView): Promise<readonly HaloConnection[]> {
  const settings = viewSettings(instance?.settings ?? {});
  const chosen = settings.list('Mailboxes').map((name) => name.toLowerCase());
  const credentials = await api.settingsRows(CredentialTable);
  const connections: HaloConnection[] = [];
  for (const mailbox of await api.settingsRows(MailboxTable)) {
    const id = Number(mailbox['MBid']);
    const row = { ...credentials.find((one) => Number(one['MCmbid']) === id), ...mailbox };
    const name = nameOf(mailbox, id);
    if (chosen.length > 0 && !chosen.includes(name.toLowerCase()) && !chosen.includes(String(id))) continue;
    const kind = mailboxKind(row, settings);
    if (kind === 'pop3') {
      instance?.warn(`The mailbox "${name}" is read by POP3 in Halo, which is not supported: give it an IMAP port.`);
    }
    if (kind === 'none' || kind === 'pop3') continue;
    const lastSync = mailbox['MBHaloIntegratorLastSync'];
    const lastError = mailbox['MBHaloIntegratorLastError'];
    connections.push({
      id,
      name,
      moduleId: 0,
      enabled: mailbox['MBenabled'] === true,
      // An empty date is an old one in Halo, not null.
      ...(lastSync instanceof Date && lastSync.getUTCFullYear() > 1990 ? { lastSync } : {}),
      ...(typeof lastError === 'string' && lastError !== '' ? { lastError } : {}),
      row,
    });
  }
  return connections;
}

/** Addresses of Halo's mailboxes, in lower case. */
export interface OwnAddresses {
  /** Of the mailbox that is read. */
  readonly this: ReadonlySet<string>;
  /** Of all mailboxes. */
  readonly all: ReadonlySet<string>;
}

/** Reads the addresses of all mailboxes, and tells those of one. */
export async function ownAddresses(api: HaloApi, mailboxId: number): Promise<OwnAddresses> {
  const mailboxes = await api.settingsRows(MailboxTable);
  const credentials = await api.settingsRows(CredentialTable);
  const addresses = (rows: readonly Readonly<Record<string, unknown>>[]): ReadonlySet<string> =>
    new Set(
      rows
        .flatMap((row) => addressColumns.map((column) => row[column]))
        .filter((one): one is string => typeof one === 'string' && one.includes('@'))
        .map((one) => one.trim().toLowerCase()),
    );
  return {
    this: addresses([
      ...mailboxes.filter((row) => Number(row['MBid']) === mailboxId),
      ...credentials.filter((row) => Number(row['MCmbid']) === mailboxId),
    ]),
    all: addresses([...mailboxes, ...credentials]),
  };
}

const addressColumns: readonly string[] = [
  'MBAzureEmail',
  'MBSharedMailboxEmailAddress',
  'MBsmtpaddress',
  'MBGoogleEmail',
  'MBusername',
  'MCemailaddress',
  'MCsharedmailboxemailaddress',
  'MCsmtpaddress',
  'MCusername',
];

function nameOf(row: Readonly<Record<string, unknown>>, id: number): string {
  for (const column of ['mbname', 'MBsmtpaddress', 'MBAzureEmail', 'MBusername']) {
    const value = row[column];
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
  }
  return `Mailbox ${id}`;
}
