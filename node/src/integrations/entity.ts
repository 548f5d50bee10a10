import type { TableRight } from '../database/database.ts';
import type { FollowUp } from '../halo-api/follow-ups.ts';
import type { HaloApi, HaloOutcome, HaloRecord, LinkScope } from '../halo-api/halo-api.ts';
import type { HaloReads } from '../halo-api/reads/look-ups.ts';
import type { BatchWriter } from './batch-writer.ts';
import type { ChangesSource } from './changes-source.ts';
import type { VendorContext } from './connection.ts';
import type { MappedRecord } from './mapped-record.ts';
import type { MarkedSource } from './marked-source.ts';
import type { MissingRule } from './missing-rule.ts';
import type { Source } from './source.ts';

/** One kind of record an integration brings, as data. */
export interface Entity<T = unknown> {
  /** Name in appsettings.json and in `-Entity`. */
  readonly name: string;
  readonly description: string;
  /** The Halo resource written. */
  readonly resource: string;
  /** Further resources written behind it. */
  readonly alsoWrites?: readonly string[];
  /** Further tables of Halo's that this entity uses, and the rights that takes. */
  readonly tables?: Readonly<Record<string, readonly TableRight[]>>;
  /** Prepares one run; nothing of the entity's own list is asked of the vendor before its pages are. */
  open(context: EntityContext): Promise<OpenEntity<T>>;
}

/** What reading and mapping one entity needs. */
export interface EntityContext extends VendorContext {
  readonly api: HaloApi;
  readonly scope: LinkScope;
  /** Says once per run what the admin should know. */
  warn(message: string): void;
  /** The cursor of the page after which the last run stopped; undefined at a fresh start. */
  readonly cursor?: string;
  /** Whether another entity of this connection is brought by this instance, in this run or another. */
  brings?(entity: string): boolean;
  /** How many records a page of this content has, where an earlier run has read one. */
  sizeOfPage?(content: string): number | undefined;
  /** Opens the marks this entity's runs leave for each other; they are closed when its target is. Throws StateFolderError. */
  marks?(): Promise<Marks>;
}

/** What a run was about when it ended without a word, so that the next one does not end at the same record. */
export interface Marks {
  /** Whether an earlier run did not come back from it. */
  wasLeft(of: string): boolean;
  /** Notes, before it is begun, what the engine may not come back from; undefined once it is done. */
  set(of: string | undefined): Promise<void>;
  /** Forgets what an earlier run left, once it is dealt with. */
  forget(of: string): Promise<void>;
  close(): Promise<void>;
}

/** One run of one entity: where its records come from, what they become, and where that goes. */
export interface OpenEntity<T = unknown> {
  /** Pages of the vendor's records. A {@link MarkedSource} also keeps in Halo how far the vendor was read, a {@link ChangesSource} beside the instance. */
  readonly source: Source<T> | MarkedSource<T> | ChangesSource<T>;
  readonly mapping: Mapping<T>;
  /** How records are written to the entity's resource; a {@link BatchWriter} where they are rows of several that belong together. */
  readonly target: Target | BatchWriter<T>;
  /** What is done with records that Halo has and a whole read did not bring. */
  readonly missing: MissingRule;
  /**
   * Records of another resource that need the ids just written (a client's main site). Called after each batch with the vendor's
   * records that were written and their outcomes in the same order; with what-if, too. It goes with the
   * batch's transaction: Halo is to be read through `halo` alone, where that is given, and again where the transaction is repeated.
   */
  followUps?(records: readonly T[], outcomes: readonly HaloOutcome[], halo?: HaloReads): Promise<readonly FollowUp[]>;
  /** The same, in its place, for what goes by the records as they were written: the vendor's need not be held until then. */
  followUpsOfWritten?(
    records: readonly HaloRecord[],
    outcomes: readonly HaloOutcome[],
    halo?: HaloReads,
  ): Promise<readonly FollowUp[]>;
}

/** What the vendor's records become. */
export interface Mapping<T = unknown> {
  /**
   * Vendor records → Halo records, many pages at once, so that references are looked up for all of them. Order and length are kept.
   * Should it throw something that is no IntegratorError, the records are given once more one by one, and those it throws for are
   * set aside.
   */
  toHalo(records: readonly T[]): Promise<readonly MappedRecord[]>;
  /**
   * What `toHalo` goes by beside the vendor's records and the settings. Where a mapping has it, pages that the vendor gives again as
   * they were, and that Halo still holds as they came to be, are not read anew; a map of records that warned is.
   */
  readonly basis?: MappingBasis;
  /** Each page may be mapped as it comes, since little or nothing is looked up for it: what is held of a batch is smaller then. */
  readonly eachPage?: boolean;
}

/** What records are mapped by: the clients that companies are, for one. */
export interface MappingBasis {
  /** All of it that was looked up so far, as JSON. */
  value(): Promise<unknown>;
  /** Looks up anew what an earlier run went by; its `value()` is the same afterwards where nothing changed. */
  lookUpAgain(earlier: unknown): Promise<void>;
}

/** How records are written to the entity's resource: each is found by its key, its link, or the fields named, else created. */
export interface Target {
  /** Fields written when the record is new, and the administrator's to change afterwards. */
  readonly insertOnly?: readonly string[];
  /** How unlinked records are matched to existing ones, by field names; each in turn, only where exactly one fits. */
  readonly matchFields?: readonly (readonly string[])[];
  /** Field of the vendor's own id: a record that has another one there is somebody else's, and only this field finds it. */
  readonly ownIdField?: string;
  /** At most how many records are written together, where each is many rows (an asset with its fields). */
  readonly recordsAtOnce?: number;
}

export type { FollowUp };
