import type { HaloReads } from './reads/look-ups.ts';
import type { DatabaseSession } from '../database/database.ts';
import type { PlannedNumbers } from './apply/planned-numbers.ts';
import type { AppliedRow, PlannedRow } from './apply/planned-row.ts';
import type { ChangeSink } from './changes/changes.ts';
import type { RowToUndo } from './changes/look-at-rows.ts';
import type { UndoneRow } from './changes/undo-rows.ts';
import type { HeldLicence, LicenceHolder } from './writes/licence-users.ts';
import type { MailAssumptions } from './mail/assumptions.ts';
import type { MailDesk } from './mail/incoming-mail.ts';
import type {
  HaloObject,
  HaloListing,
  LinkScope,
  HaloRecord,
  HaloOutcome,
  HeldRecords,
  SettingsRow,
} from './halo-records.ts';
import type { HaloUpsertOptions } from './upsert-options.ts';

export type {
  HaloObject,
  HaloListing,
  LinkScope,
  HaloRecord,
  HaloOutcome,
  HeldRecords,
  SettingsRow,
  BatchMark,
} from './halo-records.ts';
export type { HaloUpsertOptions } from './upsert-options.ts';

/** Halo's API, built in: resources with published names over the tables. */
export interface HaloApi extends HaloReads {
  /** All assets as far as a vendor's are told by it, one after the other; inactive ones too. */
  knownAssets(request: KnownAssetsRequest): AsyncIterable<KnownAsset>;
  /** The links of all assets under the scope, one after the other. */
  assetLinks(scope: LinkScope): AsyncIterable<AssetLink>;
  /** `GET /Client?search=…`: lists by Halo's query parameters. Throws UnknownResourceError, UnknownParameterError. */
  list(resource: string, query?: Readonly<Record<string, string>>): Promise<HaloListing>;
  /** `GET /Client/12`. Throws RecordNotFoundError. */
  get(resource: string, id: number): Promise<HaloObject>;
  /** Any GET as a path, as `halo-db-integrator api GET` takes it. */
  request(method: 'GET', path: string): Promise<unknown>;
  /**
   * Opens a writing session of its own connection; the signal ends its waits and takes back what is not committed, `changes` is told what
   * it changes.
   */
  write(purpose: string, signal?: AbortSignal, changes?: ChangeSink): Promise<HaloSession>;
  /** Rows of a Halo settings table that has no published resource, as they are. */
  settingsRows(table: string, where?: Record<string, unknown>): Promise<Record<string, unknown>[]>;
  /** Those of the tables that this Halo has not. */
  missingTables(tables: readonly string[]): Promise<readonly string[]>;
  /** MODULESETUP.MSid by name (MSName/MSActualName), else from the settings, else undefined. */
  moduleId(integration: string): Promise<number | undefined>;
}

/** What assets are told by beside their tag. */
export interface KnownAssetsRequest {
  /** The asset's field that holds the vendor's own id. */
  readonly ownIdField?: string;
  /** What the asset's fields must hold for that id to count: a vendor's numbers may be those of another connection's. */
  readonly ownScope?: Readonly<Record<string, string | number>>;
  /** A field of asset types (FIELD.Yseq), such as the serial number. */
  readonly field?: number;
}

/** An asset that Halo has. */
export interface KnownAsset {
  readonly id: number;
  readonly site_id: number;
  /** The asset tag. */
  readonly inventory_number: string;
  readonly status_id: number;
  /** The vendor's own id, where the asset has one. */
  readonly own_id?: string;
  /** What the field asked for holds. */
  readonly value?: string;
}

/** A link of an asset. */
export interface AssetLink {
  readonly asset_id: number;
  readonly third_party_id: string;
  readonly third_party_desc: string | undefined;
}

/** The records that came, by their Halo ids. */
export interface Remembered {
  /** How many different ones there are. */
  readonly size: number;
  /** How often one came that had come before. */
  readonly repeats: number;
  has(id: number): boolean;
  /** Adds what came of a batch that was not written by `upsert`; records and outcomes are in the same order. */
  add(records: readonly HaloRecord[], outcomes: readonly HaloOutcome[]): void;
  /** All of them, as text to be kept from one run to the next. */
  toText(): string;
}

/** The part of a vendor that was read: the records whose field has one of these texts, in lower case. */
export interface ReadPart {
  readonly field: string;
  readonly values: ReadonlySet<string>;
}

/** What a complete read did not bring. */
export interface MissingRecords {
  count(): Promise<{ readonly missing: number; readonly total: number }>;
  /** Sets it inactive, or takes away what hangs on it. Answers how many. */
  settle(): Promise<number>;
}

/** Writing through the built-in API on one pinned connection. */
export interface HaloSession extends AsyncDisposable {
  readonly database: DatabaseSession;
  /** Bulk POST: every record answered in order. One transaction per call. */
  upsert(
    resource: string,
    records: readonly HaloRecord[],
    options?: HaloUpsertOptions,
  ): Promise<readonly HaloOutcome[]>;
  /** Whether Halo still holds records as it did; where that is certain, they are remembered like those of an upsert. */
  stillHolds(
    resource: string,
    state: HeldRecords,
    options: { readonly scope: LinkScope; readonly rememberAs: string },
  ): Promise<boolean>;
  /** The records remembered under a name. */
  remembered(rememberedAs: string): Remembered;
  /** Goes on remembering under a name where the run was that kept the text. */
  remember(rememberedAs: string, kept: string): void;
  /** Records linked under the scope that were not remembered: how many, of how many. Those outside of `part` count as neither. */
  countMissing(
    resource: string,
    scope: LinkScope,
    rememberedAs: string,
    part?: ReadPart,
  ): Promise<{ missing: number; total: number }>;
  /** Sets them inactive (the resource's own inactive field), and further fields as given. Answers how many. */
  deactivateMissing(
    resource: string,
    scope: LinkScope,
    rememberedAs: string,
    part?: ReadPart,
    fields?: HaloObject,
  ): Promise<number>;
  /** Writes columns of a Halo settings row (last sync, last error), truncated to the real lengths. */
  updateSettingsRow(
    table: string,
    key: { column: string; value: number },
    values: Record<string, unknown>,
  ): Promise<void>;
  /** Writes rows of Halo settings tables in one transaction, adding those that are missing. */
  keepSettingsRows(rows: readonly SettingsRow[]): Promise<void>;
  /** Makes Halo say which licences users hold, as a module sees it. Answers each user in order; one transaction per call. */
  assignLicences(
    moduleId: number,
    holders: readonly LicenceHolder[],
    options: { readonly licences: readonly HeldLicence[] },
  ): Promise<readonly HaloOutcome[]>;
  /**
   * Users of the tenants, linked under the scope, who hold a licence and were not seen: how many, of how many, and taking their
   * licences away.
   */
  missingHolders(
    scope: LinkScope,
    seen: { has(user: number): boolean },
    licences: readonly HeldLicence[],
    tenants: ReadonlySet<string>,
  ): MissingRecords;
  /**
   * Active assets linked under the scope that have software of its module's, and were not seen: how many, of how many, and taking that
   * software off them.
   */
  missingSoftware(scope: LinkScope, seen: { has(asset: number): boolean }): MissingRecords;
  /** Undoes rows of a run in one transaction, and answers each in order; no two are of the same table and key. */
  undo(rows: readonly RowToUndo[], options: { readonly whatIf: boolean }): Promise<readonly UndoneRow[]>;
  /**
   * Makes and changes rows as they were planned, in one transaction (where the database refuses one of them, in several), and answers each in
   * order. What they are numbered by is noted in `numbers`.
   */
  apply(rows: readonly PlannedRow[], numbers: PlannedNumbers): Promise<readonly AppliedRow[]>;
  /** Where mail of a mailbox becomes tickets and actions. Throws RecordNotFoundError, MissingTableError, MissingColumnError. */
  mailDesk(mailboxId: number, assumed: MailAssumptions): Promise<MailDesk>;
}
