import type { HaloOutcome, HaloRecord } from '../halo-api/halo-api.ts';
import type { EntityRun } from './run-entity.ts';
import type { RejectedRecord, SyncCounts } from './sync.ts';

/** Counts what came of a batch, and tells of each record that was rejected. */
export function count(
  outcomes: readonly HaloOutcome[],
  records: readonly HaloRecord[],
  counts: SyncCounts,
  reject: (rejection: RejectedRecord) => void,
): void {
  outcomes.forEach((outcome, index) => {
    if (outcome.outcome === 'rejected') reject({ record: nameOf(records[index]), reason: outcome.reason });
    else if (outcome.outcome === 'updated' && isDeactivation(records[index])) counts.deactivated++;
    else if (outcome.outcome !== 'skipped') counts[outcome.outcome]++;
  });
}

/** The vendor says outright that it is gone or switched off; that is not a guess from its absence. */
function isDeactivation(record: HaloRecord | undefined): boolean {
  return record?.update_only === true && (record.fields['inactive'] === true || record.fields['isdisabled'] === true);
}

/** What would be created has no id yet that anything could hang on. */
const notThere: HaloOutcome = { outcome: 'rejected', reason: 'it is not there yet' };

/**
 * Records that hang on the ones just written, such as a client's main site. What-if tries those that hang on what is there; a reader
 * that writes by itself is not asked then, since it may settle things with the vendor.
 */
export async function writeFollowUps(
  run: EntityRun,
  sources: readonly unknown[],
  outcomes: readonly HaloOutcome[],
  reject: (rejection: RejectedRecord) => void,
): Promise<void> {
  const { reader, whatIf } = run;
  if (!reader.afterBatch || (whatIf && reader.write)) return;
  const there = whatIf ? outcomes.map((one) => (one.outcome === 'created' ? notThere : one)) : outcomes;
  for (const { resource, records, insertOnly, matchFields } of await reader.afterBatch(sources, there)) {
    const written = await run.session.upsert(resource, records, {
      scope: run.context.scope,
      whatIf,
      ...(insertOnly && { insertOnly }),
      ...(matchFields && { matchFields }),
    });
    written.forEach((outcome, index) => {
      if (outcome.outcome === 'rejected')
        reject({ record: `${resource} ${nameOf(records[index])}`, reason: outcome.reason });
    });
  }
}

function nameOf(record: HaloRecord | undefined): string {
  const name = record?.fields.name;
  return `${typeof name === 'string' ? name : ''}${record?.third_party_id ? ` (${record.third_party_id})` : ''}`.trim();
}
