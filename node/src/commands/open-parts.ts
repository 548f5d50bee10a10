import type { LoadedSettings } from '../config/settings.ts';
import type { Database } from '../database/database.ts';
import { WhatIfDatabase } from '../database/what-if/what-if-database.ts';
import type { Environment } from '../environment.ts';
import { createHaloApi } from '../halo-api/embedded-halo-api.ts';
import type { HaloApi } from '../halo-api/halo-api.ts';
import { historyTables } from '../halo-api/changes/recording-transaction.ts';
import { createHttpClient } from '../http/retrying-http-client.ts';
import type { Send } from '../http/send.ts';
import { loadIntegrations } from '../integrations/load-integrations.ts';
import { writeLastWords } from '../logging/last-words.ts';
import { createLog, unwrittenLog, type Log } from '../logging/log.ts';
import type { KnownSecrets } from '../secrets/known-secrets.ts';
import type { SyncParts } from '../sync/sync.ts';
import { openDatabase } from './open-database.ts';
import { during, type Watcher } from './watcher.ts';

/** Opens what a sync of these integrations needs; of every one where no names are given. */
export async function openPartsFor(
  names: readonly string[] | undefined,
  settings: LoadedSettings,
  ...others: readonly [Environment, KnownSecrets, Watcher | undefined, 'written' | 'unwritten']
): Promise<SyncParts> {
  const [environment, secrets, watcher, kindOfLog] = others;
  return openParts(settings, environment, await loadIntegrations(names), secrets, watcher, kindOfLog);
}

/** Opens what a sync needs. */
export async function openParts(
  settings: LoadedSettings,
  environment: Environment,
  registry: SyncParts['registry'],
  secrets: KnownSecrets,
  watcher?: Watcher,
  kindOfLog: 'written' | 'unwritten' = 'written',
): Promise<SyncParts> {
  const send = sendWhenAsked(environment.variables);
  const { warned, told } = watcher ?? {};
  const { Level, RetentionDays, MaxMegabytesPerDay } = settings.settings.Logging;
  const { MaxAnswerMegabytes, MaxAnswerDepth } = settings.settings.Sync;
  const openLog = (): Promise<Log> =>
    createLog({
      folder: settings.folder,
      level: Level,
      retentionDays: RetentionDays,
      mostBytesADay: MaxMegabytesPerDay * 1024 * 1024,
      secrets,
      warned,
      told,
      broken: (error) =>
        void writeLastWords(
          error.toReport(),
          settings.folder,
          environment,
          `The log of ${settings.folder} takes no more lines, and the work goes on without it`,
        ),
    });
  const log = kindOfLog === 'written' ? await openLog() : unwrittenLog({ secrets, warned, told });
  const database: Database = await openDatabase(settings, environment, {
    log,
    during: (what, work) => (watcher ? during(watcher, what, work) : work()),
  });
  const apiOver = (one: Database): HaloApi =>
    createHaloApi({
      database: one,
      clock: environment.clock,
      settings: settings.settings.Halo,
      haloUrl: settings.settings.HaloUrl,
      author: 'Halo DB Integrator',
      warn: (message) => log.warn(message),
    });
  return {
    settings,
    environment,
    database,
    api: apiOver(database),
    whatIf() {
      const copies = new WhatIfDatabase(database, { dropped: historyTables });
      return { database: copies, api: apiOver(copies) };
    },
    registry,
    log,
    secrets,
    createHttp: () =>
      createHttpClient({
        send,
        secrets,
        clock: environment.clock,
        log: (retry) => log.info(retry),
        bounds: { megabytes: MaxAnswerMegabytes, depth: MaxAnswerDepth },
      }),
  };
}

/** Sending by a client that is loaded with the first request: a run with nothing to ask needs none. */
function sendWhenAsked(variables: Environment['variables']): Send {
  let made: Promise<Send> | undefined;
  return async (url, request) => {
    made ??= import('../http/send.ts').then(({ createSend }) => createSend(variables));
    return (await made)(url, request);
  };
}
