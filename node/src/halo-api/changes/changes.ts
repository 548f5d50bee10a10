import type { Row, Value } from '../../database/database.ts';
import type { UpsertMatch, UpsertRequest } from '../../database/upsert.ts';

/** Why a row is written: it came with a record of the vendor's, its record is missing there, or a run is undone. */
export type ChangeCause = 'record' | 'missing' | 'undo';

/** A row of Halo's that a transaction made or changed, and what it held in the columns that changed. */
export interface RowChange {
  readonly table: string;
  readonly action: 'created' | 'updated';
  /** The columns that the row is known by, and their values. */
  readonly key: Row;
  /** Of a row that was there: the columns that changed, as they were. */
  readonly before?: Row;
  /** The columns that changed, as they are now; of a new row those that hold something. */
  readonly after: Row;
  /** The vendor's own id of the record. */
  readonly vendorId?: string | undefined;
  readonly name?: string | undefined;
  readonly cause: ChangeCause;
  /** Of a new row, where whoever is told is to make it again. */
  readonly making?: Making | undefined;
}

/** What it takes to make a new row again, beside what it holds. */
export interface Making {
  /** The column that numbers it, and who counts there; absent where the row is known by what it holds. */
  readonly key?: UpsertRequest['key'];
  /** Its second number, counted within a parent. */
  readonly numbered?: UpsertRequest['numbered'];
  /** How one that is there already would be found. */
  readonly match?: readonly Extract<UpsertMatch, { readonly by: 'columns' }>[];
  /** Rows that were there by then and have the same name, of tables whose records are known by it: where there are more, one was made since. */
  readonly alike?: readonly number[];
  /** Its link, but for the third-party id. */
  readonly link?: { readonly scope: Row; readonly values: Row };
  /** It is no record, and is left beside others of its transaction (a history of who holds a licence). */
  readonly trace?: true;
}

/** {@link Making} as it is kept. */
export interface KeptMaking extends Omit<Making, 'link'> {
  readonly link?: { readonly scope: KeptRow; readonly values: KeptRow };
}

/** Where the changes of a session's transactions are told. */
export interface ChangeSink {
  /** Whether it is told what it takes to make new rows again. */
  readonly wantsMaking?: boolean;
  /**
   * Told inside the transaction, when nothing but the commit is left; where it throws, the transaction is taken back. Going through the
   * changes puts each together, as often as that is done.
   */
  prepare(changes: Iterable<RowChange>): Promise<void>;
  /** Told once those are committed. Where neither this nor an error comes, nobody knows whether they are. */
  committed(): Promise<void>;
}

/** A value that is kept whole is text, number, true, false or null; dates are texts with a zone. */
export type KeptValue = string | number | boolean | null | LeftOut;

/** What stands for a value that is not kept: a file's bytes, or a text of many pages. */
export interface LeftOut {
  readonly sha256: string;
  /** Characters of a text, bytes of a file. */
  readonly length: number;
}

export type KeptRow = Readonly<Record<string, KeptValue>>;

/** A session that tells why it changes what it does, where anybody is told. */
export interface Causing {
  cause?: ChangeCause;
}

/** Runs transactions for what is missing at the vendor. */
export function forMissing<T>(session: Causing, work: () => Promise<T>): Promise<T> {
  return because('missing', session, work);
}

/** Runs transactions that have a cause of their own. */
export async function because<T>(cause: ChangeCause, session: Causing, work: () => Promise<T>): Promise<T> {
  session.cause = cause;
  try {
    return await work();
  } finally {
    session.cause = 'record';
  }
}

/** Whether a value is the same as another, as far as that can be told without the database. */
export function isSameValue(one: Value | undefined, other: Value | undefined): boolean {
  if (one === other) return true;
  if (one instanceof Date && other instanceof Date) return one.getTime() === other.getTime();
  return (one ?? null) === null && (other ?? null) === null;
}
