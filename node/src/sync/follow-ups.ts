import type { HaloOutcome } from '../halo-api/halo-api.ts';
import type { EntityRun } from './run-entity.ts';
import type { RejectedRecord } from './sync.ts';
import { nameOf } from './tally.ts';

/** What would be created has no id yet that anything could hang on. */
const notThere: HaloOutcome = { outcome: 'rejected', reason: 'it is not there yet' };

/**
 * Records that hang on the ones just written, such as a client's main site, and what a writer settles with the vendor. What-if tries
 * those that hang on what is there, and settles nothing.
 */
export async function writeFollowUps(
  run: EntityRun,
  sources: readonly unknown[],
  outcomes: readonly HaloOutcome[],
  reject: (rejection: RejectedRecord) => void,
): Promise<void> {
  const { entity, whatIf } = run;
  const { target } = entity;
  if ('write' in target && !whatIf) await target.settle?.(sources);
  if (!entity.followUps) return;
  const there = whatIf ? outcomes.map((one) => (one.outcome === 'created' ? notThere : one)) : outcomes;
  for (const { resource, records, ...found } of await entity.followUps(sources, there)) {
    const written = await run.session.upsert(resource, records, { ...found, scope: run.context.scope, whatIf });
    written.forEach((outcome, index) => {
      if (outcome.outcome === 'rejected')
        reject({ record: `${resource} ${nameOf(records[index])}`, reason: outcome.reason });
    });
  }
}
