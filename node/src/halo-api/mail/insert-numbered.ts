import type { ActualTable, Row, Transaction } from '../../database/database.ts';

/**
 * Inserts rows of a table that Halo numbers in a column which is no longer its key, and answers their keys. Looking for the highest
 * number under lock would lock the whole table where no index helps, and the key keeps the rows apart without it.
 */
export async function insertNumbered(
  transaction: Transaction,
  table: ActualTable,
  rows: readonly Row[],
  column: string,
): Promise<number[]> {
  if (rows.length === 0) return [];
  const isKey = table.primaryKey.some((name) => name.toLowerCase() === column.toLowerCase());
  if (isKey || !table.columns.has(column)) return transaction.insert(table.name, rows, isKey ? { column } : undefined);
  const [highest] = await transaction.read({
    from: table.name,
    columns: [column],
    orderBy: [{ column, descending: true }],
    limit: 1,
  });
  const last = Math.max(Number(highest?.[column] ?? 0), 0);
  return transaction.insert(
    table.name,
    rows.map((row, at) => ({ ...row, [column]: last + 1 + at })),
  );
}
