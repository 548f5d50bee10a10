import type { ActualTable, Transaction } from '../../database/database.ts';
import { fitRow } from './fit-row.ts';
import { handledRow, handledTable, readHandled, rowColumn, type HandledMails } from './handled-mail.ts';
import { insertNumbered } from './insert-numbered.ts';
import type { IncomingMail } from './incoming-mail.ts';
import { identityOf, withTraits } from './mail-identity.ts';
import type { MailWriting } from './mail-writing.ts';

/** What came of a message: words for the log, or why it was set aside. */
export type MailResult = { readonly log: string } | { readonly aside: string; readonly forGood?: boolean };

/** Records what came of messages; one that was set aside before keeps its row. Answers the rows by {@link identityOf}. */
export async function logMail(
  transaction: Transaction,
  logs: readonly { readonly mail: IncomingMail; readonly result: MailResult }[],
  handled: HandledMails,
  { rules, assumed, tables, now }: MailWriting,
): Promise<ReadonlyMap<string, number>> {
  const table = tables.get(handledTable) as ActualTable;
  const rows = new Map<string, number>();
  const fresh: { readonly identity: string; readonly row: ReturnType<typeof fitRow> }[] = [];
  for (const { mail, result } of logs) {
    const before = handled.of(mail);
    const left = before ? before.retriesLeft - 1 : assumed.retryWaits.length - (mail.perilous ? 1 : 0);
    const said =
      'aside' in result ? { aside: result.aside, retriesLeft: result.forGood ? 0 : Math.max(left, 0) } : result;
    const row = fitRow(table, handledRow(mail, rules.mailboxId, now, assumed.incomingEmailStatus, said));
    if (!before) {
      fresh.push({ identity: identityOf(mail), row });
      continue;
    }
    rows.set(identityOf(mail), before.row);
    await transaction.update(handledTable, row, { column: rowColumn(table), is: 'equal', value: before.row });
  }
  if (fresh.length === 0) return rows;
  const ids = await insertNumbered(
    transaction,
    table,
    fresh.map(({ row }) => row),
    'IEID',
  );
  fresh.forEach(({ identity }, at) => rows.set(identity, ids[at] ?? 0));
  return rows;
}

/**
 * Notes where messages without an id lie now that were dealt with at another place, so that the next run need not read them to know
 * them. Answers the rows of all that were dealt with before.
 */
export async function logPlaces(
  transaction: Transaction,
  mails: readonly IncomingMail[],
  handled: HandledMails,
  { tables }: MailWriting,
): Promise<ReadonlyMap<string, number>> {
  const rows = new Map<string, number>();
  for (const mail of mails) {
    const before = handled.of(mail);
    if (!before) continue;
    rows.set(identityOf(mail), before.row);
    if (mail.place === undefined || mail.place === before.known?.place || before.state === 'set-aside') continue;
    await transaction.update(
      handledTable,
      { IELog: withTraits(before.words, mail) },
      { column: rowColumn(tables.get(handledTable) as ActualTable), is: 'equal', value: before.row },
    );
  }
  return rows;
}

/** Records a message that could not be written, with the reason. */
export async function setAside(
  transaction: Transaction,
  mail: IncomingMail,
  reason: string,
  writing: MailWriting,
): Promise<void> {
  const table = writing.tables.get(handledTable) as ActualTable;
  const handled = await readHandled(transaction, table, writing.rules.mailboxId, [mail]);
  await logMail(transaction, [{ mail, result: { aside: reason } }], handled, writing);
}
