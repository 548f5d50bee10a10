import type { InstanceView } from '../../connection.ts';
import type { IntegrationSettingField } from '../../integration.ts';
import type { NamedClient, VendorClients } from '../kinds/vendor-clients.ts';
import type { OwnIds } from '../kinds/own-ids.ts';
import type { DeclaredApi } from '../vendor-api.ts';
import type { ConnectionColumns, ConnectionSettings, ConnectionWord } from './connection-settings.ts';
import type { DescribedContext } from './described-context.ts';
import type { DescribedEntity } from './described-entity.ts';

/**
 * An integration as data. From it come, without further code, its connections, credentials, probe and last sync
 * (`integrationOf`), its settings' schema, the rights the grant script gives, and its page in docs/integrations.
 */
export interface Descriptor {
  /** Name in appsettings.json and in `-Integration`. */
  readonly name: string;
  readonly displayName: string;
  /** What it brings, as one sentence of its page. */
  readonly summary: string;
  /** Where Halo keeps its switches. */
  readonly halo: HaloPlace;
  readonly settings: Readonly<Record<string, SettingDeclaration>>;
  /** The vendor's API; absent where there is none (LDAP, SQL). */
  readonly api?: Omit<DeclaredApi, 'integration'>;
  /** In the order they run: what others refer to comes first. */
  readonly entities: readonly DescribedEntity[];
  /** Where Halo keeps the vendor's own ids, beside the links: `{ Client: 'ninjarmmid' }`. */
  readonly ownIds?: OwnIds;
  /** What the vendor calls its clients, and how their names are looked up where records name them by their ids alone. */
  readonly clients?: ClientNames;
  /** What is asked of the vendor to see whether it lets us in. */
  readonly probe: Probe;
  /** Pages of the vendor's documentation, by their titles. */
  readonly documentation: Readonly<Record<string, string>>;
  /** What is not public and therefore assumed. */
  readonly assumed: readonly Assumption[];
  /** What it was tried against, as a sentence of its page. */
  readonly triedAgainst: string;
}

/** A vendor's clients, as messages about them speak. */
export interface ClientNames extends Pick<VendorClients, 'noun' | 'entity'> {
  /** Reads their names by their ids; asked once a run, where a client is neither mapped nor linked. */
  names?(context: DescribedContext): Promise<ReadonlyMap<string, NamedClient>>;
}

/** Where Halo keeps an integration's switches: a details table with a row for each connection, else one row of MODULESETUP and columns of CONTROL…. */
export interface HaloPlace {
  /** Names the module may have in MODULESETUP (MSActualName, MSName); the first that is there counts. */
  readonly modules: readonly [string, ...string[]];
  readonly details?: {
    /** The `…Details` table. Columns are known by their endings. */
    readonly table: string;
    /** Columns that are called otherwise than the vocabulary says. */
    readonly columns?: ConnectionColumns;
  };
  readonly control?: {
    /** Columns of CONTROL, CONTROL2, CONTROL3 or Control4: which table has each is looked up in Halo's schema. */
    readonly columns: ConnectionColumns;
    /** Column that says the settings have moved to the details table: the others no longer count. */
    readonly migrated?: string;
  };
  /** What holds where no column says it. */
  readonly otherwise?: ConnectionSettings;
  /** Further modules that it reads, beside its own: `Halo.ModuleIds` can give the number of each. */
  readonly furtherModules?: readonly string[];
  /** Reads which entities are ticked, where that is not the list alone; undefined for all. */
  entitiesOf?(
    told: ConnectionSettings,
    instance: InstanceView | undefined,
    row?: Readonly<Record<string, unknown>>,
  ): readonly string[] | undefined;
  /** Warns of what a connection's row asks for and does not get; called for those that are switched on. */
  cannotObey?(row: Readonly<Record<string, unknown>>, instance: InstanceView): void;
}

/** A setting in appsettings.json. */
export interface SettingDeclaration extends IntegrationSettingField {
  /** Without it the vendor cannot be asked. */
  readonly required?: boolean;
  /** What of Halo's row stands in for it, and how a value looks there that the web app has not encrypted. */
  readonly fromHalo?: { readonly word: ConnectionWord; readonly plain: RegExp };
}

/** One cheap request, as data or as a function that answers what an administrator is told. */
export type Probe =
  | {
      /** Below the API's address where it begins with `/`. */
      readonly url: string;
      readonly query?: Readonly<Record<string, string | number | boolean>>;
      /** Sent as JSON, by POST. */
      readonly json?: Readonly<Record<string, unknown>>;
      /** Where an answer with status 200 says that it is none (GraphQL: `errors`). */
      readonly errors?: string;
      /** Where the answer says how many there are, or lists them, and what they are called: `{ at: 'total', of: 'computers' }`. */
      readonly count?: { readonly at: string; readonly of: string };
    }
  | ((context: ProbeContext) => Promise<string>);

/** What a probe may go by. */
export type ProbeContext = Pick<
  DescribedContext,
  'vendorApi' | 'settings' | 'told' | 'connection' | 'clock' | 'signal' | 'vendor'
>;

/** Something taken to be so. */
export interface Assumption {
  /** As a sentence. */
  readonly what: string;
  /** What speaks for it. */
  readonly evidence: string;
  /** The setting that makes it otherwise. */
  readonly setting?: string;
}
