import type { Transaction } from '../../database/database.ts';
import type { WriteParts } from './write-parts.ts';
import { stampsOf } from './write-traces.ts';

/** Stamps records of which only what stands in other tables changed, by these keys: they were changed, too. */
export async function stampChanged(
  transaction: Transaction,
  keys: readonly (readonly number[])[],
  columns: readonly string[],
  parts: WriteParts,
): Promise<void> {
  const { resource, table } = parts;
  const stamps = stampsOf(resource, table, parts);
  if (keys.length > 0 && Object.keys(stamps).length > 0) await transaction.stamp(resource.table, stamps, columns, keys);
}
