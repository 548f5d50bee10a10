import type { Clock } from '../environment.ts';
import type { HttpClient, Pace } from '../http/http-client.ts';
import type { KeptTexts } from './kept-texts.ts';

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

/** What of this instance bears on reading Halo's connections. */
export interface InstanceView {
  readonly settings: Readonly<Record<string, unknown>>;
  warn(message: string): void;
}

/** What talking to the vendor needs. */
export interface VendorContext {
  readonly connection: HaloConnection;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** What one run leaves for the next; absent where nothing can be kept. */
  readonly kept?: KeptTexts;
  /** The paces of vendors' APIs by the integration's name, so that all entities of a run keep to the same limits. */
  readonly paces?: Map<string, Pace>;
}

/** Writes columns of one row of a Halo table. */
export type SettingsRowWriter = (
  table: string,
  key: { column: string; value: number },
  values: Record<string, unknown>,
) => Promise<void>;
