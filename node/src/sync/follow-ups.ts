import type { FollowUps } from '../halo-api/follow-ups.ts';
import type { HaloRecord } from '../halo-api/halo-api.ts';
import type { EntityRun } from './entity-run.ts';
import type { Rejection } from './sync.ts';
import { nameOf } from './tally.ts';

/**
 * What hangs on the records of a batch, such as a client's main site, for the batch's own transaction.
 *
 * @param sourcesOf the vendor's record of each of some records
 */
export function followUpsOf(
  { entity, list }: Pick<EntityRun, 'entity' | 'list'>,
  sourcesOf: (records: readonly HaloRecord[]) => readonly unknown[],
  reject: (rejection: Rejection) => void,
): FollowUps | undefined {
  const { followUps, followUpsOfWritten } = entity;
  if (!followUps && !followUpsOfWritten) return undefined;
  return {
    of: async (records, outcomes, halo) => {
      if (followUpsOfWritten) return followUpsOfWritten.call(entity, records, outcomes, halo);
      return (await followUps?.call(entity, sourcesOf(records), outcomes, halo)) ?? [];
    },
    written({ resource, records }, outcomes) {
      outcomes.forEach((outcome, index) => {
        const record = (): string => `${resource} ${nameOf(records[index])}`;
        if (outcome.outcome === 'rejected') reject({ record: record(), reason: outcome.reason });
        else if (list?.looksForPassed) list.passed(record());
      });
    },
  };
}

/** The vendor's record of each of some of the records: mostly of all, since parts of a batch are written only where one is refused. */
export function sourcesBy(
  all: readonly HaloRecord[],
  sources: readonly unknown[],
): (records: readonly HaloRecord[]) => readonly unknown[] {
  let known: Map<HaloRecord, unknown> | undefined;
  return (records) => {
    if (records === all) return sources;
    known ??= new Map(all.map((record, at) => [record, sources[at]]));
    return records.map((record) => known?.get(record));
  };
}
