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
