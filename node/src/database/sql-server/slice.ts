import type { ActualColumn, ActualTable } from '../database.ts';
import type { Condition } from '../query.ts';

/** Rows one statement writes at most, and those it may always write. */
const rowsAtOnce = 2000;
const rowsAlways = 100;
/** SQL Server thinks of a table lock from 5,000 locks of one statement on. */
const locksBorne = 4500;

/** Rows that one statement may add to a table: each is locked in the table, and in every index beside it. */
export function rowsInserted({ indexes = 0 }: ActualTable): number {
  return rowsOf(1 + indexes);
}

/** Rows of which one statement may change these columns: each is locked in the table, and by its old and new key in every index that holds one. */
export function rowsUpdated({ indexes = 0 }: ActualTable, changed: readonly ActualColumn[]): number {
  const holding = changed.reduce((sum, column) => sum + (column.indexes ?? 0), 0);
  return rowsOf(1 + 2 * Math.min(holding, indexes));
}

function rowsOf(locksOfOne: number): number {
  return Math.max(rowsAlways, Math.min(rowsAtOnce, Math.floor(locksBorne / locksOfOne)));
}

/** Staged rows that one statement takes in hand, by their number. */
export interface Slice {
  readonly from: number;
  readonly to: number;
}

/** All of so many rows, slice by slice. */
export function* slicesOf(rows: number, atOnce = rowsAtOnce): Generator<Slice> {
  for (let from = 0; from < rows; from += atOnce) yield { from, to: from + atOnce - 1 };
}

/** A condition in parts, each with no more values in its list than one statement may change rows; one that is shorter is its only part. */
export function partsOf(where: Condition, atOnce = rowsAtOnce): Condition[] {
  if ('is' in where && where.is === 'in') {
    const values = [...new Set(where.values)];
    return values.length <= atOnce
      ? [where]
      : [...slicesOf(values.length, atOnce)].map(({ from, to }) => ({ ...where, values: values.slice(from, to + 1) }));
  }
  if (!('all' in where)) return [where];
  for (const [at, one] of where.all.entries()) {
    const parts = partsOf(one, atOnce);
    if (parts.length > 1) return parts.map((part) => ({ all: where.all.with(at, part) }));
  }
  return [where];
}
