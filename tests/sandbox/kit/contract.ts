import type { Database, Row } from '../../../node/src/database/database.ts';
import type { Listing } from './listings.ts';

/** How an integration is put under the contract suite: which every integration must be, by being registered. */
export type IntegrationContract = TestedIntegration | ApartIntegration;

/** An integration whose records are no lists that can be paged; its own tests do what the suite would. */
export interface ApartIntegration {
  readonly integration: string;
  /** Why, as a sentence. */
  readonly apart: string;
}

/** An integration, its vendor, and what of Halo it needs. */
export interface TestedIntegration {
  /** Its name in the registry. */
  readonly integration: string;
  /** The entities that are switched on; all where nothing is said. */
  readonly entities?: readonly string[];
  /** Numbers of modules that Halo's rows do not tell. */
  readonly moduleIds?: Readonly<Record<string, number>>;
  /** Adds what the web app would have: the connection's row, switched on, and what its entities go by. */
  prepare(database: Database, add: (table: string, ...rows: Row[]) => Promise<void>): Promise<void>;
  /** Starts its vendor, with so many records that the main lists have several pages. */
  start(): Promise<VendorUnderTest>;
}

/** A vendor that is running. */
export interface VendorUnderTest {
  readonly url: string;
  readonly listings: readonly Listing[];
  /** Whether it gives tokens: what is refused with 401 is let in with a new one. */
  readonly givesTokens: boolean;
  /** What it refused since it began because it is not described; absent where the vendor does not tell. */
  readonly refused?: readonly string[];
  /** The integration's settings, with the vendor at an address. */
  settings(url: string): Readonly<Record<string, unknown>>;
  /** Takes a record away, of a list and an entity that sets inactive what is gone; answers how it is put back. */
  readonly removable?: { readonly entity: string; readonly listing: string; remove(): () => void };
  close(): Promise<void>;
}
