import type { ActualTable, Transaction } from '../database/database.ts';
import { ReadOnlyResourceError } from '../errors/halo-api-errors.ts';
import type { SettingsRow } from './halo-api.ts';

type TableOf = (name: string) => Promise<ActualTable>;

/** Writes rows of settings tables, adding those that are missing. Throws ReadOnlyResourceError where a table numbers none itself. */
export async function keepRows(
  transaction: Transaction,
  rows: readonly SettingsRow[],
  tableOf: TableOf,
): Promise<void> {
  for (const { table: name, known, values } of rows) {
    const table = await tableOf(name);
    const key = [...table.columns.values()].find((column) => column.identity)?.name;
    if (key === undefined) throw new ReadOnlyResourceError(name);
    await transaction.upsert({
      table: name,
      key: { column: key, kind: 'identity' },
      columns: [...Object.keys(known), ...Object.keys(values)],
      rows: [{ values: { ...known, ...values } }],
      match: [{ by: 'columns', columns: Object.keys(known) }],
      onInsert: {},
      stamps: {},
    });
  }
}
