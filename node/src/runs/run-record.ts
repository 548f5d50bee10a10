import type { ErrorReport, ExitCode } from '../errors/integrator-error.ts';
import type { RejectedRecord, SyncCounts, SyncResult } from '../sync/sync.ts';

/** How a run stands: at work, ended by itself, or gone without a word (killed, or the machine stopped). */
export type RunState = 'running' | 'ended' | 'interrupted';

/** One entity of a run; `running` until it is done. */
export interface RunEntity extends Readonly<SyncCounts> {
  readonly integration: string;
  readonly connection: string;
  readonly entity: string;
  readonly status: SyncResult['status'] | 'running';
  /** How many records the vendor says there are, where it says so. */
  readonly total?: number;
  readonly seconds: number;
  readonly note?: string;
  readonly error?: ErrorReport;
  /** The first rejected records. */
  readonly rejections: readonly RejectedRecord[];
}

/** What is kept of one run, in the instance's `state` folder. */
export interface RunRecord {
  readonly id: string;
  readonly state: RunState;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** ISO 8601, UTC; absent while it runs and where it was interrupted. */
  readonly endedAt?: string;
  /** From start to end, or to the last sign of life. */
  readonly seconds: number;
  /** Whether it was AUTO, as scheduled tasks run it. */
  readonly auto: boolean;
  readonly whatIf: boolean;
  /** The run that this one undid. */
  readonly undoes?: string;
  /** The run that undid this one, the last of them where it was tried more than once. */
  readonly undoneBy?: string;
  readonly processId: number;
  readonly host: string;
  /** SHA-256 of the settings file it runs with. */
  readonly settingsFingerprint: string;
  readonly exitCode?: ExitCode;
  /** What kept the whole run from starting. */
  readonly error?: ErrorReport;
  /** Whether somebody asked it to stop. */
  readonly stopRequested: boolean;
  readonly entities: readonly RunEntity[];
}

/** What a run is when it starts. */
export interface NewRun {
  readonly id: string;
  readonly startedAt: Date;
  readonly auto: boolean;
  readonly whatIf: boolean;
  /** The run that it undoes. */
  readonly undoes?: string;
  readonly processId: number;
  readonly host: string;
  readonly settingsFingerprint: string;
}

/** Which runs are wanted; newest first. */
export interface RunFilter {
  /** An id or the beginning of one. */
  readonly id?: string;
  readonly integration?: string;
  readonly entity?: string;
  readonly since?: Date;
  readonly state?: RunState;
  /** Only runs that did not end with exit code 0. */
  readonly failed?: boolean;
  readonly last?: number;
}
