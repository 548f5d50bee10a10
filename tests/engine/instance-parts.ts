import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { loadSettings } from '../../node/src/config/load-settings.ts';
import type { Database } from '../../node/src/database/database.ts';
import { WhatIfDatabase } from '../../node/src/database/what-if/what-if-database.ts';
import type { Environment } from '../../node/src/environment.ts';
import { createHaloApi } from '../../node/src/halo-api/embedded-halo-api.ts';
import { historyTables } from '../../node/src/halo-api/changes/recording-transaction.ts';
import { createHttpClient } from '../../node/src/http/retrying-http-client.ts';
import { createSend } from '../../node/src/http/send.ts';
import { integrations } from '../../node/src/integrations/registry.ts';
import { createLog } from '../../node/src/logging/log.ts';
import { KnownSecrets } from '../../node/src/secrets/known-secrets.ts';
import type { SyncParts } from '../../node/src/sync/sync.ts';

/** What syncs of a test's instance work with. */
export interface InstanceParts extends AsyncDisposable {
  /** Opened anew, with the settings as they are now. */
  open(): Promise<SyncParts>;
  /** All that was logged so far. */
  logged(): Promise<string>;
}

/** Opens what a sync needs, as the engine does, over a database that the test has made. */
export function instanceParts(settingsPath: string, database: Database, environment: Environment): InstanceParts {
  const folder = join(settingsPath, '..');
  const logs: { close(): Promise<void> }[] = [];
  const closeLogs = async (): Promise<void> => {
    for (const log of logs.splice(0)) await log.close();
  };
  return {
    async open() {
      const settings = await loadSettings(settingsPath, environment, integrations);
      const secrets = new KnownSecrets(settings.secrets);
      const log = await createLog({ folder, level: 'debug', retentionDays: 1, secrets });
      logs.push(log);
      const { clock } = environment;
      const apiOver = (one: Database) =>
        createHaloApi({
          database: one,
          clock,
          settings: settings.settings.Halo,
          author: 'Halo DB Integrator',
          warn: (message) => log.warn(message),
        });
      const api = apiOver(database);
      const whatIf = () => {
        const copies = new WhatIfDatabase(database, { dropped: historyTables });
        return { database: copies, api: apiOver(copies) };
      };
      const createHttp = () => createHttpClient({ send: createSend({}), clock, secrets });
      return { settings, environment, database, api, whatIf, registry: integrations, log, secrets, createHttp };
    },
    async logged() {
      await closeLogs();
      const files = await fs.readdir(join(folder, 'logs'));
      const texts = files
        .filter((name) => name.endsWith('.log'))
        .map((name) => fs.readFile(join(folder, 'logs', name), 'utf8'));
      return (await Promise.all(texts)).join('\n');
    },
    [Symbol.asyncDispose]: closeLogs,
  };
}
