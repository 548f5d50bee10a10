import type { HaloSession } from '../halo-api/halo-api.ts';
import type { EntityContext, OpenEntity } from '../integrations/entity.ts';
import type { ReadSoFar } from './cursor-store.ts';
import type { KnownBatches } from './known-batches.ts';
import type { WholeRead } from './read-size.ts';
import type { RejectionList } from './rejection-list.ts';
import type { Rejection, SyncCounts } from './sync.ts';

/** What running an entity needs beside its context. */
export interface EntityRun {
  readonly resource: string;
  readonly context: EntityContext;
  readonly entity: OpenEntity;
  readonly session: HaloSession;
  readonly batchSize: number;
  readonly maxDeactivatePercent: number;
  readonly minReadPercent: number;
  /** Records of Halo's that came by the last whole read; undefined where there was none. */
  readonly readBefore: WholeRead | undefined;
  /** Keeps in mind how many records a whole read had. */
  keepRead(read: WholeRead): Promise<void>;
  readonly whatIf: boolean;
  /** True once the run should stop after the batch at hand. */
  shouldStop(): boolean;
  /** Aborted when somebody cancels the run. */
  readonly cancelled: AbortSignal;
  /** Aborted when the vendor is not to be waited for any longer. */
  readonly timeIsUp: AbortSignal;
  progress(phase: 'reading' | 'writing' | 'deactivating', counts: SyncCounts, total: number | undefined): void;
  rejected(rejection: Rejection): void;
  /** Called when a batch is dealt with. */
  batchDone(): Promise<void>;
  /** The records that are rejected as things stand; none with what-if. */
  readonly list?: RejectionList | undefined;
  /** How far an earlier run came, where it did not come to the end. */
  readonly kept?: ReadSoFar;
  /** Batches of the last run, which may have come again as they were. */
  readonly known: KnownBatches;
  /** How often something was said that the admin should know. */
  warnings(): number;
  /** Called after the commit of each batch with how far the read is; undefined when it is whole. */
  keep(read: ReadSoFar | undefined): Promise<void>;
}
