import type { Row, Transaction } from '../../database/database.ts';
import type { MailAssumptions } from './assumptions.ts';
import { comparedText } from '../values/compared-text.ts';
import { cut } from '../values/cut-text.ts';
import type { Place } from './handled-mail.ts';
import type { IncomingMail } from './incoming-mail.ts';
import type { MailRules, SubjectTag } from './mail-rules.ts';

/** AInternetMessageId and FInternetMessageId hold so many characters; aMailID holds the whole id. */
const shortId = 100;
const longestMerge = 10;
const atOnce = 500;
const minute = 60_000;

/** A ticket that mail is added to, as it stands. */
export interface OpenTicket {
  readonly id: number;
  readonly row: Row;
}

/** What is known of messages in Halo. */
export interface Threads {
  /** The ticket a message belongs to; undefined where it starts a conversation. */
  ticketOf(mail: IncomingMail): OpenTicket | undefined;
  /** Where the message itself is an action already: whether it came in, and by which mailbox. */
  actionOf(mail: IncomingMail): { readonly inwards: boolean; readonly mailboxId: number } | undefined;
}

/**
 * Looks up for many messages at once which tickets they belong to: by the messages they answer, the nearest first, then by the
 * ticket number in the subject, then by the conversation. Deleted tickets are none; of a merged one the ticket it went into is.
 * The places of others are known to stand for other messages, which may share an id with one of these.
 */
export async function readThreads(
  transaction: Transaction,
  mails: readonly IncomingMail[],
  rules: MailRules,
  assumed: MailAssumptions,
  others: readonly Place[] = [],
): Promise<Threads> {
  const messageIds = mails.flatMap((mail) => [mail.messageId, ...mail.references]).filter((id) => id !== '');
  const actions = await actionsByMessage(transaction, messageIds, assumed.inwards);
  const conversations = await byConversation(
    transaction,
    mails.flatMap((mail) => mail.conversationId ?? []),
  );
  const numbers = mails.flatMap((mail) => ticketNumbers(mail.subject, rules.tags));
  const tickets = await readTickets(transaction, [
    ...[...actions.values()].map((action) => action.ticket),
    ...conversations.values(),
    ...numbers,
  ]);

  const taken = new Set(others.map(placeKey));

  function usable(id: number | undefined): OpenTicket | undefined {
    let row = id === undefined ? undefined : tickets.get(id);
    for (let hop = 0; row && hop < longestMerge; hop++) {
      const into = Number(row['FMergedIntoFaultid'] ?? 0);
      if (into === 0) break;
      row = tickets.get(into);
    }
    if (!row || row['FDeleted'] === true) return undefined;
    if (rules.sameMailboxOnly && Number(row['FMailBoxID'] ?? 0) !== rules.mailboxId) return undefined;
    return { id: Number(row['Faultid']), row };
  }

  return {
    ticketOf(mail) {
      for (const reference of mail.references) {
        const ticket = usable(actions.get(reference)?.ticket);
        if (ticket) return ticket;
      }
      for (const number of ticketNumbers(mail.subject, rules.tags)) {
        const ticket = usable(number);
        if (ticket) return ticket;
      }
      return usable(conversations.get(mail.conversationId ?? ''));
    },
    actionOf(mail) {
      const action = actions.get(mail.messageId);
      if (!action) return undefined;
      const { mailboxId, at } = action;
      const inwards = action.direction === assumed.inwards;
      if (inwards && taken.has(placeKey(action))) return undefined;
      const sent = Math.min(mail.sent.getTime(), mail.received.getTime());
      const later = mailboxId !== rules.mailboxId && at !== undefined && sent > at.getTime() + minute;
      return inwards && later ? undefined : { inwards, mailboxId };
    },
  };
}

/** Ticket numbers a subject names in the tags given, in the order they stand. */
export function ticketNumbers(subject: string, tags: readonly SubjectTag[]): number[] {
  const lowered = subject.toLowerCase();
  const found: { readonly at: number; readonly number: number }[] = [];
  for (const { start, end } of tags) {
    const from = start.toLowerCase();
    for (let at = lowered.indexOf(from); at >= 0; at = lowered.indexOf(from, at + 1)) {
      const close = lowered.indexOf(end.toLowerCase(), at + from.length);
      const inner = close < 0 ? '' : subject.slice(at + from.length, close).trim();
      if (/^\d{1,10}$/.test(inner) && Number(inner) > 0 && Number(inner) < 2 ** 31)
        found.push({ at, number: Number(inner) });
    }
  }
  return [...new Set(found.sort((a, b) => a.at - b.at).map(({ number }) => number))];
}

function placeKey({ ticket, action }: Place): string {
  return `${ticket} ${action}`;
}

interface KnownAction extends Place {
  readonly at?: Date;
  readonly mailboxId: number;
  readonly direction: string;
}

/** Where Halo keeps Message-IDs: with the actions, and with the ticket the one that opened it. What an action says comes first. */
const messageSources = [
  {
    table: 'ACTIONS',
    short: 'AInternetMessageId',
    whole: 'aMailID',
    mailbox: 'ActionMailBoxID',
    date: 'Whe_',
    further: ['actionnumber', 'EmailDirection'],
    order: ['Faultid', 'actionnumber'],
  },
  {
    table: 'FAULTS',
    short: 'FInternetMessageId',
    whole: 'fMailID',
    mailbox: 'FMailBoxID',
    date: 'dateoccured',
    further: [],
    order: ['Faultid'],
  },
] as const;

async function actionsByMessage(
  transaction: Transaction,
  messageIds: readonly string[],
  inwards: string,
): Promise<ReadonlyMap<string, KnownAction>> {
  const byShort = new Map<string, string[]>();
  for (const id of new Set(messageIds)) {
    const short = comparedText(cut(id, shortId));
    byShort.set(short, [...(byShort.get(short) ?? []), id]);
  }
  const found = new Map<string, KnownAction>();
  for (const source of messageSources) {
    for (const some of inParts([...byShort.keys()])) {
      const rows = await transaction.read({
        from: source.table,
        columns: ['Faultid', source.short, source.whole, source.mailbox, source.date, ...source.further],
        where: { column: source.short, is: 'in', values: some },
        orderBy: source.order.map((column) => ({ column })),
      });
      const before = new Set(found.keys());
      for (const row of rows) {
        const whole = String(row[source.whole] ?? '');
        for (const id of byShort.get(comparedText(row[source.short])) ?? []) {
          // A long id is only known by its beginning here: where the whole one is kept, it decides.
          if (id.length > shortId && whole.startsWith('<') && comparedText(whole) !== comparedText(id)) continue;
          if (before.has(id)) continue;
          const at = row[source.date];
          found.set(id, {
            ticket: Number(row['Faultid']),
            action: Number(row['actionnumber'] ?? 1),
            ...(at instanceof Date && { at }),
            mailboxId: Number(row[source.mailbox] ?? 0),
            // The mail that opened a ticket came in.
            direction: source.table === 'FAULTS' ? inwards : String(row['EmailDirection'] ?? ''),
          });
        }
      }
    }
  }
  return found;
}

async function byConversation(
  transaction: Transaction,
  conversations: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  for (const some of inParts([...new Set(conversations)])) {
    const rows = await transaction.read({
      from: 'FAULTS',
      columns: ['Faultid', 'FMailEntryID'],
      where: { column: 'FMailEntryID', is: 'in', values: some },
      orderBy: [{ column: 'Faultid' }],
    });
    for (const row of rows) found.set(String(row['FMailEntryID']), Number(row['Faultid']));
  }
  return found;
}

async function readTickets(transaction: Transaction, ids: readonly number[]): Promise<ReadonlyMap<number, Row>> {
  const tickets = new Map<number, Row>();
  let wanted = [...new Set(ids)];
  for (let hop = 0; wanted.length > 0 && hop < longestMerge; hop++) {
    for (const some of inParts(wanted)) {
      const rows = await transaction.read({
        from: 'FAULTS',
        columns: [
          'FAULTS.Faultid',
          'FAULTS.FDeleted',
          'FAULTS.FMergedIntoFaultid',
          'FAULTS.FMailBoxID',
          'FAULTS.Status',
          'FAULTS.datecleared',
          'FAULTS.fAttachmentCount',
          'FAULTS.FEmailCCList',
          'FAULTS.RequestTypeNew',
          { column: 'enduser.uemail', as: 'user_email' },
          { column: 'tickettype.RTStatusAfterUserUpdate', as: 'status_after_update' },
          { column: 'tickettype.RTreopenedstatus', as: 'reopened_status' },
        ],
        joins: [
          { kind: 'left', table: 'USERS', as: 'enduser', on: [['FAULTS.userid', 'enduser.Uid']] },
          { kind: 'left', table: 'REQUESTTYPE', as: 'tickettype', on: [['FAULTS.RequestTypeNew', 'tickettype.RTid']] },
        ],
        where: { column: 'FAULTS.Faultid', is: 'in', values: some },
      });
      for (const row of rows) tickets.set(Number(row['Faultid']), row);
    }
    wanted = [...new Set([...tickets.values()].map((row) => Number(row['FMergedIntoFaultid'] ?? 0)))].filter(
      (id) => id > 0 && !tickets.has(id),
    );
  }
  return tickets;
}

function* inParts<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < all.length; from += atOnce) yield all.slice(from, from + atOnce);
}
