import type { Row, Transaction } from '../../database/database.ts';
import type { MailRules } from './mail-rules.ts';
import type { MailPlan, TicketPlan } from './plan-mail.ts';

type WritePlan = Extract<MailPlan, { do: 'write' }>;

/** Brings tickets up to date that were there before: unread, last action, status, reopened, files, addresses. In sets. */
export async function updateTickets(
  transaction: Transaction,
  writes: readonly WritePlan[],
  rules: MailRules,
  stamps: Row,
): Promise<void> {
  const touched = new Map<TicketPlan, Date>();
  for (const { ticket, mail } of writes) {
    const last = touched.get(ticket);
    if (ticket.known && (!last || mail.received > last)) touched.set(ticket, mail.received);
  }
  const tickets = [...touched.keys()];
  if (tickets.length === 0) return;
  const idOf = (ticket: TicketPlan): number => ticket.known?.id ?? 0;
  const byDate = groupBy(tickets, (ticket) => touched.get(ticket)?.getTime());
  for (const [time, some] of byDate) {
    await transaction.update(
      'FAULTS',
      { Flastactiondate: new Date(time ?? 0), Fread: false, ...stamps },
      { column: 'Faultid', is: 'in', values: some.map(idOf) },
    );
  }
  const changed = tickets.filter((ticket) => ticket.status !== Number(ticket.known?.row['Status'] ?? 0));
  for (const some of groupBy(changed, (ticket) => `${ticket.status} ${ticket.reopened}`).values()) {
    const [{ status, reopened } = { status: 0, reopened: false }] = some;
    await transaction.update(
      'FAULTS',
      { Status: status, ...(reopened && { datecleared: null }) },
      { column: 'Faultid', is: 'in', values: some.map(idOf) },
    );
  }
  const withFiles = tickets.filter((ticket) => ticket.attachments > 0);
  await setColumn(
    transaction,
    'fAttachmentCount',
    withFiles,
    (ticket) => Number(ticket.known?.row['fAttachmentCount'] ?? 0) + ticket.attachments,
  );
  if (!rules.addressListsGrow || rules.ignoreCc) return;
  const lists = new Map(tickets.map((ticket) => [ticket, grownList(ticket)]));
  await setColumn(
    transaction,
    'FEmailCCList',
    tickets.filter((ticket) => lists.get(ticket) !== String(ticket.known?.row['FEmailCCList'] ?? '')),
    (ticket) => lists.get(ticket) ?? '',
  );
}

/** Sets one column of many tickets by key, in one set. */
async function setColumn(
  transaction: Transaction,
  column: string,
  tickets: readonly TicketPlan[],
  value: (ticket: TicketPlan) => number | string,
): Promise<void> {
  if (tickets.length === 0) return;
  await transaction.upsert({
    table: 'FAULTS',
    key: { column: 'Faultid', kind: 'allocate' },
    columns: [column],
    rows: tickets.map((ticket) => ({ key: ticket.known?.id ?? 0, values: { [column]: value(ticket) } })),
    match: [{ by: 'key' }],
    onInsert: {},
    stamps: {},
  });
}

function grownList(ticket: TicketPlan): string {
  const before = String(ticket.known?.row['FEmailCCList'] ?? '')
    .split(';')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  const known = new Set(before.map((one) => one.toLowerCase()));
  return [...before, ...new Set(ticket.cc.filter((one) => !known.has(one.toLowerCase())))].join(';');
}

function groupBy<T, K>(all: readonly T[], key: (one: T) => K): ReadonlyMap<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const one of all) groups.set(key(one), [...(groups.get(key(one)) ?? []), one]);
  return groups;
}
