import type { Condition } from '../query.ts';

/** Rows one statement writes: SQL Server thinks of a table lock from 5,000 locks on. */
const rowsAtOnce = 2000;

/** Staged rows that one statement takes in hand, by their number. */
export interface Slice {
  readonly from: number;
  readonly to: number;
}

/** All of so many rows, slice by slice. */
export function* slicesOf(rows: number): Generator<Slice> {
  for (let from = 0; from < rows; from += rowsAtOnce) yield { from, to: from + rowsAtOnce - 1 };
}

/** A condition in parts, each with no more values in its list than one statement may change rows; one that is shorter is its only part. */
export function partsOf(where: Condition): Condition[] {
  if ('is' in where && where.is === 'in') {
    const values = [...new Set(where.values)];
    return values.length <= rowsAtOnce
      ? [where]
      : [...slicesOf(values.length)].map(({ from, to }) => ({ ...where, values: values.slice(from, to + 1) }));
  }
  if (!('all' in where)) return [where];
  for (const [at, one] of where.all.entries()) {
    const parts = partsOf(one);
    if (parts.length > 1) return parts.map((part) => ({ all: where.all.with(at, part) }));
  }
  return [where];
}
