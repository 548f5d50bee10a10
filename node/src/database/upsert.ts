import type { Row } from './row.ts';

/** How staged rows are written into one table. */
export interface UpsertRequest {
  readonly table: string;
  /** The key: found by the matches, or allocated as MAX+1 under lock (`allocate`), or identity. */
  readonly key: { readonly column: string; readonly kind: 'allocate' | 'identity' };
  /** The columns each row brings, compared with and written to the table. Every row has each of them (null counts). */
  readonly columns: readonly string[];
  readonly rows: readonly StagedRow[];
  /** How existing rows are found, in this order; the first that finds exactly one wins, one that finds several rejects the row as ambiguous. */
  readonly match: readonly UpsertMatch[];
  /** How they were looked for before, by who gives the keys of those that are there. */
  readonly lookedFor?: readonly UpsertMatch[];
  /** Written on insert only, the same for each row: NOT NULL columns without default, creation stamps. */
  readonly onInsert: Row;
  /** Columns of `columns` that are written on insert only and left alone on update. */
  readonly insertOnly?: readonly string[];
  /** Written whenever a row is inserted or updated, not compared: last-update stamps, change clock. */
  readonly stamps: Row;
  /** The link kept for each row that brings a `linkValues`. */
  readonly link?: UpsertLink;
  /** Also answer what these columns held before, for rows that are there (history, and what is kept beside a row). */
  readonly before?: readonly string[];
  /**
   * A second number that new rows get, counted within the rows of one parent (an asset's within its site). Both columns are left alone on
   * update; `columns` has that of the parent, and not that of the number.
   */
  readonly numbered?: { readonly column: string; readonly within: string };
  /** Rows whose text in a column is this one, as the database compares, are nobody's: no columns find them, and who names one is rejected. */
  readonly reserved?: { readonly column: string; readonly text: string; readonly reason: string };
  /** Rows that are not there are answered as missing. */
  readonly updateOnly?: boolean;
  /** Also answer what the rows and links that differ held, in the columns brought. */
  readonly tellOld?: boolean;
  /** Report what would happen and write nothing. */
  readonly whatIf?: boolean;
}

export interface StagedRow {
  readonly values: Row;
  /** The row's key where the caller knows it. */
  readonly key?: number;
  /** Its third-party id in the link table. */
  readonly linkId?: string;
  /** Further columns of the link row (description, url …). */
  readonly linkValues?: Row;
}

export type UpsertMatch =
  | { readonly by: 'key' }
  | { readonly by: 'link' }
  /**
   * Equal on all these columns (each in `columns`); null and empty text never match. With `whereEmpty`, only rows whose text in that column is
   * empty or null count.
   */
  | { readonly by: 'columns'; readonly columns: readonly string[]; readonly whereEmpty?: string };

/** A row of a link table (ExternalLink) that carries the third-party id of the row written. */
export interface UpsertLink {
  readonly table: string;
  /** Column that holds the key of the written row (ELHaloId). */
  readonly keyColumn: string;
  /** Column that holds the third-party id (ELThirdPartyId). */
  readonly idColumn: string;
  /** Constants that say which link it is: table id, module id, details id. */
  readonly scope: Row;
  /**
   * A column of the scope (ELDetailsId) that makes a link one for all where it is 0 or null. Such a link is followed where there is none
   * of the scope's own, and is left as it is; the row gets one of its own beside it.
   */
  readonly general?: string;
  /** Columns given on insert only (ELIsPrimary, dates). */
  readonly onInsert: Row;
  /** Columns given whenever an existing link is changed (its date). */
  readonly onUpdate?: Row;
}

export interface UpsertOutcome {
  /** One per request row, in the same order. */
  readonly rows: readonly RowOutcome[];
  /** What is done to links, where the request wants old values told. */
  readonly links?: readonly LinkOutcome[];
}

/** A link that is made, or one that is changed: its own key, and what it held in the key column and those its row brings. */
export interface LinkOutcome {
  /** That of the row in the request. */
  readonly place: number;
  readonly there?: { readonly key: number; readonly old: Row };
}

export type RowOutcome =
  /** With its second number, where the request has it numbered. */
  | { readonly outcome: 'created'; readonly key: number; readonly number?: number }
  /** `old` is of a row that differs, in the columns compared, where the request wants it told. */
  | { readonly outcome: 'updated' | 'unchanged'; readonly key: number; readonly before?: Row; readonly old?: Row }
  | { readonly outcome: 'missing' }
  | { readonly outcome: 'rejected'; readonly reason: string };

/** Columns whose old values are read: those asked for, and what tells a reserved row. */
export function readBefore({ before = [], reserved }: UpsertRequest): readonly string[] {
  const asked = before.map((name) => name.toLowerCase());
  return reserved && !asked.includes(reserved.column.toLowerCase()) ? [...before, reserved.column] : before;
}

/** Columns that an update leaves alone: those written on insert only, and what a row is numbered by. */
export function leftAlone({ insertOnly = [], numbered }: UpsertRequest): readonly string[] {
  return numbered ? [...insertOnly, numbered.within] : insertOnly;
}
