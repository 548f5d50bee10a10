import type { KeyRange } from '../database/fingerprint.ts';
import type { Row } from '../database/database.ts';

/** A Halo object with Halo's published JSON names. */
export type HaloObject = Record<string, unknown>;

/** Answer of a listing: Halo's envelope; some resources answer the bare array. */
export type HaloListing = HaloObject[] | ({ readonly record_count: number } & Record<string, unknown>);

/** Which third-party connection a write belongs to; the link of each record is kept under it. */
export interface LinkScope {
  /** MODULESETUP.MSid of the integration. */
  readonly module_id: number;
  /** Id of the connection's `<Vendor>Details` row. */
  readonly details_id: number;
}

/** A record to upsert: Halo's fields, and where the vendor knows it by an id, that id. */
export interface HaloRecord {
  readonly fields: HaloObject;
  readonly third_party_id?: string;
  readonly third_party_desc?: string;
  readonly third_party_url?: string;
  /** A second id of the vendor's, such as that of the maker behind a marketplace (ExternalLink.elthirdpartyadditionalid). */
  readonly third_party_secondary_id?: string;
  /** Changes the record where Halo has it, and is skipped where Halo has not. */
  readonly update_only?: boolean;
}

export type HaloOutcome =
  | { readonly outcome: 'created' | 'updated' | 'unchanged'; readonly id: number }
  /** An update-only record that Halo has not. */
  | { readonly outcome: 'skipped' }
  | { readonly outcome: 'rejected'; readonly reason: string };

/** How Halo holds a set of linked records: to see later, without the records, whether it still does. */
export interface HeldRecords {
  readonly ids: readonly KeyRange[];
  /** The fields the records brought. */
  readonly fields: readonly string[];
  /** The columns of their links that they brought. */
  readonly linkColumns: readonly string[];
  readonly fingerprint: string;
  /**
   * Whether the rows were what the records say when the fingerprint was made. Somebody may change a row that was found unchanged
   * before that; once the same fingerprint came before and after a comparison, nobody did.
   */
  readonly certain: boolean;
}

/** A row of a Halo table that has no resource, known by several columns. */
export interface SettingsRow {
  readonly table: string;
  readonly known: Row;
  readonly values: Row;
}

/** Rows written in the transaction of a set of records: how far the vendor was read (a delta link). */
export interface BatchMark {
  /** Asked inside the transaction, once the records are written. */
  rows(outcomes: readonly HaloOutcome[]): readonly SettingsRow[];
  /** Called after the commit; not called where the records had to be written in several transactions. */
  kept(): void;
}
