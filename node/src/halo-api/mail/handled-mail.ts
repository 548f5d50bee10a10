import type { ActualTable, DatabaseSession, Row, Transaction } from '../../database/database.ts';
import type { MailAssumptions } from './assumptions.ts';
import type { HandledState, IncomingMail, MailKey } from './incoming-mail.ts';
import { identitiesOf, identitiesOfRow, splitLog, storedKey, withTraits, type Traits } from './mail-identity.ts';

/** IncomingEmail is Halo's log of received mail; its row is the record that a message was dealt with. */
export const handledTable = 'IncomingEmail';
const asideMark = 'Set aside: ';
const keysAtOnce = 500;

/** A message dealt with before. */
export interface HandledMail {
  readonly state: 'handled' | 'set-aside';
  /** Its row, by {@link rowColumn}. */
  readonly row: number;
  readonly retriesLeft: number;
  readonly lastAttempt: Date | undefined;
  /** What its log says in words, and what a message without an id is known by. */
  readonly words: string;
  readonly known: Traits | undefined;
  /** The ticket and action it became. */
  readonly place?: Place;
}

/** Messages that were dealt with before. */
export interface HandledMails {
  of(mail: MailKey & Pick<IncomingMail, 'content'>): HandledMail | undefined;
  /** Where they went; also of others that share an id with one of those asked for. */
  readonly places: readonly Place[];
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

/** Reads which of these messages were dealt with before. */
export async function readHandled(
  reader: Pick<DatabaseSession | Transaction, 'read'>,
  table: ActualTable,
  mailboxId: number,
  mails: readonly MailKey[],
): Promise<HandledMails> {
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
      const { words, known } = splitLog(String(row['IELog'] ?? ''));
      const aside = words.startsWith(asideMark);
      const place = placeOf(words);
      const listedSubject = String(row['IESubject'] ?? '');
      const handled: HandledMail = {
        state: aside ? 'set-aside' : 'handled',
        row: Number(row[rowId]),
        retriesLeft: aside ? Number(row['IERetryRemaining'] ?? 0) : 0,
        lastAttempt: row['IELastAttemptDate'] instanceof Date ? row['IELastAttemptDate'] : undefined,
        words,
        known,
        ...(place && { place }),
      };
      for (const identity of identitiesOfRow({ key: String(row['IEMailID']), sent, listedSubject }, known))
        found.set(identity, handled);
    }
  }
  return {
    of(mail) {
      for (const identity of identitiesOf(mail)) {
        const handled = found.get(identity);
        if (handled) return handled;
      }
      return undefined;
    },
    places: [...new Set(found.values())].flatMap(({ place }) => place ?? []),
  };
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
    IELog: withTraits('aside' in result ? asideMark + result.aside : result.log, mail),
    IERemovedFromMailbox: false,
  };
}
