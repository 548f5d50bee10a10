import type { TableRight } from '../database/database.ts';
import type { HaloApi } from '../halo-api/halo-api.ts';
import type { HaloConnection, InstanceView, SettingsRowWriter, VendorContext } from './connection.ts';
import type { Entity } from './entity.ts';

/** What settings are read and checked by: an integration's names, its settings and its entities. */
export interface IntegrationFacts {
  /** Name in appsettings.json and in `-Integration`. */
  readonly name: string;
  readonly settings: Readonly<Record<string, IntegrationSettingField>>;
  readonly entities: readonly { readonly name: string }[];
  /** Further modules of Halo's that it reads, beside the one of its own name; `Halo.ModuleIds` can give the number of each. */
  readonly modules?: readonly string[];
}

/** An integration as data: what it is called, which settings it takes, which entities it has, in the order they run. */
export interface Integration extends IntegrationFacts {
  readonly displayName: string;
  readonly entities: readonly Entity[];
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

/** One setting an integration takes in appsettings.json. */
export interface IntegrationSettingField {
  readonly type: 'string' | 'number' | 'boolean' | 'string[]';
  readonly secret?: boolean;
  /** A secret for each of several things: an object of name → secret. */
  readonly perName?: boolean;
  /** The words of a list whose lines are "code=word". */
  readonly words?: readonly string[];
  /** What such lines mean where it is no word of a few: an entity of the integration's, or an object id. */
  readonly meaning?: 'entity' | 'guid';
  /** What stands before the "=": a number where nothing is said, or any text. */
  readonly codes?: 'number' | 'text';
  readonly default?: unknown;
  readonly description: string;
}
