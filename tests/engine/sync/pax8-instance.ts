import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fillDemoContent } from '../../../node/src/database/demo-content/demo-content.ts';
import type { Database } from '../../../node/src/database/database.ts';
import { createHaloApi } from '../../../node/src/halo-api/embedded-halo-api.ts';
import { createHttpClient } from '../../../node/src/http/retrying-http-client.ts';
import { createSend } from '../../../node/src/http/send.ts';
import { integrations } from '../../../node/src/integrations/registry.ts';
import { loadSettings } from '../../../node/src/config/load-settings.ts';
import { createLog } from '../../../node/src/logging/log.ts';
import type { SyncParts } from '../../../node/src/sync/sync.ts';
import { systemEnvironment } from '../../../node/src/system-environment.ts';
import { haloTestDatabase } from '../halo-database.ts';
import { startPax8Sandbox } from '../../sandbox/pax8/pax8-sandbox.ts';

export type Sandbox = Awaited<ReturnType<typeof startPax8Sandbox>>;

/** A folder with an appsettings.json and a database with demo content, wired to a Pax8 sandbox. */
export interface Pax8Instance extends AsyncDisposable {
  readonly folder: string;
  readonly settingsPath: string;
  readonly sandbox: Sandbox;
  readonly database: Database;
  /** What a sync works with, read from the settings file as it is now. */
  parts(): Promise<SyncParts>;
  /** All that was logged so far. */
  logged(): Promise<string>;
}

/** Makes such an instance in a temporary folder. */
export async function pax8Instance(options: {
  entities?: Record<string, boolean>;
  sync?: Record<string, number>;
  size?: { companies: number; subscriptions: number; products: number; contactsPerCompany: number };
}): Promise<Pax8Instance> {
  const environment = systemEnvironment(tmpdir());
  const folder = await fs.mkdtemp(join(tmpdir(), 'halo-pax8-'));
  const sandbox = await startPax8Sandbox({
    ...(options.size ?? { companies: 12, subscriptions: 450, products: 30, contactsPerCompany: 3 }),
    seed: 11,
  });
  const settingsPath = join(folder, 'appsettings.json');
  const made = await haloTestDatabase(folder, environment.clock);
  const { database } = made;
  await fs.writeFile(
    settingsPath,
    JSON.stringify({
      HaloUrl: 'https://halo.example.com',
      Database: made.settings,
      Integrations: {
        Pax8: {
          Entities: options.entities ?? { Customers: true, Contacts: true, Products: true, Subscriptions: true },
          Settings: { BaseUrl: sandbox.url, ClientId: sandbox.clientId, ClientSecret: sandbox.clientSecret },
        },
      },
      ...(options.sync && { Sync: options.sync }),
    }),
  );
  await fillDemoContent(database, environment.clock);
  const logs: { close(): Promise<void> }[] = [];
  return {
    folder,
    settingsPath,
    sandbox,
    database,
    async parts() {
      const settings = await loadSettings(settingsPath, environment, integrations);
      const log = await createLog({ folder, level: 'debug', retentionDays: 1, secrets: settings.secrets });
      logs.push(log);
      const api = createHaloApi({
        database: made.engine,
        clock: environment.clock,
        settings: settings.settings.Halo,
        author: 'Halo DB Integrator',
        warn: (message) => log.warn(message),
      });
      return {
        settings,
        environment,
        database: made.engine,
        api,
        registry: integrations,
        log,
        createHttp: () => createHttpClient({ send: createSend({}), clock: environment.clock }),
      };
    },
    async logged() {
      for (const log of logs.splice(0)) await log.close();
      const files = await fs.readdir(join(folder, 'logs'));
      const texts = files
        .filter((name) => name.endsWith('.log'))
        .map((name) => fs.readFile(join(folder, 'logs', name), 'utf8'));
      return (await Promise.all(texts)).join('');
    },
    async [Symbol.asyncDispose]() {
      for (const log of logs) await log.close();
      await made.close();
      await sandbox.close();
      await fs.rm(folder, { recursive: true, force: true });
    },
  };
}
