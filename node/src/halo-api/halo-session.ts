import { createBulkUpsert } from './writes/bulk-upsert.ts';
import { cut } from './values/cut-text.ts';
import { createGoneRecords } from './missing/gone-records.ts';
import type { HaloSession } from './halo-api.ts';
import { writeLicenceUsers } from './writes/licence-users.ts';
import { createSessionParts, type SessionRequest } from './session-parts.ts';
import { keepRows } from './settings-rows.ts';

/** Writing through the built-in API on one pinned connection. */
export function createHaloSession(request: SessionRequest): HaloSession {
  const own = createSessionParts(request);
  const { session, parts, missing } = request;
  const { tableOf, traces } = own;
  const writes = createBulkUpsert(own);
  return {
    database: session,
    ...writes,
    ...createGoneRecords(own, (name, records, options) => writes.upsert(name, records, options)),
    remembered: (set) => own.seenAs(set),
    remember: (set, kept) => own.remember(set, kept),
    async updateSettingsRow(name, key, values) {
      const table = await tableOf(name);
      const row: Record<string, string | number | boolean | Date | null> = {};
      for (const column of missing.toWrite(table, Object.keys(values))) {
        const value = values[column];
        const text = typeof value === 'string' ? cut(value, table.columns.get(column)?.length) : value;
        row[column] = text as string | number | boolean | Date | null;
      }
      if (Object.keys(row).length === 0) return;
      await session.transaction((transaction) =>
        transaction.update(name, row, { column: key.column, is: 'equal', value: key.value }),
      );
    },
    async mailDesk(mailboxId, assumed) {
      const { openMailDesk } = await import('./mail/mail-desk.ts');
      return openMailDesk(session, parts, missing, mailboxId, assumed);
    },
    assignLicences: (moduleId, holders, options) =>
      session.transaction((transaction) =>
        writeLicenceUsers(transaction, moduleId, holders, { ...traces(), ...options }),
      ),
    async keepSettingsRows(rows) {
      if (rows.length > 0) await session.transaction((transaction) => keepRows(transaction, rows, tableOf, missing));
    },
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}
