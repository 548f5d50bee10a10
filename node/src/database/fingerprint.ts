import type { Row } from './row.ts';

/** Keys from one number to another, both among them. */
export type KeyRange = readonly [from: number, to: number];

/** Rows whose values are to be told from any change to them. */
export interface FingerprintRequest {
  readonly table: string;
  /** The key column, a whole number. */
  readonly key: string;
  /** The keys of the rows, ascending. */
  readonly keys: readonly KeyRange[];
  readonly columns: readonly string[];
  /** The rows of a link table that point at them. */
  readonly link?: {
    readonly table: string;
    /** The link's own key, by which several links of one row come in the same order each time. */
    readonly rowKey: string;
    /** Column that holds the key of the row (ELHaloId). */
    readonly keyColumn: string;
    /** Column that holds the third-party id. */
    readonly idColumn: string;
    /** Which links count: table id, module id, details id. */
    readonly scope: Row;
    /** The column of the scope that is told apart last: where a database keeps links by the rest of the scope, they are sought there. */
    readonly general?: string;
    readonly columns: readonly string[];
  };
  /** Rows of other tables that belong to them, in each of which there may be many for one (the fields of an asset). */
  readonly beside?: readonly RowsBeside[];
}

/** Rows of a table that belong to the rows of another. */
export interface RowsBeside {
  readonly table: string;
  /** Columns of the rows they belong to, and theirs, that are equal. */
  readonly on: readonly (readonly [own: string, theirs: string])[];
  /** Which of them count. */
  readonly scope: Row;
  readonly columns: readonly string[];
}

/** Whole numbers as ranges. */
export function rangesOf(keys: Iterable<number>): KeyRange[] {
  const ranges: [number, number][] = [];
  for (const key of [...keys].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last && key <= last[1] + 1) last[1] = key;
    else ranges.push([key, key]);
  }
  return ranges;
}
