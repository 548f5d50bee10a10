import { afterAll } from '@jest/globals';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseSettings } from '../../node/src/config/settings.ts';
import type { Database } from '../../node/src/database/database.ts';
import { openEmbeddedDatabase } from '../../node/src/database/embedded/embedded-database.ts';
import type { Clock } from '../../node/src/environment.ts';
import { makeTestDatabase } from './sql-server/test-database.ts';

/** A Halo database of a test's own, with empty tables, and the settings that name it. */
export interface HaloTestDatabase {
  readonly database: Database;
  readonly settings: DatabaseSettings;
  close(): Promise<void>;
}

type OnServer = Awaited<ReturnType<typeof makeTestDatabase>>;
/** Which kind the tests of this jest project run on; see jest.config.mjs. */
const { haloDatabase } = globalThis as { haloDatabase?: 'sql-server' };
/** Making one takes seconds, so those of a test file are emptied and used again. */
const free: OnServer[] = [];
const made: OnServer[] = [];

afterAll(async () => {
  for (const each of made) await each.close();
});

/** Makes one: a file in the folder or, where the suite runs on SQL Server, a database there. */
export async function haloTestDatabase(folder: string, clock: Clock): Promise<HaloTestDatabase> {
  if (haloDatabase === undefined) {
    const database = openEmbeddedDatabase({ path: join(folder, 'halo.db'), clock, fs });
    await database.connect();
    return { database, settings: { Server: '(embedded)', Name: 'halo.db' }, close: () => database.close() };
  }
  const onServer = free.pop() ?? (await makeTestDatabase());
  if (made.includes(onServer)) await onServer.empty();
  else made.push(onServer);
  const database = onServer.open(clock);
  return {
    database,
    settings: onServer.settings,
    async close() {
      await database.close();
      free.push(onServer);
    },
  };
}
