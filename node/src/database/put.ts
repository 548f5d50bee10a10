import type { Row, Value } from './row.ts';

/** Rows of a table whose key is no number of its own: each is known by the values of several columns (a field of an asset). */
export interface PutRequest {
  readonly table: string;
  /** Columns a row is known by; none of their values is null. */
  readonly known: readonly string[];
  /** Columns compared with the table, and written where they differ. */
  readonly columns: readonly string[];
  /** The values of `known` and then of `columns`. No two rows are known by the same. */
  readonly rows: readonly (readonly Value[])[];
  /** Written on insert only, the same for each row. */
  readonly onInsert?: Row;
  /** Written on insert and on update, and not compared. */
  readonly stamps?: Row;
  /** Answer what would be done and write nothing. */
  readonly whatIf?: boolean;
}

/** What putting rows came to; the rows in neither list were there as they are. */
export interface PutOutcome {
  /** Places of the rows that were inserted. */
  readonly created: readonly number[];
  /** Rows that were updated, with the values that `columns` had. Of several rows known by the same, those of one that differed. */
  readonly updated: readonly { readonly place: number; readonly before: readonly Value[] }[];
}
