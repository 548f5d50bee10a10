import { UsageError } from '../errors/command-errors.ts';
import { RunNotFoundError } from '../errors/run-errors.ts';
import { findRuns } from '../runs/find-runs.ts';
import type { RunFilter, RunRecord, RunState } from '../runs/run-record.ts';
import { RunStore } from '../runs/run-store.ts';
import { command } from './command.ts';
import { withReason } from './with-reason.ts';
import { momentOf, type Given } from './params.ts';
import type { Engine } from './engine.ts';

const states: readonly RunState[] = ['running', 'ended', 'interrupted'];

/** The parameters that say which runs are meant. */
export const filterShape = {
  run: 'text',
  integration: 'text',
  entity: 'text',
  since: 'text',
  state: 'text',
  failed: 'switch',
  last: 'number',
} as const;

/** The runs of an instance, newest first, with what each entity came to; one at work shows how far it is. */
export const runs = command('runs', filterShape, async (engine, params) => {
  const filter = filterOf(params, engine.environment.clock.now());
  const found = await runsOf(engine, filter);
  if (filter.id !== undefined && found.length === 0) throw new RunNotFoundError(filter.id, 0);
  return { data: { runs: found.map((run) => ({ ...run, entities: run.entities.map(withReason) })) }, exitCode: 0 };
});

/** The runs of the engine's instance that fit. */
export async function runsOf(engine: Engine, filter: RunFilter): Promise<RunRecord[]> {
  using store = RunStore.openExisting(await engine.instanceFolder());
  const { clock, hostName } = engine.environment;
  return store ? findRuns(store, filter, clock.now(), hostName) : [];
}

/** Which runs the parameters mean. Throws UsageError. */
export function filterOf(params: Given<typeof filterShape>, now: Date): RunFilter {
  const { run: id, integration, entity, last, failed = false } = params;
  const since = momentOf('since', params.since, now);
  const state = params.state?.toLowerCase() as RunState | undefined;
  if (state && !states.includes(state))
    throw new UsageError(`There is no state "${state}" of a run.`, `Use one of: ${states.join(', ')}.`);
  return {
    ...(id && { id }),
    ...(integration && { integration }),
    ...(entity && { entity }),
    ...(since && { since }),
    ...(state && { state }),
    ...(last !== undefined && { last }),
    failed,
  };
}
