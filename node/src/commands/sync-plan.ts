import { resolve } from 'node:path';
import { planPlace } from '../plans/plan-place.ts';
import type { PlannedChanges } from '../plans/planned-changes.ts';
import type { OpenPlan } from '../plans/read-plan.ts';
import type { SyncParts } from '../sync/sync.ts';
import { version } from '../version.ts';
import type { CommandOutput } from './command.ts';

/** The plan in a file, once it is sure that it is whole and for this instance. Throws PlanUnreadableError, PlanDamagedError, PlanOfAnotherError. */
export async function openedPlan({ settings, environment }: SyncParts, path: string): Promise<OpenPlan> {
  const { openPlan } = await import('../plans/read-plan.ts');
  return openPlan(resolve(environment.workingFolder, path), planPlace(settings), environment);
}

/** Where a what-if tells what the run would do: as objects unless only counts are asked for, and in a file where one is named. */
export async function plannedChanges(
  { settings, environment, secrets }: SyncParts,
  run: string,
  { planPath, summary }: { readonly planPath?: string | undefined; readonly summary?: boolean | undefined },
  output: CommandOutput,
): Promise<PlannedChanges> {
  const [{ PlannedChanges }, { PlanWriter }] = await Promise.all([
    import('../plans/planned-changes.ts'),
    import('../plans/plan-writer.ts'),
  ]);
  const path = planPath === undefined ? undefined : resolve(environment.workingFolder, planPath);
  return new PlannedChanges({
    items: async (some) => (summary ? undefined : output.items(some.map((one) => ({ runId: run, ...one })))),
    ...(path !== undefined && { file: () => PlanWriter.create(path, environment) }),
    head: { engine: version, run, at: environment.clock.now().toISOString(), ...planPlace(settings) },
    secrets,
  });
}
