import type { EntityRun } from './run-entity.ts';
import type { SyncCounts } from './sync.ts';

/** Only a whole read may deactivate, be it in several runs, and never more than the settings allow. */
export async function settleMissing(
  run: EntityRun,
  seen: string,
  counts: SyncCounts,
  whole: boolean,
): Promise<string | undefined> {
  if (!whole)
    return 'Missing records are left for the next whole read, since records moved during this one and some may have passed by unseen.';
  if (counts.rejected > 0)
    return 'Missing records were left active, since some records were rejected and may be the same ones.';
  const { session, resource, context, reader } = run;
  const records = reader.missing?.(session, session.remembered(seen)) ?? {
    count: () => session.countMissing(resource, context.scope, seen, reader.readPart),
    settle: () => session.deactivateMissing(resource, context.scope, seen, reader.readPart),
  };
  const { missing, total } = await records.count();
  if (missing === 0) return undefined;
  if (missing * 100 > total * run.maxDeactivatePercent)
    return `${missing} of ${total} records are missing at the vendor, more than Sync.MaxDeactivatePercent (${run.maxDeactivatePercent} %): none was deactivated.`;
  if (run.whatIf) return `${missing} records would be deactivated.`;
  run.progress('deactivating', counts, undefined);
  counts.deactivated += await records.settle();
  return undefined;
}
