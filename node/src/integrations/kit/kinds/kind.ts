import type { TableRight } from '../../../database/database.ts';
import type { EntityContext, OpenEntity } from '../../entity.ts';
import type { LeftOut, Quarantined } from '../../mapped-record.ts';
import type { ConnectionSettings } from '../descriptor/connection-settings.ts';
import type { OwnIds } from './own-ids.ts';
import type { VendorClients } from './vendor-clients.ts';

/**
 * A kind of entity with Halo's rules for it built in: clients with their sites, users, assets …. A vendor's entity is a kind, a
 * source, and a function from the vendor's record to the kind's own small record R.
 */
export interface Kind<R> {
  /** The Halo resource written. */
  readonly resource: string;
  readonly alsoWrites?: readonly string[];
  /** Further tables of Halo's that the kind uses, and the rights that takes. */
  readonly tables?: Readonly<Record<string, readonly TableRight[]>>;
  /** Words by which Halo's lists of entities to import name such entities. */
  readonly labels: readonly string[];
  /** Prepares one run. */
  open(context: KindContext): Promise<KindRun<R>>;
}

/** What a kind goes by. */
export interface KindContext extends EntityContext {
  /** The vendor's name in messages. */
  readonly vendor: string;
  /** What Halo's row says, whatever its columns are called. */
  readonly told: ConnectionSettings;
  /** What the vendor calls its clients, and where their names are. */
  readonly vendorClients?: VendorClients;
  /** The entity that brings the vendor's sites from a list of their own, where it is on: what is at one of them waits for it. */
  readonly sitesEntity?: string;
  /** Where Halo keeps the vendor's own ids, beside the links. */
  readonly ownIds?: OwnIds;
}

/** One run of a kind: what its records become, and how they are written. */
export type KindRun<R> = Omit<OpenEntity<R>, 'source'>;

/** A record that the vendor has, and of which nothing is written: Halo's record of it stays as it is, and is not missing. */
export interface Untouched {
  readonly untouched: string;
  readonly name?: string | undefined;
}

/** What a vendor's record is to a kind: its own small record, or why it is not brought. */
export type KindRecord<R> = R | Quarantined | LeftOut | Untouched;
