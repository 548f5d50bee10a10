import type { Row, Transaction } from '../../database/database.ts';
import { comparedText } from '../../database/compared-text.ts';
import type { UpsertRequest } from '../../database/upsert.ts';
import type { Resource } from '../resources/resource.ts';
import type { WrittenRow } from '../writes/write-traces.ts';

/**
 * The rows of these keys that are still active and are to be set inactive, as rows of history want them; reserved ones are not among
 * them. Undefined where a resource keeps neither history nor reserved rows, and none needs to be read.
 */
export async function endingRows(
  transaction: Transaction,
  { table, key, inactive, history = [], before = [] }: Resource,
  keys: readonly number[],
  reserved: UpsertRequest['reserved'],
): Promise<(WrittenRow & { readonly outcome: { readonly key: number } })[] | undefined> {
  const kept = history.some((rule) => rule.of !== 'creation' && rule.column === inactive?.column);
  if (!inactive || !(kept || reserved)) return undefined;
  const rows = await transaction.read({
    from: table,
    columns: [...new Set([key.column, inactive.column, ...before, ...(reserved ? [reserved.column] : [])])],
    where: { column: key.column, is: 'in', values: keys },
  });
  const values: Row = { [inactive.column]: inactive.value };
  return rows
    .filter((row) => Boolean(row[inactive.column]) !== inactive.value)
    .filter((row) => !reserved || comparedText(row[reserved.column]) !== comparedText(reserved.text))
    .map((row) => ({ outcome: { outcome: 'updated', key: Number(row[key.column]), before: row }, values }));
}
