import type { TableRight } from '../database/database.ts';
import type { Clock } from '../environment.ts';
import type {
  HaloApi,
  HaloOutcome,
  HaloRecord,
  HaloSession,
  LinkScope,
  MissingRecords,
  ReadPart,
  Remembered,
  SettingsRow,
} from '../halo-api/halo-api.ts';
import type { HttpClient } from '../http/http-client.ts';

/** An integration as data: what it is called, which settings it takes, which entities it has, in the order they run. */
export interface Integration {
  /** Name in appsettings.json and in `-Integration`. */
  readonly name: string;
  readonly displayName: string;
  readonly settings: Readonly<Record<string, IntegrationSettingField>>;
  readonly entities: readonly Entity[];
  /** Further modules of Halo's that it reads, beside the one of its own name; `Halo.ModuleIds` can give the number of each. */
  readonly modules?: readonly string[];
  /** Halo's own tables this integration uses beside its entities' resources, and the rights that takes. */
  readonly tables: Readonly<Record<string, readonly TableRight[]>>;
  /** The connections set up in Halo's web app, each with its switch, entities and last sync. */
  connections(api: HaloApi, instance?: InstanceView): Promise<readonly HaloConnection[]>;
  /** Which credential is missing, by setting name; empty when all are present. */
  missingCredentials(connection: HaloConnection, settings: Readonly<Record<string, unknown>>): readonly string[];
  /** One cheap request that proves the vendor is reached and lets us in. */
  probe(context: VendorContext): Promise<string>;
  /** Writes last sync and last error to Halo's own columns ('' on success). */
  recordSync(
    connection: HaloConnection,
    sync: { readonly at: Date; readonly error: string },
    write: SettingsRowWriter,
  ): Promise<void>;
}

/** What of this instance bears on reading Halo's connections. */
export interface InstanceView {
  readonly settings: Readonly<Record<string, unknown>>;
  warn(message: string): void;
}

export type SettingsRowWriter = (
  table: string,
  key: { column: string; value: number },
  values: Record<string, unknown>,
) => Promise<void>;

export interface IntegrationSettingField {
  readonly type: 'string' | 'number' | 'boolean' | 'string[]';
  readonly secret?: boolean;
  /** A secret for each of several things: an object of name → secret. */
  readonly perName?: boolean;
  /** The words of a list whose lines are "code=word", the code a number. */
  readonly words?: readonly string[];
  readonly default?: unknown;
  readonly description: string;
}

/** A connection row of Halo (one Pax8Details, one AzureADConnection …). */
export interface HaloConnection {
  readonly id: number;
  readonly name: string;
  readonly moduleId: number;
  /** The integrator switch in Halo's web app. */
  readonly enabled: boolean;
  /** Entity names switched on in Halo; undefined where Halo's list is empty, which means all. */
  readonly entities?: readonly string[];
  readonly lastSync?: Date;
  readonly lastError?: string;
  /** The row as it is, by Halo's column names. */
  readonly row: Readonly<Record<string, unknown>>;
}

/** What talking to the vendor needs. */
export interface VendorContext {
  readonly connection: HaloConnection;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** What reading and mapping one entity needs. */
export interface EntityContext extends VendorContext {
  readonly api: HaloApi;
  readonly scope: LinkScope;
  /** Says once per run what the admin should know. */
  warn(message: string): void;
  /** Where the last run stopped; undefined at a fresh start. */
  readonly cursor?: string;
  /** How many records a page of this content has, where an earlier run has read one. */
  sizeOfPage?(content: string): number | undefined;
}

/** A page as the vendor gave it. */
export interface VendorPage<T> {
  /** Read when they are asked for, where the page has a `content`. Throws VendorAnswerError. */
  readonly records: readonly T[];
  /** A hash of the records as the vendor wrote them. */
  readonly content?: string;
  /** How many records there are on it, where that is known without reading them. */
  readonly size?: number;
  /** How many records there are in all, where the vendor says. */
  readonly total?: number;
  /** Where to go on should the run stop after this page. */
  readonly cursor?: string;
  /** Something before this page could not be read, so what did not come by now may well be there. */
  readonly incomplete?: boolean;
}

/** A record that cannot be written, with its name and why. */
export interface Quarantined {
  readonly quarantined: string;
  readonly reason: string;
  /** Where the vendor gave one: the record exists, so what is linked to it in Halo is not missing and must not be deactivated. */
  readonly third_party_id?: string;
}

/** A record that needs no writing, such as one that a later page brings anew. Not counted as rejected. */
export interface LeftOut {
  readonly left_out: true;
}

/** One kind of record an integration brings. */
export interface Entity<T = unknown> {
  readonly name: string;
  readonly description: string;
  /** The Halo resource written. */
  readonly resource: string;
  /** Further resources written behind it. */
  readonly alsoWrites?: readonly string[];
  /** Further tables of Halo's that this entity uses, and the rights that takes. */
  readonly tables?: Readonly<Record<string, readonly TableRight[]>>;
  /** Starts reading; pages come in order, and an error means the set is partial. */
  open(context: EntityContext): Promise<EntityReader<T>>;
}

/** One run of one entity. */
export interface EntityReader<T = unknown> {
  pages(): AsyncIterable<VendorPage<T>>;
  /** Vendor records → Halo records, page by page, so that references are looked up for many at once. Order and length are kept. */
  toHalo(records: readonly T[]): Promise<readonly (HaloRecord | Quarantined | LeftOut)[]>;
  /**
   * What `toHalo` goes by beside the vendor's records and the settings. Where a reader has it, pages that the vendor gives again as
   * they were, and that Halo still holds as they came to be, are not read anew; a map of records that warned is.
   */
  readonly basis?: MappingBasis;
  readonly insertOnly?: readonly string[];
  readonly matchFields?: readonly (readonly string[])[];
  /** Field of the vendor's own id: a record that has another one there is somebody else's, and only this field finds it. */
  readonly ownIdField?: string;
  /** Whether records Halo has and a complete read did not bring are set inactive; asked after each batch and once the read is complete. */
  readonly deactivateMissing: boolean;
  /** What was read, where that is a part of what the connection may have brought before; asked once the read is complete. */
  readonly readPart?: ReadPart;
  /** What such records are, where it is something else than a linked record that is to be set inactive. */
  missing?(session: HaloSession, seen: Remembered): MissingRecords;
  /**
   * Records of another resource that need the ids just written (a client's main site). Called after each batch with the
   * vendor's records and their outcomes in the same order, quarantined ones as rejected; with what-if, too, unless the reader
   * writes by itself. (Not called `then`: a promise
   * would take the reader for another promise.)
   */
  afterBatch?(records: readonly T[], outcomes: readonly HaloOutcome[]): Promise<readonly FollowUp[]>;
  /**
   * How far the vendor was read, where Halo has a place for that (a delta link). Asked once everything the vendor had is
   * written, and committed with the last batch; after the missing records where a whole read settles those. Should it not
   * come to this, the same records are read again, which changes nothing twice.
   */
  readMark?(run: CompletedRun): readonly SettingsRow[];
  /**
   * Pages are counted, so that a record which goes at the vendor moves others to an earlier page: a run that goes on reads the
   * last page once more, and takes records for missing only where that page brings none it has not seen.
   */
  readonly pagesShift?: boolean;
  /** Each page is a batch of its own: its records are large. */
  readonly pageIsBatch?: boolean;
  /**
   * Writes a batch in place of the upsert, where a record is rows of several resources that belong together (a mail: ticket,
   * action, attachments). Answers each record in order; what it answers is committed when `afterBatch` is called.
   */
  write?(
    session: HaloSession,
    records: readonly HaloRecord[],
    options: { readonly whatIf: boolean },
  ): Promise<readonly HaloOutcome[]>;
  /** Gives back what reading holds (a connection), however the run ended. */
  close?(): Promise<void>;
}

/** What records are mapped by: the clients that companies are, for one. */
export interface MappingBasis {
  /** All of it that was looked up so far, as JSON. */
  value(): Promise<unknown>;
  /** Looks up anew what an earlier run went by; its `value()` is the same afterwards where nothing changed. */
  lookUpAgain(earlier: unknown): Promise<void>;
}

/** What came of a run that read everything the vendor had to say. */
export interface CompletedRun {
  readonly rejected: number;
  /** Records may be missing at the vendor, and were left active. */
  readonly missingLeft: boolean;
}

/** Records that follow from a batch, to be upserted under the same link scope. */
export interface FollowUp {
  readonly resource: string;
  readonly records: readonly HaloRecord[];
  readonly insertOnly?: readonly string[];
  readonly matchFields?: readonly (readonly string[])[];
}
