import { randomUUID } from 'node:crypto';
import { locateSettings } from '../config/settings-file.ts';
import type { LoadedSettings } from '../config/settings.ts';
import { UsageError } from '../errors/command-errors.ts';
import { reportOf } from '../errors/integrator-error.ts';
import { integrationFacts } from '../integrations/integration-facts.ts';
import { RunRecorder } from '../runs/run-recorder.ts';
import { unfinishedRound } from '../runs/unfinished-round.ts';
import { applyPlan } from '../sync/apply-plan.ts';
import { syncAll } from '../sync/run.ts';
import type { SyncEvent, SyncParts, SyncReport, SyncRequest, SyncResult } from '../sync/sync.ts';
import { writeRunEvent } from '../windows/run-event.ts';
import { withReason } from './with-reason.ts';
import { command, type CommandOutput, type CommandResult } from './command.ts';
import type { Engine } from './engine.ts';
import { tellOfRun } from './notice.ts';
import type { Given } from './params.ts';
import { openedPlan, plannedChanges } from './sync-plan.ts';

const shape = {
  integration: 'text',
  entities: 'texts',
  whatIf: 'switch',
  planPath: 'text',
  plan: 'text',
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
  if (params.plan !== undefined && (params.auto || params.force || params.integration || params.entities))
    throw new UsageError(
      'A plan says itself what is written.',
      'Give -Plan (--plan) alone; a plan for a part is made with -WhatIf -PlanPath and the names of that part.',
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
  given: Given<typeof shape>,
  output: CommandOutput,
  signal: AbortSignal,
): Promise<CommandResult> {
  const { whatIf = false, auto = false, plan } = given;
  const parts = await engine.parts(integrationsFor(given, await engine.settings()));
  const { settings, log, environment } = parts;
  const runId = randomUUID();
  await using open = plan === undefined ? undefined : await openedPlan(parts, plan);
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
  await using planned = whatIf ? await plannedChanges(parts, runId, given, output) : undefined;
  const continuing = auto && !whatIf ? unfinishedRound(settings.folder, runId, log) : undefined;
  try {
    const events = (event: SyncEvent): void => {
      recorder.progress(event);
      output.progress(event);
    };
    const stop = AbortSignal.any([signal, recorder.stopSignal]);
    const entityDone = (result: SyncResult): void => recorder.entityDone(result);
    const request = { runId, whatIf, ...(planned && { planned }) };
    const report = open
      ? await applyPlan({ ...request, plan: open, signal: stop, events, entityDone }, parts)
      : await syncAll(
          { ...request, ...askedFor(given), ...(continuing && { continuing }) },
          parts,
          events,
          stop,
          entityDone,
        );
    if (report.results.length === 0 && !open)
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

/** The integrations that a sync can be about; undefined for every one, by whose names it is then told what there is. */
function integrationsFor(
  { integration, entities, plan }: Given<typeof shape>,
  { settings }: LoadedSettings,
): readonly string[] | undefined {
  if (plan !== undefined) return undefined;
  if (integration === undefined) return entities ? undefined : Object.keys(settings.Integrations);
  const found = integrationFacts.find(({ name }) => name.toLowerCase() === integration.toLowerCase());
  return found && [found.name];
}

function askedFor({ integration, entities, force }: Given<typeof shape>): Omit<SyncRequest, 'whatIf'> {
  return { ...(force && { force }), ...(integration && { integration }), ...(entities && { entities }) };
}

/** What keeps Windows from being told is worth a line, and no more. */
async function tellWindows({ settings, environment, log }: SyncParts, report: SyncReport): Promise<void> {
  const problem = await writeRunEvent(settings.folder, report, environment);
  if (problem !== undefined) log.info(`The Event Log has no entry of this run: ${problem}`);
  const detour = environment.windows?.detour;
  if (detour !== undefined) log.info(`.NET is reached through PowerShell: ${detour}`);
}
