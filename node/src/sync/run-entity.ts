import { IntegratorError } from '../errors/integrator-error.ts';
import { IncompleteListError } from '../errors/list-errors.ts';
import { CancelledError } from '../errors/sync-errors.ts';
import type { HaloSession } from '../halo-api/halo-api.ts';
import { fetchAhead } from '../http/page-ahead.ts';
import type { EntityContext, OpenEntity } from '../integrations/entity.ts';
import { Batches } from './batches.ts';
import type { ReadSoFar } from './cursor-store.ts';
import type { KnownBatches } from './known-batches.ts';
import { Position } from './position.ts';
import { settleMissing, settlesMissing } from './settle-missing.ts';
import type { RejectionList } from './rejection-list.ts';
import type { RejectedRecord, Rejection, SyncCounts } from './sync.ts';
import { Tally } from './tally.ts';

/** Pages asked for while the last one is written. */
const pagesAhead = 4;

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
  readonly readBefore: number | undefined;
  /** Keeps in mind how many records a whole read had. */
  keepRead(records: number): Promise<void>;
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

/** What came of it. */
export interface EntityRunOutcome {
  readonly counts: SyncCounts;
  readonly rejections: readonly RejectedRecord[];
  /** False where the run stopped before the vendor's last page. */
  readonly complete: boolean;
  readonly note?: string;
  /** What a person must act on, a sentence each. */
  readonly mustAct: readonly string[];
}

/** Reads an entity page by page, writes it batch by batch, and deactivates what a complete read did not bring. */
export async function runEntity(run: EntityRun): Promise<EntityRunOutcome> {
  const tally = new Tally((rejection) => run.rejected(rejection), run.kept?.rejected);
  const position = new Position(run);
  const batches = new Batches(run, position, tally);
  const { counts, rejections } = tally;
  const complete = await readPages(run, position, batches, counts);
  if (!complete) return { counts, rejections, complete, mustAct: [] };
  // What merely moved comes with the next run, and where it matters to what is missing, the note says so.
  for (const doubt of position.doubts)
    if (!doubt.startsWith('records moved')) run.context.warn(`The read may not be whole: ${doubt}.`);
  if (!run.whatIf) await run.keep(undefined);
  if (broughtAll(run, position)) run.list?.wholeRead();
  const { source } = run.entity;
  const left = settlesMissing(run.entity) ? await settleMissing(run, position, counts) : undefined;
  if (!batches.marked && !run.whatIf && 'readMark' in source) {
    const mark = source.readMark({ rejected: tally.rejectedSoFar, missingLeft: left !== undefined });
    await run.session.keepSettingsRows(mark);
  }
  if (!run.whatIf && 'keepMark' in source && position.doubts.length === 0)
    await source.keepMark({ rejected: tally.rejectedSoFar, missingLeft: left !== undefined });
  const skipped =
    tally.skipped > 0 &&
    `${tally.skipped} records are not in Halo and were left out, since they are only to be updated.`;
  const note = [left?.why, skipped].filter(Boolean).join(' ');
  return { counts, rejections, complete, mustAct: left?.needsAct ? [left.why] : [], ...(note && { note }) };
}

/** Whether everything the vendor has came, so that a record that did not is there no longer. */
function broughtAll({ entity }: EntityRun, position: Position): boolean {
  const { source, target } = entity;
  if (!position.cameWhole || 'write' in target) return false;
  if ('onlyChanges' in source && source.onlyChanges()) return false;
  // Such a source says by what it settles whether it followed changes.
  return !('readMark' in source) || settlesMissing(entity);
}

/** Reads and writes to the vendor's last page; false where the run stopped before. */
async function readPages(run: EntityRun, position: Position, batches: Batches, counts: SyncCounts): Promise<boolean> {
  let total: number | undefined;
  let complete = true;
  const write = async (last = false): Promise<void> => {
    await batches.write(last);
    run.progress('writing', counts, total);
  };
  try {
    let began = false;
    for await (const page of fetchAhead(run.entity.source.pages(), pagesAhead)) {
      if (run.cancelled.aborted) throw new CancelledError();
      // Asked only when there is another page: a read that just reached its end is whole, and each run reads a new page.
      if (began && run.shouldStop()) {
        complete = false;
        break;
      }
      position.take(page);
      counts.read += batches.add(page);
      total = page.list?.total ?? page.list?.expected ?? total;
      run.progress('reading', counts, total);
      position.settle(page);
      if (position.repeats) {
        await write();
        position.repeated();
        continue;
      }
      began = true;
      // A full batch that may be the last one waits to be told, since the mark goes with it.
      const waits = 'readMark' in run.entity.source && position.atEnd;
      if (batches.full && !waits) await write();
    }
    if (complete) position.end();
  } catch (error) {
    // What was read before reading failed is good; it is written, and the error still ends the entity.
    if (batches.waiting && !run.context.signal.aborted && endsReading(error)) await write();
    // Going on where a list went astray would only bring its rest: the next run begins anew.
    if (error instanceof IncompleteListError && !run.whatIf) await run.keep(undefined);
    if (!run.timeIsUp.aborted || error !== run.timeIsUp.reason) throw error;
    complete = false;
  }
  if (run.cancelled.aborted) throw new CancelledError();
  if (batches.waiting) await write(complete);
  return complete;
}

/** Whether an error is one of reading, whatever its cause. One of writing has taken its batch with it. */
function endsReading(error: unknown): boolean {
  return error instanceof IntegratorError && !(error instanceof CancelledError);
}
