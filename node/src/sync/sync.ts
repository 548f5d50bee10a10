import type { RejectedRecord } from '../integrations/rejected-record.ts';
import type { LoadedSettings } from '../config/settings.ts';
import type { Database } from '../database/database.ts';
import type { Environment } from '../environment.ts';
import type { ErrorReport, ExitCode } from '../errors/integrator-error.ts';
import type { HaloApi } from '../halo-api/halo-api.ts';
import type { HttpClient } from '../http/http-client.ts';
import type { Integration } from '../integrations/integration.ts';
import type { Log } from '../logging/log.ts';
import type { PlannedChanges } from '../plans/planned-changes.ts';
import type { KnownSecrets } from '../secrets/known-secrets.ts';

export type { RejectedRecord } from '../integrations/rejected-record.ts';

/** What a sync is asked to do. Nothing named means everything switched on. */
export interface SyncRequest {
  readonly integration?: string;
  readonly entities?: readonly string[];
  /** Report what would be written and write nothing. */
  readonly whatIf: boolean;
  /** Where a what-if tells what the run would do, change by change. */
  readonly planned?: PlannedChanges;
  /** Settle what is missing however much it is, this once; a read that is not whole settles nothing all the same. */
  readonly force?: boolean;
  /** The run's id; made where none is given. */
  readonly runId?: string;
  /** Only these, as far as they are still switched on: what the last run left at its time limit. */
  readonly continuing?: readonly {
    readonly integration: string;
    readonly connection: string;
    readonly entity: string;
  }[];
}

/** What a sync works with. */
export interface SyncParts {
  readonly settings: LoadedSettings;
  readonly environment: Environment;
  readonly database: Database;
  readonly api: HaloApi;
  readonly registry: readonly Integration[];
  readonly log: Log;
  /** What nothing that leaves the engine may show. */
  readonly secrets: KnownSecrets;
  /** The database and the API as they would be: what is written there is in copies of its tables, which go when the database is closed. */
  whatIf(): Pick<SyncParts, 'database' | 'api'>;
  createHttp(): HttpClient;
}

/** How many records ended how. */
export interface SyncCounts {
  read: number;
  created: number;
  updated: number;
  unchanged: number;
  rejected: number;
  deactivated: number;
}

/** Said while a sync runs, after each page that is read and each batch that is written. */
export interface SyncEvent extends Readonly<SyncCounts> {
  readonly type: 'progress';
  readonly integration: string;
  readonly connection: string;
  readonly entity: string;
  readonly phase: 'starting' | 'reading' | 'writing' | 'deactivating' | 'done';
  readonly total?: number;
}

/** A rejected record with what it can be told apart by from one run to the next. */
export interface Rejection extends RejectedRecord {
  readonly name?: string | undefined;
  /** The vendor's id. */
  readonly id?: string | undefined;
}

/** What one entity of one connection came to. */
export interface SyncResult extends Readonly<SyncCounts> {
  readonly integration: string;
  readonly connection: string;
  readonly entity: string;
  readonly status: 'succeeded' | 'succeeded-with-rejections' | 'failed' | 'stopped' | 'already-running' | 'cancelled';
  /** The first rejected records; all of them are in the log. */
  readonly rejections: readonly RejectedRecord[];
  readonly error?: ErrorReport;
  /** Why missing records were left active although the integration asks for deactivation. */
  readonly note?: string;
  readonly seconds: number;
}

/** What a whole run came to. */
export interface SyncReport {
  readonly runId: string;
  readonly startedAt: Date;
  readonly exitCode: ExitCode;
  readonly whatIf: boolean;
  readonly results: readonly SyncResult[];
}

/** Both switches of one entity, and why it will not run. */
export interface IntegrationState {
  readonly integration: string;
  readonly entity: string;
  /** Name of Halo's connection row; empty where Halo has none. */
  readonly connection: string;
  readonly enabledInHalo: boolean;
  readonly enabledHere: boolean;
  readonly willRun: boolean;
  /** Empty when it will run. */
  readonly reason: string;
  /** What to do, where that is more than flipping a switch. */
  readonly advice?: string;
  readonly lastSync?: Date;
  readonly lastError?: string;
}
