import type { Check } from './check.ts';
import { join } from 'node:path';
import { MissingCredentialError } from '../errors/vendor-errors.ts';
import { reportOf } from '../errors/integrator-error.ts';
import { keptTexts } from '../sync/kept-texts.ts';
import { StateFolder } from '../sync/state-folder.ts';
import type { IntegrationState, SyncParts } from '../sync/sync.ts';
import { noticeChecks } from './notice.ts';
import { databaseChecks } from './test-database.ts';
import { instanceChecks, nhserverCheck } from './test-instance.ts';
import { command } from './command.ts';
import { openPartsFor } from './open-parts.ts';
import { during } from './watcher.ts';

/** Checks the saved settings from the file to the vendors; a check that fails ends what depends on it. */
export const test = command(
  'test',
  { sendNotice: 'switch' },
  async (engine, { sendNotice = false }, _output, signal) => {
    const checks: Check[] = [];
    let exitCode = 0;
    const failed = (name: string, error: unknown): void => {
      const report = reportOf(error);
      // Opening the database opens the secrets first.
      const about = report.code === 'SecretUnavailable' ? 'Secrets' : name;
      checks.push({ name: about, passed: false, detail: report.message, fix: report.advice });
      exitCode ||= report.exitCode;
    };
    const check = async <T>(
      name: string,
      work: () => Promise<{ value: T; detail: string }>,
    ): Promise<T | undefined> => {
      try {
        const { value, detail } = await during(engine.watcher, `Checking ${name}`, work);
        checks.push({ name, passed: true, detail, fix: '' });
        return value;
      } catch (error) {
        failed(name, error);
        return undefined;
      }
    };
    /** Checks that may fail as a whole, which keeps the others from nothing. */
    const several = async (name: string, work: () => Promise<void>): Promise<void> => {
      try {
        await during(engine.watcher, `Checking ${name}`, work);
      } catch (error) {
        failed(name, error);
      }
    };
    const settings = await check('Settings', async () => {
      const value = await engine.openedSettings();
      return { value, detail: value.path };
    });
    if (!settings) return { data: { checks }, exitCode };
    const parts = await check('Log', async () => {
      const { environment, secrets, watcher } = engine;
      const value = await openPartsFor(undefined, settings, environment, secrets, watcher, 'written');
      return { value, detail: `${join(settings.folder, 'logs')} can be written.` };
    });
    if (!parts) return { data: { checks }, exitCode };
    await check('State', async () => {
      await new StateFolder(settings.folder, engine.environment).probe();
      return { value: true, detail: `${join(settings.folder, 'state')} can be written.` };
    });
    for (const one of await noticeChecks(settings, engine, sendNotice)) {
      checks.push(one.check);
      exitCode ||= one.exitCode;
    }
    await several('Instance', async () => void checks.push(...(await instanceChecks(settings, engine))));
    try {
      const database = await check('Database', async () => {
        const value = await parts.database.connect(signal);
        return { value, detail: value };
      });
      if (database !== undefined && (await databaseChecks(parts, checks))) {
        await several(
          'NHserver',
          async () => void checks.push(await nhserverCheck(settings, parts.database, engine, signal)),
        );
        const read = await check('Built-in Halo API', async () => {
          const value = (await parts.api.list('Client', { count: '1' })) as { record_count: number };
          return { value, detail: `${value.record_count} clients can be read.` };
        });
        await several('Assumed', async () => {
          const { assumedChecks } = await import('./test-assumed.ts');
          checks.push(...(await assumedChecks(parts, signal)));
        });
        if (read) await several('Switches', () => checkIntegrations(parts, check, checks, signal));
      }
    } finally {
      await parts.database.close();
      await parts.log.close();
    }
    return { data: { checks }, exitCode: exitCode || (checks.every((one) => one.passed) ? 0 : 2) };
  },
);

function fixFor({ advice, connection }: IntegrationState): string {
  if (advice !== undefined) return advice;
  return connection === ''
    ? "Set the connection up in Halo's web app, or switch the entity off here."
    : "Switch it on in Halo's web app, or off here.";
}

type Checking = <T>(name: string, work: () => Promise<{ value: T; detail: string }>) => Promise<T | undefined>;

/** Both switches of what is on here, then each of its connections. */
async function checkIntegrations(
  parts: SyncParts,
  check: Checking,
  checks: Check[],
  signal: AbortSignal,
): Promise<void> {
  const { survey } = await import('../sync/plan.ts');
  const { states, entities } = await survey(parts);
  if (!states.some((one) => one.enabledHere))
    checks.push({
      name: 'Switches',
      passed: false,
      detail: 'No entity is switched on here, so a sync does nothing.',
      fix: 'Switch on what this instance is to sync: Enable-HaloIntegration <integration> -Entity <entity> (halo-db-integrator enable <integration> --entity <entity>).',
    });
  for (const state of states.filter((one) => one.enabledHere)) {
    checks.push({
      name: `${state.integration} ${state.entity}`,
      passed: state.willRun,
      detail: state.willRun ? `On in Halo ("${state.connection}") and here.` : state.reason,
      fix: state.willRun ? '' : fixFor(state),
    });
  }
  const connections = new Map(entities.map((one) => [`${one.integration.name} ${one.connection.id}`, one]));
  for (const { integration, connection } of connections.values()) {
    const settings = parts.settings.integrationSettings(integration.name);
    const absent = await check(`${integration.name} credentials`, async () => {
      const value = integration.missingCredentials(connection, settings);
      if (value.length > 0) throw new MissingCredentialError(integration.name, value);
      return { value, detail: 'Present.' };
    });
    if (!absent) continue;
    await check(`${integration.name} reached`, async () => {
      const { clock } = parts.environment;
      const kept = keptTexts({
        folder: new StateFolder(parts.settings.folder, parts.environment),
        integration: integration.name,
        settings: parts.settings.fingerprint,
        secrets: parts.secrets,
      });
      const context = { connection, settings, http: parts.createHttp(), clock, signal, kept };
      return { value: true, detail: await integration.probe(context) };
    });
  }
}
