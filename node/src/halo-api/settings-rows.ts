import type { ActualTable, Transaction } from '../database/database.ts';
import { ReadOnlyResourceError } from '../errors/halo-api-errors.ts';
import type { SettingsRow } from './halo-api.ts';
import type { MissingColumns } from './reads/missing-columns.ts';

type TableOf = (name: string) => Promise<ActualTable>;

/**
 * Writes rows of settings tables, adding those that are missing; what this Halo has no column for is left out, which is said once.
 * Throws ReadOnlyResourceError where a table numbers none itself.
 */
export async function keepRows(
  transaction: Transaction,
  rows: readonly SettingsRow[],
  tableOf: TableOf,
  missing: MissingColumns,
): Promise<void> {
  for (const { table: name, known, values } of rows) {
    const table = await tableOf(name);
    const key = [...table.columns.values()].find((column) => column.identity)?.name;
    if (key === undefined) throw new ReadOnlyResourceError(name);
    const names = Object.keys(known);
    // A row that cannot be told from others is none to keep.
    if (missing.toWrite(table, names).length < names.length) continue;
    const columns = [...names, ...missing.toWrite(table, Object.keys(values))];
    await transaction.upsert({
      table: name,
      key: { column: key, kind: 'identity' },
      columns,
      rows: [{ values: { ...known, ...values } }],
      match: [{ by: 'columns', columns: names }],
      onInsert: {},
      stamps: {},
    });
  }
}
