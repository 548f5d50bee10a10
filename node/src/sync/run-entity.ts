import type { EntityRun } from './entity-run.ts';
import { IntegratorError } from '../errors/integrator-error.ts';
import { IncompleteListError } from '../errors/list-errors.ts';
import { CancelledError } from '../errors/sync-errors.ts';
import { fetchAhead } from '../http/page-ahead.ts';
import { Batches } from './batches.ts';
import { Position } from './position.ts';
import { settleMissing, settlesMissing } from './settle-missing.ts';
import type { RejectedRecord, SyncCounts } from './sync.ts';
import { Tally } from './tally.ts';

/** Pages asked for while the last one is written. */
const pagesAhead = 4;

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
      counts.read += await batches.add(page);
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
