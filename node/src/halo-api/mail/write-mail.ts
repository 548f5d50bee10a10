import type { HaloDatabaseSettings } from '../../config/settings.ts';
import type { ActualTable, Row, Transaction } from '../../database/database.ts';
import type { MailAssumptions } from './assumptions.ts';
import { keepAttachments, withNotes } from './attachment-policy.ts';
import { ChangeClock } from '../change-clock.ts';
import { fitRow } from './fit-row.ts';
import { handledTable, identityOf, placeLog, readHandled, standingOf, type Place } from './handled-mail.ts';
import type { IncomingMail, MailOutcome } from './incoming-mail.ts';
import { insertNumbered } from './insert-numbered.ts';
import { logMail, type MailResult } from './log-mail.ts';
import {
  actionRow,
  attachmentLinkRow,
  attachmentRow,
  ticketRow,
  type KnownSender,
  type TicketStart,
} from './mail-rows.ts';
import type { MailRules } from './mail-rules.ts';
import { readSenders, type Sender } from './match-sender.ts';
import { readThreads } from './match-ticket.ts';
import { createUsers } from './new-users.ts';
import { questionsFirst } from './mail-order.ts';
import { createMailPlanner, loopKey, type MailPlan, type TicketPlan } from './plan-mail.ts';
import { noteWritten } from './note-written.ts';
import { updateTickets } from './update-tickets.ts';

/** What writing a batch of mail needs. */
export interface MailWriting {
  readonly rules: MailRules;
  readonly assumed: MailAssumptions;
  readonly tables: ReadonlyMap<string, ActualTable>;
  readonly settings: HaloDatabaseSettings;
  readonly now: Date;
  readonly whatIf: boolean;
}

/** What a batch came to, and the IncomingEmail rows of its messages by their identity. */
export interface MailWritten {
  readonly outcomes: readonly MailOutcome[];
  readonly rows: ReadonlyMap<string, number>;
}

type WritePlan = Extract<MailPlan, { do: 'write' }>;
const hour = 3_600_000;

/** Writes a batch of messages inside one transaction. Throws what the database throws; nothing is written then. */
export async function writeMail(
  transaction: Transaction,
  mails: readonly IncomingMail[],
  writing: MailWriting,
): Promise<MailWritten> {
  const { rules, assumed } = writing;
  const handled = await readHandled(
    transaction,
    writing.tables.get(handledTable) as ActualTable,
    rules.mailboxId,
    mails,
  );
  const fresh = new Map(
    mails
      .filter((mail) => !standingOf(handled.get(identityOf(mail)), assumed, writing.now))
      .map((mail) => [identityOf(mail), kept(mail, writing)]),
  );
  const open = [...fresh.values()];
  // Actions that stand for other messages: what they say of a Message-ID says nothing of the message at hand.
  const others = [...handled.values()].flatMap(({ place }) => place ?? []);
  const plan = createMailPlanner({
    rules,
    assumed,
    threads: await readThreads(transaction, open, rules, assumed, others),
    senders: await readSenders(transaction, open, rules),
    recent: await recentTickets(transaction, open, rules.mailboxId, writing.now),
  });
  const plans = new Map(questionsFirst(open).map((mail) => [identityOf(mail), plan(mail)]));
  const writes = [...plans.values()].filter((one): one is WritePlan => one.do === 'write');
  const clock = new ChangeClock(writing.settings);
  const places = writing.whatIf ? new Map<WritePlan, Place>() : await writePlans(transaction, writes, writing, clock);
  const answered = new Set<string>();
  const outcomes = mails.map((mail): MailOutcome => {
    const identity = identityOf(mail);
    const one = answered.has(identity) ? undefined : plans.get(identity);
    answered.add(identity);
    if (!one) return { outcome: 'unchanged', reason: 'It was dealt with before.' };
    if (one.do === 'ignore') return { outcome: 'unchanged', reason: one.why };
    if (one.do === 'set-aside') return { outcome: 'rejected', reason: one.why };
    const place = places.get(one) ?? { ticket: one.ticket.known?.id ?? 0, action: 0 };
    return { outcome: one.first ? 'created' : 'updated', ...place };
  });
  if (writing.whatIf) return { outcomes, rows: new Map() };
  const logs = open.map((mail) => {
    const one = plans.get(identityOf(mail));
    return { mail, result: resultOf(one, one?.do === 'write' ? places.get(one) : undefined) };
  });
  const logged = await logMail(transaction, logs, handled, writing);
  await clock.strike(transaction);
  return { outcomes, rows: logged };
}

function resultOf(plan: MailPlan | undefined, place: Place | undefined): MailResult {
  if (plan?.do === 'set-aside') return { aside: plan.why, ...(plan.forGood && { forGood: true }) };
  return { log: place ? placeLog(place) : plan?.do === 'ignore' ? plan.why : '' };
}

function kept(mail: IncomingMail, { rules, assumed }: MailWriting): IncomingMail {
  const { kept: attachments, notes } = keepAttachments(mail, rules.attachmentLimit, assumed.blockedExtensions);
  return withNotes(attachments.length === mail.attachments.length ? mail : { ...mail, attachments }, notes);
}

async function writePlans(
  transaction: Transaction,
  writes: readonly WritePlan[],
  writing: MailWriting,
  clock: ChangeClock,
): Promise<ReadonlyMap<WritePlan, Place>> {
  if (writes.length === 0) return new Map();
  const { rules, assumed, now } = writing;
  const fit = (name: string, row: Row): Row => fitRow(writing.tables.get(name) as ActualTable, row);
  const newUsers = new Map(
    writes.flatMap(({ mail, sender }) => (sender.kind === 'new-user' ? [[mail.from.address, sender] as const] : [])),
  );
  const users = await createUsers(transaction, newUsers, writing.tables.get('USERS') as ActualTable, {
    udatecreated: now,
    ULastUpdate: now,
  });
  const known = (mail: IncomingMail, sender: Exclude<Sender, { kind: 'nobody' }>): KnownSender =>
    sender.kind === 'user' ? sender : (users.get(mail.from.address) ?? { ...sender, kind: 'user', userId: 0 });

  const stamped = { FLastUpdate: now };
  const opened = [...new Set(writes.map(({ ticket }) => ticket))].filter((ticket) => ticket.opener);
  const start = opened.length > 0 ? await ticketStart(transaction, rules) : { teamId: undefined, onHold: false };
  const ids = await insert(
    transaction,
    'FAULTS',
    opened.map(({ opener, attachments, status }) => {
      const { mail, sender } = opener as NonNullable<TicketPlan['opener']>;
      return fit('FAULTS', {
        ...ticketRow(mail, known(mail, sender), rules, start, assumed, now),
        Status: status,
        fAttachmentCount: attachments,
        ...stamped,
      });
    }),
    { column: 'Faultid' },
  );
  const numbers = new Map<TicketPlan, number>(opened.map((ticket, at) => [ticket, ids[at] ?? 0]));
  const numberOf = (ticket: TicketPlan): number => ticket.known?.id ?? numbers.get(ticket) ?? 0;
  const actions = await insert(
    transaction,
    'ACTIONS',
    writes.map((one) =>
      fit('ACTIONS', {
        ...actionRow(
          one.mail,
          known(one.mail, one.sender),
          { ...one, ticket: numberOf(one.ticket) },
          rules,
          assumed,
          now,
        ),
        ALastUpdated: now,
      }),
    ),
    { column: 'actionnumber', within: ['Faultid'] },
  );
  const places = new Map(
    writes.map((one, at): [WritePlan, Place] => [one, { ticket: numberOf(one.ticket), action: actions[at] ?? 0 }]),
  );
  const files = writes.flatMap((one) =>
    one.mail.attachments.map((file) => ({
      file,
      sender: known(one.mail, one.sender),
      place: places.get(one) as Place,
    })),
  );
  const fileIds = await insert(
    transaction,
    'ATTACHMENT',
    files.map(({ file, sender, place }) => fit('ATTACHMENT', attachmentRow(file, place.ticket, sender, assumed, now))),
    { column: 'ATid' },
  );
  await insertNumbered(
    transaction,
    writing.tables.get('ATTACHMENTACTION') as ActualTable,
    files.map(({ place }, at) =>
      fit('ATTACHMENTACTION', attachmentLinkRow(fileIds[at] ?? 0, place.ticket, place.action)),
    ),
    'AAid',
  );
  await updateTickets(transaction, writes, rules, stamped);
  noteWritten(clock, writing.tables, users, [...places.values()]);
  return places;
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

async function recentTickets(
  transaction: Transaction,
  mails: readonly IncomingMail[],
  mailboxId: number,
  now: Date,
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  if (mails.length === 0) return counts;
  const rows = await transaction.read({
    from: 'FAULTS',
    columns: ['reportedby', 'Symptom', 'FMailBoxID'],
    where: {
      all: [
        { column: 'reportedby', is: 'in', values: [...new Set(mails.map((mail) => mail.from.address))] },
        { column: 'datecreated', is: 'greater', value: new Date(now.getTime() - hour) },
      ],
    },
  });
  for (const row of rows) {
    const sender = String(row['reportedby']);
    const keys = [loopKey(sender, String(row['Symptom'] ?? ''))];
    if (Number(row['FMailBoxID'] ?? 0) === mailboxId) keys.push(loopKey(sender));
    for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}
