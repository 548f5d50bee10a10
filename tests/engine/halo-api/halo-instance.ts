import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HaloDatabaseSettings } from '../../../node/src/config/settings.ts';
import type { Database } from '../../../node/src/database/database.ts';
import { fillDemoContent } from '../../../node/src/database/demo-content/demo-content.ts';
import { createHaloApi } from '../../../node/src/halo-api/embedded-halo-api.ts';
import { haloTestDatabase, type HaloTestDatabase } from '../halo-database.ts';
import type { HaloApi } from '../../../node/src/halo-api/halo-api.ts';

/** A database with demo content and the built-in API over it, whose clock stands where it is set. */
export interface HaloInstance extends AsyncDisposable {
  readonly database: Database;
  readonly warnings: string[];
  readonly refuse: HaloTestDatabase['refuse'];
  now: Date;
  api(settings?: HaloDatabaseSettings): HaloApi;
}

/** Makes one in a temporary folder. */
export async function haloInstance(): Promise<HaloInstance> {
  const folder = await fs.mkdtemp(join(tmpdir(), 'halo-api-'));
  const instance = { now: new Date('2026-01-05T08:00:00Z') };
  const clock = { now: () => instance.now, sleep: () => Promise.resolve() };
  const made = await haloTestDatabase(folder, clock);
  const { database } = made;
  await fillDemoContent(database, clock);
  const warnings: string[] = [];
  return Object.assign(instance, {
    database,
    warnings,
    refuse: made.refuse,
    api: (settings: HaloDatabaseSettings = {}) =>
      createHaloApi({
        database,
        clock,
        settings,
        haloUrl: 'https://halo.example.com',
        author: 'Halo DB Integrator',
        warn: (message: string) => void warnings.push(message),
      }),
    async [Symbol.asyncDispose]() {
      await made.close();
      await fs.rm(folder, { recursive: true, force: true });
    },
  });
}
