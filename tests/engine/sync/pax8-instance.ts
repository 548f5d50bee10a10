import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fillDemoContent } from '../../../node/src/database/demo-content/demo-content.ts';
import type { Database } from '../../../node/src/database/database.ts';
import type { SyncParts } from '../../../node/src/sync/sync.ts';
import { systemEnvironment } from '../../../node/src/system-environment.ts';
import { haloTestDatabase } from '../halo-database.ts';
import { instanceParts } from '../instance-parts.ts';
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
  const parts = instanceParts(settingsPath, made.engine, environment);
  return {
    folder,
    settingsPath,
    sandbox,
    database,
    parts: parts.open,
    logged: parts.logged,
    async [Symbol.asyncDispose]() {
      await parts[Symbol.asyncDispose]();
      await made.close();
      await sandbox.close();
      await fs.rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Lets every page of a sync wait for its answer, after so many that are answered, until the function given back is called; however
 * often it is asked for again. What a test of the connection asks is answered: one record.
 */
export function holdRequests({ sandbox }: Pax8Instance, after = 0): () => void {
  const { promise: until, resolve } = Promise.withResolvers<void>();
  let asked = 0;
  sandbox.faults.holds = (query) => (query.get('size') === '1' || ++asked <= after ? undefined : until);
  return () => {
    delete sandbox.faults.holds;
    resolve();
  };
}
