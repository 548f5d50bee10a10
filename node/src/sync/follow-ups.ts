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
  if (!entity.followUps) return undefined;
  const { followUps } = entity;
  return {
    of: (records, outcomes, halo) => followUps.call(entity, sourcesOf(records), outcomes, halo),
    written({ resource, records }, outcomes) {
      outcomes.forEach((outcome, index) => {
        const record = (): string => `${resource} ${nameOf(records[index])}`;
        if (outcome.outcome === 'rejected') reject({ record: record(), reason: outcome.reason });
        else if (list?.looksForPassed) list.passed(record());
      });
    },
  };
}
