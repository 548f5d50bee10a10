import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { DatabaseSettings } from '../../node/src/config/settings.ts';
import type { Database } from '../../node/src/database/database.ts';
import { openEmbeddedDatabase } from '../../node/src/database/embedded/embedded-database.ts';
import type { Clock } from '../../node/src/environment.ts';
import { makeTestDatabase } from './sql-server/test-database.ts';

/** A Halo database of a test's own, with empty tables, and the settings that name it. */
export interface HaloTestDatabase {
  /** For the test itself, which may do everything. */
  readonly database: Database;
  /** For the engine, with no more than the rights it asks for; the settings name the same login. */
  readonly engine: Database;
  readonly settings: DatabaseSettings;
  /** Makes the database refuse rows whose text begins like this, until that is taken back. */
  refuse(table: string, column: string, beginning: string): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

type OnServer = Awaited<ReturnType<typeof makeTestDatabase>>;
/** Which kind the tests of this jest project run on; see jest.config.mjs. */
const { haloDatabase } = globalThis as { haloDatabase?: 'sql-server' };
/** Making one takes seconds, so those of a test file are emptied and used again. */
const free: OnServer[] = [];
const made: OnServer[] = [];

// Instances are made outside jest, too: for the module's tests, and those are embedded.
if (haloDatabase !== undefined) {
  const { afterAll } = await import('@jest/globals');
  afterAll(async () => {
    for (const each of made) await each.close();
  });
}

/**
 * Makes one: a file in the folder or, where the suite runs on SQL Server, a database there. An older Halo lacks columns, given as
 * `TABLE.Column`.
 */
export async function haloTestDatabase(
  folder: string,
  clock: Clock,
  lacking: readonly string[] = [],
): Promise<HaloTestDatabase> {
  if (haloDatabase === undefined) {
    const path = join(folder, 'halo.db');
    if (lacking.length > 0) await makeWithout(path, clock, lacking);
    const database = openEmbeddedDatabase({ path, clock, fs });
    await database.connect();
    return {
      database,
      engine: database,
      settings: { Server: '(embedded)', Name: 'halo.db' },
      async refuse(table, column, beginning) {
        const file = new DatabaseSync(path);
        file.exec(`CREATE TRIGGER refusal BEFORE INSERT ON ${table} WHEN NEW.${column} LIKE '${beginning}%'
          BEGIN SELECT RAISE(ABORT, 'the row breaks a constraint'); END`);
        return async () => {
          file.exec('DROP TRIGGER refusal');
          file.close();
        };
      },
      close: () => database.close(),
    };
  }
  const whole = lacking.length === 0;
  const onServer = (whole ? free.pop() : undefined) ?? (await makeTestDatabase({ lacking }));
  if (made.includes(onServer)) await onServer.empty();
  else made.push(onServer);
  const database = onServer.open(clock);
  const engine = onServer.open(clock, onServer.least);
  return {
    database,
    engine,
    settings: onServer.least,
    async refuse(table, column, beginning) {
      await onServer.run(
        `ALTER TABLE [${table}] ADD CONSTRAINT refusal CHECK (NOT ([${column}] LIKE N'${beginning}%'))`,
      );
      return () => onServer.run(`ALTER TABLE [${table}] DROP CONSTRAINT refusal`);
    },
    async close() {
      await database.close();
      await engine.close();
      if (whole) free.push(onServer);
    },
  };
}

async function makeWithout(path: string, clock: Clock, lacking: readonly string[]): Promise<void> {
  const whole = openEmbeddedDatabase({ path, clock, fs });
  await whole.connect();
  await whole.close();
  const file = new DatabaseSync(path);
  for (const [table, column] of lacking.map((one) => one.split('.')))
    file.exec(`ALTER TABLE "${table}" DROP COLUMN "${column}"`);
  file.close();
}
