import type { LoadedSettings } from '../config/settings.ts';
import type { Database } from '../database/database.ts';
import { reportOf } from '../errors/integrator-error.ts';
import { exposedSecrets } from '../instances/settings-readers.ts';
import { sharedEntities } from '../instances/shared-entities.ts';
import { nhserverAdvice } from '../nhserver/nhserver-advice.ts';
import { nhserverInHalo } from '../nhserver/nhserver-in-halo.ts';
import { nhserverOnWindows } from '../nhserver/nhserver-on-windows.ts';
import type { RunRecord } from '../runs/run-record.ts';
import { runsOf } from './runs.ts';
import type { Engine } from './engine.ts';
import type { Check } from './check.ts';

/** Checks of the instance itself: what still runs on older settings, and what another instance does, too. */
export async function instanceChecks(saved: LoadedSettings, engine: Engine): Promise<Check[]> {
  return [
    ...(await runningChecks(saved, engine)),
    ...(await sharingChecks(saved, engine)),
    ...(await exposureChecks(saved, engine)),
  ];
}

/** A running engine keeps the settings it started with; the check is about the saved file. */
async function runningChecks(saved: LoadedSettings, engine: Engine): Promise<Check[]> {
  let running: readonly RunRecord[];
  try {
    running = await runsOf(engine, { state: 'running' });
  } catch (error) {
    const report = reportOf(error);
    return [{ name: 'Record of runs', passed: false, detail: report.message, fix: report.advice }];
  }
  return running.map((run) => ({
    name: 'Running sync',
    passed: true,
    detail:
      run.settingsFingerprint === saved.fingerprint
        ? `Run ${run.id.slice(0, 8)} is at work with these settings.`
        : `Run ${run.id.slice(0, 8)}, started ${run.startedAt}, is still at work with settings saved before; these count from the next run.`,
    fix: '',
  }));
}

async function sharingChecks(saved: LoadedSettings, engine: Engine): Promise<Check[]> {
  const { enabledIn, unreadable } = await sharedEntities(saved, engine.environment);
  const shared = [...enabledIn].map(([entity, paths]) => ({
    name: `${entity} elsewhere`,
    passed: false,
    detail: `It is on in ${paths.join(' and ')}, too, for the same database.`,
    fix: 'Switch it off in all instances but one (Disable-HaloIntegration -ConfigPath …).',
  }));
  return [
    ...shared,
    ...(unreadable.length > 0
      ? [{ name: 'Other instances', passed: true, detail: `Not looked at: ${unreadable.join(' ')}`, fix: '' }]
      : []),
  ];
}

async function exposureChecks(saved: LoadedSettings, engine: Engine): Promise<Check[]> {
  const exposed = await exposedSecrets(saved, engine.environment, engine.registry);
  if (!exposed) return [];
  const { settings, readers, fix } = exposed;
  const detail = `${readers.join(' and ')} may read ${settings.join(' and ')} in ${saved.path}.`;
  return [{ name: 'Rights of the file', passed: false, detail, fix }];
}

/** Whether NHserver is where it should be; its date is asked for as soon as there is a sign of it. */
export async function nhserverCheck(
  saved: LoadedSettings,
  database: Database,
  engine: Engine,
  signal: AbortSignal,
): Promise<Check> {
  const signs = { ...(await nhserverOnWindows(engine.environment)), ...(await nhserverInHalo(database, signal)) };
  const date = saved.settings.Nhserver.UpgradeDate;
  return { name: 'NHserver', ...nhserverAdvice(date, signs, engine.environment.clock.now()) };
}
