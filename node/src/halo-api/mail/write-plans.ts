import type { ActualTable, Row, Transaction } from '../../database/database.ts';
import type { ChangeClock } from '../writes/change-clock.ts';
import { fitRow } from './fit-row.ts';
import type { Place } from './handled-mail.ts';
import type { IncomingMail } from './incoming-mail.ts';
import { insertNumbered } from './insert-numbered.ts';
import {
  actionRow,
  attachmentLinkRow,
  attachmentRow,
  ticketRow,
  type KnownSender,
  type TicketStart,
} from './mail-rows.ts';
import type { MailRules } from './mail-rules.ts';
import type { Sender } from './match-sender.ts';
import { createUsers } from './new-users.ts';
import { noteWritten } from './note-written.ts';
import type { MailPlan, TicketPlan } from './plan-mail.ts';
import { updateTickets } from './update-tickets.ts';
import type { MailWriting } from './mail-writing.ts';

/** A message that is to be written. */
export type WritePlan = Extract<MailPlan, { do: 'write' }>;

/** The user a message is of, who may just have been made. */
type KnownOf = (mail: IncomingMail, sender: Exclude<Sender, { kind: 'nobody' }>) => KnownSender;

/** Writes what was planned: users, tickets, actions and files; answers where each message came to stand. */
export async function writePlans(
  transaction: Transaction,
  writes: readonly WritePlan[],
  writing: MailWriting,
  clock: ChangeClock,
): Promise<ReadonlyMap<WritePlan, Place>> {
  if (writes.length === 0) return new Map();
  const { rules, assumed, now, tables } = writing;
  const newUsers = new Map(
    writes.flatMap(({ mail, sender }) => (sender.kind === 'new-user' ? [[mail.from.address, sender] as const] : [])),
  );
  const users = await createUsers(transaction, newUsers, tables.get('USERS') as ActualTable, writing.traces);
  const known: KnownOf = (mail, sender) =>
    sender.kind === 'user' ? sender : (users.get(mail.from.address) ?? { ...sender, kind: 'user', userId: 0 });
  const numberOf = await openTickets(transaction, writes, writing, known);
  const actions = await insert(
    transaction,
    'ACTIONS',
    writes.map((one) => {
      const sender = known(one.mail, one.sender);
      const row = actionRow(one.mail, sender, { ...one, ticket: numberOf(one.ticket) }, rules, assumed, now);
      return fit(writing, 'ACTIONS', { ...row, ALastUpdated: now });
    }),
    { column: 'actionnumber', within: ['Faultid'] },
  );
  const places = new Map(
    writes.map((one, at): [WritePlan, Place] => [one, { ticket: numberOf(one.ticket), action: actions[at] ?? 0 }]),
  );
  await writeFiles(transaction, writes, places, writing, known);
  await updateTickets(transaction, writes, rules, ticketStamps(writing));
  noteWritten(clock, tables, users, [...places.values()]);
  return places;
}

/** Opens the tickets that are new, and answers the number of every one. */
async function openTickets(
  transaction: Transaction,
  writes: readonly WritePlan[],
  writing: MailWriting,
  known: KnownOf,
): Promise<(ticket: TicketPlan) => number> {
  const { rules, assumed, now } = writing;
  const opened = [...new Set(writes.map(({ ticket }) => ticket))].filter((ticket) => ticket.opener);
  const start = opened.length > 0 ? await ticketStart(transaction, rules) : { teamId: undefined, onHold: false };
  const ids = await insert(
    transaction,
    'FAULTS',
    opened.map(({ opener, attachments, status }) => {
      const { mail, sender } = opener as NonNullable<TicketPlan['opener']>;
      return fit(writing, 'FAULTS', {
        ...ticketRow(mail, known(mail, sender), rules, start, assumed, now),
        Status: status,
        fAttachmentCount: attachments,
        ...ticketStamps(writing),
      });
    }),
    { column: 'Faultid' },
  );
  const numbers = new Map<TicketPlan, number>(opened.map((ticket, at) => [ticket, ids[at] ?? 0]));
  return (ticket) => ticket.known?.id ?? numbers.get(ticket) ?? 0;
}

/** Keeps the files of messages, each with its ticket and action. */
async function writeFiles(
  transaction: Transaction,
  writes: readonly WritePlan[],
  places: ReadonlyMap<WritePlan, Place>,
  writing: MailWriting,
  known: KnownOf,
): Promise<void> {
  const { assumed, now } = writing;
  const files = writes.flatMap((one) =>
    one.mail.attachments.map((file) => ({
      file,
      sender: known(one.mail, one.sender),
      place: places.get(one) as Place,
    })),
  );
  const ids = await insert(
    transaction,
    'ATTACHMENT',
    files.map(({ file, sender, place }) =>
      fit(writing, 'ATTACHMENT', attachmentRow(file, place.ticket, sender, assumed, now)),
    ),
    { column: 'ATid' },
  );
  await insertNumbered(
    transaction,
    writing.tables.get('ATTACHMENTACTION') as ActualTable,
    files.map(({ place }, at) =>
      fit(writing, 'ATTACHMENTACTION', attachmentLinkRow(ids[at] ?? 0, place.ticket, place.action)),
    ),
    'AAid',
  );
}

function ticketStamps({ now }: MailWriting): Row {
  return { FLastUpdate: now };
}

function fit(writing: MailWriting, table: string, row: Row): Row {
  return fitRow(writing.tables.get(table) as ActualTable, row);
}

async function insert(
  transaction: Transaction,
  table: string,
  rows: readonly Row[],
  allocate: { readonly column: string; readonly within?: readonly string[] },
): Promise<number[]> {
  return rows.length === 0 ? [] : transaction.insert(table, rows, allocate);
}

async function ticketStart(transaction: Transaction, rules: MailRules): Promise<TicketStart> {
  const team = rules.ticketType['RTDefSection'];
  const [found] =
    typeof team === 'string' && team !== ''
      ? await transaction.read({
          from: 'SECTIONDETAIL',
          columns: ['SDid'],
          where: { column: 'SDSectionName', is: 'equal', value: team },
          orderBy: [{ column: 'SDid' }],
          limit: 1,
        })
      : [];
  const [status] = await transaction.read({
    from: 'TSTATUS',
    columns: ['TStatusPutOnSLAhold'],
    where: { column: 'Tstatus', is: 'equal', value: Number(rules.ticketType['RTDefInitialStatus'] ?? 0) },
  });
  return { teamId: found && Number(found['SDid']), onHold: status?.['TStatusPutOnSLAhold'] === true };
}
