import type { OpenEntity } from '../integrations/entity.ts';
import type { Position } from './position.ts';
import type { EntityRun } from './entity-run.ts';
import type { WholeRead } from './read-size.ts';
import type { SyncCounts } from './sync.ts';

/** Whether records that a whole read did not bring are settled at all. */
export function settlesMissing({ source, missing: rule }: Pick<OpenEntity, 'source' | 'missing'>): boolean {
  // What did not change does not come.
  if ('onlyChanges' in source && source.onlyChanges()) return false;
  return typeof rule === 'object' ? rule.settles() : rule === 'deactivated';
}

/** Why missing records were left as they are. */
export interface LeftMissing {
  readonly why: string;
  /** Whether they stay so until a person does something. */
  readonly needsAct: boolean;
}

/** A vendor that had so few records may well have none of them the next day. */
const fewRecords = 20;

/** Why a whole read is taken for a fault of the vendor's: it suddenly brings nothing, or much less than the last one. */
function suddenlyLess({ readBefore, minReadPercent }: EntityRun, { records, of }: WholeRead): string | undefined {
  // One of other tenants says nothing of this one.
  if (readBefore?.of !== of) return undefined;
  const { records: before } = readBefore;
  if (before < fewRecords || records * 100 >= before * minReadPercent) return undefined;
  const came = records === 0 ? 'No record came' : `${records} records came`;
  return `${came}, and ${before} the last time: less than Sync.MinReadPercent (${minReadPercent} %) of them, which is taken for a fault of the vendor's, and no missing record was deactivated. Where that is right, allow it once with -Force (--force).`;
}

/**
 * Settles what is missing: only after a whole read, be it in several runs, and never more than the settings allow. Answers why
 * missing records were left.
 */
export async function settleMissing(
  run: EntityRun,
  position: Position,
  counts: SyncCounts,
): Promise<LeftMissing | undefined> {
  const { doubts, seen } = position;
  const left = (why: string, needsAct: boolean): LeftMissing => ({ why, needsAct });
  if (doubts.length > 0)
    return left(`Missing records are left for the next whole read, since ${doubts.join('; ')}.`, false);
  if (counts.rejected > 0)
    return left('Missing records were left active, since some records were rejected and may be the same ones.', true);
  const { session, resource, context } = run;
  const rule = typeof run.entity.missing === 'object' ? run.entity.missing : undefined;
  const records = rule?.find?.(session, session.remembered(seen)) ?? {
    count: () => session.countMissing(resource, context.scope, seen, rule?.part),
    settle: () => session.deactivateMissing(resource, context.scope, seen, rule?.part, rule?.fields),
  };
  const { missing, total } = await records.count();
  if (missing * 100 > total * run.maxDeactivatePercent)
    return left(
      `${missing} of ${total} records are missing at the vendor, more than Sync.MaxDeactivatePercent (${run.maxDeactivatePercent} %): none was deactivated. Where that is right, allow it once with -Force (--force).`,
      true,
    );
  const read = { records: position.records, of: [...(rule?.part?.values ?? [])].sort().join(' ') };
  const fault = suddenlyLess(run, read);
  if (fault !== undefined) return left(fault, true);
  if (!run.whatIf) await run.keepRead(read);
  if (missing === 0) return undefined;
  run.progress('deactivating', counts, undefined);
  counts.deactivated += await records.settle();
  return undefined;
}
