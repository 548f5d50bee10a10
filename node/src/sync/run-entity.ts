import { randomUUID } from 'node:crypto';
import { IntegratorError } from '../errors/integrator-error.ts';
import { CancelledError } from '../errors/sync-errors.ts';
import type {
  BatchMark,
  HaloOutcome,
  HaloRecord,
  HaloSession,
  HeldRecords,
  SettingsRow,
} from '../halo-api/halo-api.ts';
import { fetchAhead } from '../http/page-ahead.ts';
import type { EntityContext, EntityReader, LeftOut, Quarantined, VendorPage } from '../integrations/integration.ts';
import { count, writeFollowUps } from './batch-outcomes.ts';
import type { ReadSoFar } from './cursor-store.ts';
import type { KnownBatches } from './known-batches.ts';
import { settleMissing } from './settle-missing.ts';
import type { RejectedRecord, SyncCounts } from './sync.ts';

/** Rejections kept in a result; the rest are in the log only. */
const rejectionsKept = 100;
/** Pages asked for while the last one is written. */
const pagesAhead = 4;

/** What running an entity needs beside its context. */
export interface EntityRun {
  readonly resource: string;
  readonly context: EntityContext;
  readonly reader: EntityReader<unknown>;
  readonly session: HaloSession;
  readonly batchSize: number;
  readonly maxDeactivatePercent: number;
  readonly whatIf: boolean;
  /** True once the run should stop after the batch at hand. */
  shouldStop(): boolean;
  /** Aborted when somebody cancels the run. */
  readonly cancelled: AbortSignal;
  /** Aborted when the vendor is not to be waited for any longer. */
  readonly timeIsUp: AbortSignal;
  progress(phase: 'reading' | 'writing' | 'deactivating', counts: SyncCounts, total: number | undefined): void;
  rejected(rejection: RejectedRecord): void;
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
}

/** Reads an entity page by page, writes it batch by batch, and deactivates what a complete read did not bring. */
export async function runEntity(run: EntityRun): Promise<EntityRunOutcome> {
  const { reader, session, context } = run;
  const counts: SyncCounts = { read: 0, created: 0, updated: 0, unchanged: 0, rejected: 0, deactivated: 0 };
  const rejections: RejectedRecord[] = [];
  const seen = `seen_${randomUUID().replaceAll('-', '')}`;
  /** Whether everything from the beginning on was seen, by this run or those it goes on from. */
  let whole = run.kept === undefined || run.kept.seen !== undefined;
  if (run.kept?.seen !== undefined) session.remember(seen, run.kept.seen);
  /** Whether the page to come is one that an earlier run has read already. */
  let repeated = run.kept?.repeats === true;
  let total: number | undefined;
  let batch: VendorPage<unknown>[] = [];
  let size = 0;
  let complete = true;
  let began = false;
  let pageStart: string | undefined;
  let cursor = context.cursor;
  let skipped = 0;

  /** How far this read is after a commit. What rejected records are is not known, so they may be the missing ones. */
  const soFar = (): ReadSoFar | undefined => {
    if (cursor === undefined) return undefined;
    if (!whole || counts.rejected > 0 || !reader.deactivateMissing)
      return { cursor, repeats: false, rejected: rejectedSoFar() };
    const repeats = reader.pagesShift === true;
    return { cursor: repeats ? pageStart : cursor, seen: session.remembered(seen).toText(), repeats };
  };

  const reject = (rejection: RejectedRecord): void => {
    counts.rejected++;
    if (rejections.length < rejectionsKept) rejections.push(rejection);
    run.rejected(rejection);
  };

  let marked = false;
  /** Rejected by this read from its beginning on, be it in several runs. */
  const rejectedSoFar = (): number => (run.kept?.rejected ?? 0) + counts.rejected;
  /** The mark of a whole read; where something comes after the last batch, it waits for that. */
  const markOf = (outcomes: readonly HaloOutcome[]): readonly SettingsRow[] => {
    const rejected = rejectedSoFar() + outcomes.filter(({ outcome }) => outcome === 'rejected').length;
    return reader.readMark?.({ rejected, missingLeft: false }) ?? [];
  };
  const withMark = (): { mark?: BatchMark } =>
    reader.readMark && !reader.deactivateMissing && !reader.afterBatch
      ? { mark: { rows: markOf, kept: () => void (marked = true) } }
      : {};

  /** What Halo still holds of these pages, where the vendor gave them before. */
  const heldAsBefore = async (pages: readonly VendorPage<unknown>[]): Promise<HeldRecords | undefined> => {
    const held = run.known.find(pages);
    const same = held && (await session.stillHolds(run.resource, held, { scope: context.scope, rememberAs: seen }));
    return same ? held : undefined;
  };

  const writeRecords = async (
    pages: readonly VendorPage<unknown>[],
    last: boolean,
    before: HeldRecords | undefined,
  ): Promise<void> => {
    const vendorRecords = pages.flatMap((page) => page.records);
    const warnings = run.warnings();
    const mapped = await reader.toHalo(vendorRecords);
    const records: HaloRecord[] = [];
    const sources: unknown[] = [];
    mapped.forEach((one, index) => {
      if (isQuarantined(one)) reject({ record: one.quarantined, reason: one.reason });
      else if (!('left_out' in one)) {
        records.push(one);
        if (reader.afterBatch) sources.push(vendorRecords[index]);
      }
    });
    const outcomes = reader.write
      ? await reader.write(session, records, { whatIf: run.whatIf })
      : await session.upsert(run.resource, records, {
          scope: context.scope,
          whatIf: run.whatIf,
          rememberAs: seen,
          ...(reader.insertOnly && { insertOnly: reader.insertOnly }),
          ...(reader.matchFields && { matchFields: reader.matchFields }),
          ...(reader.ownIdField !== undefined && { ownIdField: reader.ownIdField }),
          ...(last && withMark()),
          // What was set aside, or warned of, is to be said again next time.
          ...(run.known.inUse &&
            records.length === vendorRecords.length &&
            run.warnings() === warnings && {
              held: (state) => run.known.learn(pages, state),
              fingerprintBefore: before?.fingerprint,
            }),
        });
    // Kept with the rest, since an earlier run's part of the read counts as well.
    if (reader.missing) session.remembered(seen).add(records, outcomes);
    count(outcomes, records, counts, reject);
    skipped += outcomes.filter(({ outcome }) => outcome === 'skipped').length;
    await writeFollowUps(run, sources, outcomes, reject);
  };

  const writeBatch = async (last = false): Promise<void> => {
    const [pages, records] = [batch, size];
    const { size: seenBefore, repeats: repeatsBefore } = session.remembered(seen);
    [batch, size] = [[], 0];
    const before = await heldAsBefore(pages);
    if (before?.certain) {
      run.known.stillGood(pages);
      counts.unchanged += records;
    } else if (records > 0) await writeRecords(pages, last, before);
    // A record that is new on the page read twice has moved there, and so has one that comes a second time on another page:
    // others may have moved past, unseen.
    const { size: seenNow, repeats } = session.remembered(seen);
    if (reader.pagesShift && (repeated ? seenNow > seenBefore : repeats > repeatsBefore)) whole = false;
    if (!run.whatIf) await run.keep(soFar());
    run.progress('writing', counts, total);
  };

  try {
    for await (const page of fetchAhead(reader.pages(), pagesAhead)) {
      if (run.cancelled.aborted) throw new CancelledError();
      // Asked only when there is another page: a read that just reached its end is whole, and each run reads a new page.
      if (began && run.shouldStop()) {
        complete = false;
        break;
      }
      const records = page.size ?? page.records.length;
      counts.read += records;
      total = page.total ?? total;
      batch.push(page);
      size += records;
      pageStart = cursor;
      cursor = page.cursor;
      run.progress('reading', counts, total);
      if (page.incomplete) whole = false;
      if (repeated) {
        await writeBatch();
        repeated = false;
        continue;
      }
      began = true;
      // A full batch that may be the last one waits to be told, since the mark goes with it.
      if (reader.readMark && cursor === undefined) continue;
      if (size >= (reader.pageIsBatch ? 1 : run.batchSize)) await writeBatch();
    }
  } catch (error) {
    // What was read before reading failed is good; it is written, and the error still ends the entity.
    if (batch.length > 0 && !context.signal.aborted && endsReading(error)) await writeBatch();
    if (!run.timeIsUp.aborted || error !== run.timeIsUp.reason) throw error;
    complete = false;
  }
  if (run.cancelled.aborted) throw new CancelledError();
  if (size > 0) await writeBatch(complete);
  if (!complete) return { counts, rejections, complete };

  if (!run.whatIf) await run.keep(undefined);
  const left = reader.deactivateMissing ? await settleMissing(run, seen, counts, whole) : undefined;
  if (!marked && !run.whatIf && reader.readMark)
    await session.keepSettingsRows(reader.readMark({ rejected: rejectedSoFar(), missingLeft: left !== undefined }));
  const notes = [
    left,
    skipped > 0
      ? `${skipped} records are not in Halo and were left out, since they are only to be updated.`
      : undefined,
  ];
  const note = notes.filter(Boolean).join(' ');
  return { counts, rejections, complete, ...(note && { note }) };
}

/** Whether an error is one of reading, whatever its cause. One of writing has taken its batch with it. */
function endsReading(error: unknown): boolean {
  return error instanceof IntegratorError && !(error instanceof CancelledError);
}

function isQuarantined(one: HaloRecord | Quarantined | LeftOut): one is Quarantined {
  return 'quarantined' in one;
}
