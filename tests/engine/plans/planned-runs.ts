import { openChanges } from '../../../node/src/changes/read-changes.ts';
import { shownChange, type ShownChange } from '../../../node/src/changes/shown-change.ts';
import { planPlace } from '../../../node/src/plans/plan-place.ts';
import { PlanWriter } from '../../../node/src/plans/plan-writer.ts';
import { openPlan } from '../../../node/src/plans/read-plan.ts';
import { applyPlan } from '../../../node/src/sync/apply-plan.ts';
import { PlannedChanges } from '../../../node/src/plans/planned-changes.ts';
import type { ShownPlan } from '../../../node/src/plans/shown-plan.ts';
import { syncAll } from '../../../node/src/sync/run.ts';
import type { SyncParts, SyncReport, SyncRequest } from '../../../node/src/sync/sync.ts';

/** An instance of a test's, whatever it syncs. */
export interface PlannedInstance {
  readonly folder: string;
  parts(): Promise<SyncParts>;
}

/** Syncs all that is switched on. */
export async function sync(instance: PlannedInstance, request: Partial<SyncRequest> = {}): Promise<SyncReport> {
  return syncAll({ whatIf: false, ...request }, await instance.parts(), () => {}, new AbortController().signal);
}

/** What a run would change, and what it came to; with a path also as a file. */
export async function planned(
  instance: PlannedInstance,
  path?: string,
): Promise<{ readonly changes: readonly ShownPlan[]; readonly report: SyncReport }> {
  const parts = await instance.parts();
  const changes: ShownPlan[] = [];
  await using plan = new PlannedChanges({
    items: async (some) => void changes.push(...some),
    ...(path !== undefined && { file: () => PlanWriter.create(path, parts.environment) }),
    head: { engine: '1', run: 'look', at: '2026-11-27T12:00:00.000Z', ...planPlace(parts.settings) },
    secrets: parts.secrets,
  });
  const report = await syncAll({ whatIf: true, planned: plan }, parts, () => {}, new AbortController().signal);
  return { changes, report };
}

/** Writes what the plan in a file says. */
export async function applied(instance: PlannedInstance, path: string, runId?: string): Promise<SyncReport> {
  const parts = await instance.parts();
  await using plan = await openPlan(path, planPlace(parts.settings), parts.environment);
  const signal = new AbortController().signal;
  return await applyPlan(
    { plan, whatIf: false, signal, events: () => {}, entityDone: () => {}, ...(runId !== undefined && { runId }) },
    parts,
  );
}

/** What a run would change. */
export async function planOf(instance: PlannedInstance, path?: string): Promise<readonly ShownPlan[]> {
  return (await planned(instance, path)).changes;
}

/** What a run changed. */
export async function changesOf(instance: PlannedInstance, run: string): Promise<ShownChange[]> {
  const { environment } = await instance.parts();
  await using open = await openChanges(instance.folder, run, environment);
  const shown: ShownChange[] = [];
  for await (const { changes, ...batch } of open?.batches() ?? [])
    shown.push(...changes.map((change) => shownChange(change, batch)));
  return shown;
}
