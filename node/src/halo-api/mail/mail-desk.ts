import type { ActualTable, DatabaseSession } from '../../database/database.ts';
import { IntegratorError } from '../../errors/integrator-error.ts';
import { MissingColumnError, MissingTableError } from '../../errors/halo-api-errors.ts';
import { actualReader, actualSession } from '../reads/actual-session.ts';
import type { HaloApiParts } from '../api-parts.ts';
import type { MissingColumns } from '../reads/missing-columns.ts';
import type { MailAssumptions } from './assumptions.ts';
import { handledTable, readHandled, rowColumn, standingOf } from './handled-mail.ts';
import type { IncomingMail, MailDesk, MailOutcome } from './incoming-mail.ts';
import { setAside } from './log-mail.ts';
import { identityOf } from './mail-identity.ts';
import { keepPosition } from './mail-position.ts';
import { readMailRules } from './mail-rules.ts';
import type { HistoryParts } from '../writes/write-traces.ts';
import type { MailWriting } from './mail-writing.ts';
import { createRecentTickets } from './recent-tickets.ts';
import { writeMail } from './write-mail.ts';

/** Halo's tables that mail is written to. */
const mailTables: readonly string[] = ['FAULTS', 'ACTIONS', 'ATTACHMENT', 'ATTACHMENTACTION', 'USERS', handledTable];

/**
 * Columns that nothing takes the place of: a message could not be told from one that was dealt with and would come again each run,
 * or a loop of mails would not be noticed.
 */
const neededColumns: Readonly<Record<string, readonly string[]>> = {
  [handledTable]: ['IEMBID', 'IEMailID', 'IEDateCreated'],
  FAULTS: ['Faultid', 'datecreated', 'reportedby'],
  ACTIONS: ['Faultid', 'actionnumber'],
};

/** Opens the mail desk of a mailbox. Throws RecordNotFoundError, MissingTableError, MissingColumnError. */
export async function openMailDesk(
  pinned: DatabaseSession,
  parts: HaloApiParts,
  missing: MissingColumns,
  mailboxId: number,
  assumed: MailAssumptions,
): Promise<MailDesk> {
  const { database } = parts;
  const tables = await database.describe(mailTables);
  const tableOf = (name: string): ActualTable => {
    const table = tables.get(name);
    if (!table) throw new MissingTableError(name);
    return table;
  };
  mailTables.forEach(tableOf);
  for (const [table, columns] of Object.entries(neededColumns))
    for (const column of columns) if (!tableOf(table).columns.has(column)) throw new MissingColumnError(table, column);
  const handledRows = tableOf(handledTable);
  const find = async (name: string): Promise<ActualTable | undefined> =>
    tables.get(name) ?? (await database.describe([name])).get(name);
  const session = actualSession(pinned, find, missing);
  const { read } = actualReader(database, find, missing);
  const rules = await readMailRules({ describe: (names) => database.describe(names), read }, mailboxId, assumed);
  const rowOf = new Map<string, number>();
  const recent = createRecentTickets(mailboxId);

  const writing = (whatIf: boolean): MailWriting => {
    const now = parts.clock.now();
    const { settings, author } = parts;
    const traces = { settings, author, now, ...historyTables(find, missing) };
    return { rules, assumed, tables, settings, now, recent, whatIf, traces };
  };

  async function together(mails: readonly IncomingMail[], whatIf: boolean): Promise<readonly MailOutcome[]> {
    const { outcomes, rows } = await session.transaction((transaction) =>
      writeMail(transaction, mails, writing(whatIf)),
    );
    for (const [identity, row] of rows) rowOf.set(identity, row);
    return outcomes;
  }

  async function alone(mail: IncomingMail, whatIf: boolean): Promise<MailOutcome> {
    try {
      const [outcome] = await together([mail], whatIf);
      return outcome ?? { outcome: 'rejected', reason: 'It was not answered.' };
    } catch (error) {
      if (!isTheMailsFault(error)) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      if (!whatIf) await session.transaction((transaction) => setAside(transaction, mail, reason, writing(false)));
      return { outcome: 'rejected', reason };
    }
  }

  return {
    async handled(mails) {
      const found = await readHandled(session, handledRows, mailboxId, mails);
      return mails.map((mail) => {
        const one = found.of(mail);
        const state = standingOf(one, assumed, parts.clock.now());
        if (one && state) rowOf.set(identityOf(mail), one.row);
        return state;
      });
    },
    async write(mails, options = {}) {
      const whatIf = options.whatIf === true;
      if (mails.length === 0) return [];
      if (mails.length === 1) return [await alone(mails[0] as IncomingMail, whatIf)];
      try {
        return await together(mails, whatIf);
      } catch (error) {
        if (!isTheMailsFault(error)) throw error;
        const outcomes: MailOutcome[] = [];
        for (const mail of mails) outcomes.push(await alone(mail, whatIf));
        return outcomes;
      }
    },
    keepPosition: (position) => keepPosition(session, parts.clock, rules.mailboxGuid, rules.tenant, position),
    async removed(mails) {
      const rows = mails.flatMap((mail) => rowOf.get(identityOf(mail)) ?? []);
      // Called after each batch: what was left in the mailbox needs no note either.
      rowOf.clear();
      if (rows.length === 0) return;
      await session.transaction((transaction) =>
        transaction.update(
          handledTable,
          { IERemovedFromMailbox: true },
          {
            all: [
              { column: 'IEMBID', is: 'equal', value: mailboxId },
              { column: rowColumn(handledRows), is: 'in', values: rows },
            ],
          },
        ),
      );
    },
  };
}

function historyTables(
  find: (name: string) => Promise<ActualTable | undefined>,
  missing: MissingColumns,
): Pick<HistoryParts, 'hasTable' | 'tableOf' | 'toWrite'> {
  return {
    hasTable: async (name) => (await find(name)) !== undefined,
    async tableOf(name) {
      const table = await find(name);
      if (!table) throw new MissingTableError(name);
      return table;
    },
    toWrite: (table, columns) => missing.toWrite(table, columns),
  };
}

/** What the row of one mail may cause. Anything else would hit every mail, and none is to be set aside for it. */
function isTheMailsFault(error: unknown): boolean {
  return error instanceof IntegratorError ? error.category === 'data' : true;
}
