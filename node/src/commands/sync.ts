import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { locateSettings } from '../config/settings-file.ts';
import { UsageError } from '../errors/command-errors.ts';
import { reportOf } from '../errors/integrator-error.ts';
import { planPlace } from '../plans/plan-place.ts';
import { RunRecorder } from '../runs/run-recorder.ts';
import { unfinishedRound } from '../runs/unfinished-round.ts';
import type { SyncParts, SyncReport } from '../sync/sync.ts';
import { version } from '../version.ts';
import { writeRunEvent } from '../windows/run-event.ts';
import { withReason } from './with-reason.ts';
import { command, type CommandOutput, type CommandResult } from './command.ts';
import type { Engine } from './engine.ts';
import { tellOfRun } from './notice.ts';
import type { Given } from './params.ts';

const shape = {
  integration: 'text',
  entities: 'texts',
  whatIf: 'switch',
  planPath: 'text',
  summary: 'switch',
  auto: 'switch',
  force: 'switch',
} as const;

/** Runs integrations: the named one, or with `auto` all that is switched on. Each run is recorded in the instance's state. */
export const sync = command('sync', shape, async (engine, params, output, signal) => {
  if (params.auto && params.force)
    throw new UsageError(
      'AUTO takes no force.',
      'Allow it once: sync the one integration by its name with -Force (--force).',
    );
  if (params.planPath !== undefined && !params.whatIf)
    throw new UsageError(
      'A plan is written by a look only.',
      'Add -WhatIf (--what-if); what the plan says is written by -Plan (--plan).',
    );
  if (!params.auto) return runSync(engine, params, output, signal);
  const { environment } = engine;
  try {
    await locateSettings(engine.configPath, environment, true);
    return await runSync(engine, params, output, signal);
  } catch (error) {
    // Nobody watches a scheduled run: what keeps it from starting must be found afterwards.
    const { meantFolder, writeLastWords } = await import('../logging/last-words.ts');
    const report = engine.secrets.mask(reportOf(error));
    await tellOfRun(engine, report);
    const folder = await meantFolder(engine.configPath, environment);
    await writeLastWords(report, folder, environment);
    await writeRunEvent(folder ?? engine.configPath ?? '', report, environment);
    throw error;
  }
});

async function runSync(
  engine: Engine,
  {
    integration,
    entities,
    whatIf = false,
    planPath,
    summary = false,
    auto = false,
    force = false,
  }: Given<typeof shape>,
  output: CommandOutput,
  signal: AbortSignal,
): Promise<CommandResult> {
  const { syncAll } = await import('../sync/run.ts');
  const parts = await engine.parts();
  const { settings, log, environment } = parts;
  const runId = randomUUID();
  using recorder = new RunRecorder(
    { id: runId, auto, whatIf, settingsFingerprint: settings.fingerprint },
    {
      folder: settings.folder,
      historyDays: settings.settings.Logging.HistoryDays,
      environment,
      log,
      secrets: engine.secrets,
    },
  );
  await using planned = whatIf
    ? await plannedChanges(parts, { runId, planPath }, summary ? undefined : output)
    : undefined;
  const continuing = auto && !whatIf ? unfinishedRound(settings.folder, runId, log) : undefined;
  try {
    const report = await syncAll(
      {
        runId,
        whatIf,
        ...(planned && { planned }),
        ...(force && { force }),
        ...(integration && { integration }),
        ...(entities && { entities }),
        ...(continuing && { continuing }),
      },
      parts,
      (event) => {
        recorder.progress(event);
        output.progress(event);
      },
      AbortSignal.any([signal, recorder.stopSignal]),
      (result) => recorder.entityDone(result),
    );
    if (report.results.length === 0)
      log.warn(
        'Nothing is switched on both in Halo and here, so nothing was synced. Get-HaloIntegration (halo-db-integrator integrations) shows which switch is off.',
      );
    await recorder.end(report);
    if (auto && !whatIf) {
      await tellWindows(parts, engine.secrets.mask(report));
      await tellOfRun(engine, report);
    }
    return { data: { ...report, results: report.results.map(withReason) }, exitCode: report.exitCode };
  } catch (error) {
    await recorder.failed(error);
    throw error;
  }
}

/** Where a what-if tells what the run would do: as objects, and in a file where one is named. */
async function plannedChanges(
  { settings, environment, secrets }: SyncParts,
  { runId, planPath }: { readonly runId: string; readonly planPath: string | undefined },
  output: CommandOutput | undefined,
) {
  const [{ PlannedChanges }, { PlanWriter }] = await Promise.all([
    import('../plans/planned-changes.ts'),
    import('../plans/plan-writer.ts'),
  ]);
  const path = planPath === undefined ? undefined : resolve(environment.workingFolder, planPath);
  return new PlannedChanges({
    items: async (some) => output?.items(some),
    ...(path !== undefined && { file: () => PlanWriter.create(path, environment) }),
    head: {
      engine: version,
      run: runId,
      at: environment.clock.now().toISOString(),
      ...planPlace(settings),
    },
    secrets,
  });
}

/** What keeps Windows from being told is worth a line, and no more. */
async function tellWindows({ settings, environment, log }: SyncParts, report: SyncReport): Promise<void> {
  const problem = await writeRunEvent(settings.folder, report, environment);
  if (problem !== undefined) log.info(`The Event Log has no entry of this run: ${problem}`);
  const detour = environment.windows?.detour;
  if (detour !== undefined) log.info(`.NET is reached through PowerShell: ${detour}`);
}
