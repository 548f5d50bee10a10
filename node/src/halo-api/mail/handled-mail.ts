import type { ActualTable, DatabaseSession, Row, Transaction } from '../../database/database.ts';
import type { MailAssumptions } from './assumptions.ts';
import { comparedText } from '../compared-text.ts';
import { cut } from '../cut-text.ts';
import type { HandledState, IncomingMail, MailKey } from './incoming-mail.ts';

/** IncomingEmail is Halo's log of received mail; its row is the record that a message was dealt with. */
export const handledTable = 'IncomingEmail';
const asideMark = 'Set aside: ';
const keyLength = 2000;
const keysAtOnce = 500;
/** Characters of a subject, less than the column holds. */
const comparedSubject = 200;

/** A message dealt with before. */
export interface HandledMail {
  readonly state: 'handled' | 'set-aside';
  /** Its row, by {@link rowColumn}. */
  readonly row: number;
  readonly retriesLeft: number;
  readonly lastAttempt: Date | undefined;
  /** The ticket and action it became. */
  readonly place?: Place;
}

/** Where a message went. */
export interface Place {
  readonly ticket: number;
  readonly action: number;
}

/** The column its rows are known by: the identity; IEID, which the API calls "old_id", where an older Halo has none. */
export function rowColumn(table: ActualTable): string {
  return [...table.columns.values()].find((column) => column.identity)?.name ?? 'IEID';
}

/** What IELog says of a message that became an action. */
export function placeLog({ ticket, action }: Place): string {
  return `Ticket ${ticket}, action ${action}.`;
}

function placeOf(log: string): Place | undefined {
  const [, ticket, action] = /^Ticket (\d+), action (\d+)\.$/.exec(log) ?? [];
  return ticket === undefined ? undefined : { ticket: Number(ticket), action: Number(action) };
}

/** Messages dealt with before, by {@link identityOf}; also others that share an id with one of those given. */
export async function readHandled(
  reader: Pick<DatabaseSession | Transaction, 'read'>,
  table: ActualTable,
  mailboxId: number,
  mails: readonly MailKey[],
): Promise<ReadonlyMap<string, HandledMail>> {
  const found = new Map<string, HandledMail>();
  const rowId = rowColumn(table);
  const keys = [...new Set(mails.map((mail) => storedKey(mail.key)))];
  for (let from = 0; from < keys.length; from += keysAtOnce) {
    const rows = await reader.read({
      from: handledTable,
      columns: [rowId, 'IEMailID', 'IEDateCreated', 'IESubject', 'IELog', 'IERetryRemaining', 'IELastAttemptDate'],
      where: {
        all: [
          { column: 'IEMBID', is: 'equal', value: mailboxId },
          { column: 'IEMailID', is: 'in', values: keys.slice(from, from + keysAtOnce) },
        ],
      },
      orderBy: [{ column: rowId }],
    });
    for (const row of rows) {
      const sent = row['IEDateCreated'];
      if (!(sent instanceof Date)) continue;
      const log = String(row['IELog'] ?? '');
      const aside = log.startsWith(asideMark);
      const place = placeOf(log);
      const listedSubject = String(row['IESubject'] ?? '');
      found.set(identityOf({ key: String(row['IEMailID']), sent, listedSubject }), {
        state: aside ? 'set-aside' : 'handled',
        row: Number(row[rowId]),
        retriesLeft: aside ? Number(row['IERetryRemaining'] ?? 0) : 0,
        lastAttempt: row['IELastAttemptDate'] instanceof Date ? row['IELastAttemptDate'] : undefined,
        ...(place && { place }),
      });
    }
  }
  return found;
}

/**
 * Tells one message from another: some programs give all their messages one id, so the second it was sent counts, too, and its
 * subject, but for white space and case, of which a column may keep less than the mailbox.
 */
export function identityOf(mail: MailKey): string {
  const subject = cut(mail.listedSubject.replaceAll(/\s+/g, '').toLowerCase(), comparedSubject);
  return `${comparedText(storedKey(mail.key))}\n${Math.round(mail.sent.getTime() / 1000)}\n${subject}`;
}

/** How a message stands that was seen before; undefined where it is to be read (again) now. */
export function standingOf(
  handled: HandledMail | undefined,
  assumed: MailAssumptions,
  now: Date,
): HandledState | undefined {
  if (!handled || handled.state === 'handled') return handled?.state;
  if (assumed.retryAll) return undefined;
  if (handled.retriesLeft <= 0) return 'set-aside';
  const { retryWaits } = assumed;
  const wait = retryWaits[Math.max(retryWaits.length - handled.retriesLeft, 0)] ?? 0;
  return now.getTime() - (handled.lastAttempt?.getTime() ?? 0) >= wait ? undefined : 'waiting';
}

/** The row of a message: what came of it in words, and for one set aside how often it may be tried again. */
export function handledRow(
  mail: IncomingMail,
  mailboxId: number,
  now: Date,
  status: number,
  result: { readonly log: string } | { readonly aside: string; readonly retriesLeft: number },
): Row {
  return {
    IEMBID: mailboxId,
    IEDateCreated: mail.sent,
    IEDateProcessed: now,
    IELastAttemptDate: now,
    IEProcessed: true,
    IEDelete: false,
    IEFrom: mail.from.address,
    IETo: mail.to.map((one) => one.address).join(';'),
    IESubject: mail.listedSubject,
    IEMailID: storedKey(mail.key),
    IEStatus: status,
    IERetryRemaining: 'aside' in result ? result.retriesLeft : 0,
    IELog: 'aside' in result ? asideMark + result.aside : result.log,
    IERemovedFromMailbox: false,
  };
}

function storedKey(key: string): string {
  return cut(key, keyLength);
}
