import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sql from 'mssql';
import type { DatabaseSettings } from '../../../node/src/config/settings.ts';
import { haloSchema } from '../../../node/src/database/schema/index.ts';
import type { Clock } from '../../../node/src/environment.ts';
import type { Timeouts } from '../../../node/src/database/sql-server/connection-config.ts';
import type { DatabaseNotices } from '../../../node/src/database/sql-server/repeating.ts';
import { openSqlServerDatabase } from '../../../node/src/database/sql-server/sql-server-database.ts';

/** The server the tests may make databases on, as a connection string; undefined where there is none. */
export const testServer = process.env['HALO_TEST_SQLSERVER'];

const grantScript = fileURLToPath(new URL('../../../scripts/grant-halo-rights.sql', import.meta.url));

const clock = {
  now: () => new Date(),
  sleep: (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds)),
};

/** What an older Halo lacks: tables, and columns as `TABLE.Column`. */
export interface Lacking {
  readonly lacking?: readonly string[];
}

/** A database with Halo's tables as the schema facts have them, a login that has the rights of the grant script, and a way to drop both. */
export async function makeTestDatabase({ lacking = [] }: Lacking = {}) {
  if (testServer === undefined) throw new Error('HALO_TEST_SQLSERVER is not set.');
  const parsed = sql.ConnectionPool.parseConnectionString(testServer);
  const password = `Halo-${randomUUID()}`;
  const name = `halo_test_${randomUUID().slice(0, 8)}`;
  const admin = await new sql.ConnectionPool({ ...parsed, requestTimeout: 300_000 }).connect();
  await admin.request().batch(`CREATE DATABASE [${name}]`);
  const maker = await new sql.ConnectionPool({ ...parsed, database: name, requestTimeout: 300_000 }).connect();
  for (const [table, { primaryKey, columns }] of haloSchema) {
    if (lacking.includes(table)) continue;
    const definitions = Object.entries(columns).flatMap(([column, type]) =>
      lacking.includes(`${table}.${column}`) ? [] : [`[${column}] ${type.replace(' identity', ' identity(1,1)')}`],
    );
    if (primaryKey.length > 0) definitions.push(`PRIMARY KEY (${primaryKey.map((key) => `[${key}]`).join(', ')})`);
    await maker.request().batch(`CREATE TABLE [${table}] (${definitions.join(', ')})`);
  }
  await admin.request().batch(`CREATE LOGIN [${name}] WITH PASSWORD = '${password}'`);
  const grants = readFileSync(grantScript, 'utf8').replaceAll('halo_integrator', name);
  for (const grant of grants.split('\n'))
    if (!grant.startsWith('--') && grant !== '') await maker.request().batch(grant);
  await maker.close();
  const settings: DatabaseSettings = {
    Server: `${parsed.server},${parsed.port ?? 1433}`,
    Name: name,
    Username: parsed.user ?? '',
    Password: parsed.password ?? '',
    Encrypt: parsed.options?.encrypt !== false,
    TrustServerCertificate: parsed.options?.trustServerCertificate ?? false,
  };
  const connect = () => new sql.ConnectionPool({ ...parsed, database: name, requestTimeout: 300_000 }).connect();
  const run = async (batch: string): Promise<void> => {
    const pool = await connect();
    try {
      await pool.request().batch(batch);
    } finally {
      await pool.close();
    }
  };
  /** The same, signed in with no more than the rights of the grant script. */
  const least: DatabaseSettings = { ...settings, Username: name, Password: password };
  const opened: { close(): Promise<void> }[] = [];
  return {
    settings,
    least,
    admin,
    /** Takes all rows out, and begins identity columns anew. */
    empty: () => run([...haloSchema.keys()].map((table) => `TRUNCATE TABLE [${table}]`).join('; ')),
    /** Runs a batch as the one who made the database. */
    run,
    /** Connects as the one who made the database; whoever asks closes. */
    connect,
    open(time: Clock = clock, as: DatabaseSettings = settings, timeouts?: Timeouts, notices?: DatabaseNotices) {
      const database = openSqlServerDatabase({
        settings: as,
        password: String(as.Password),
        clock: time,
        ...(timeouts && { timeouts }),
        ...(notices && { notices }),
      });
      opened.push(database);
      return database;
    },
    async close() {
      for (const database of opened) await database.close();
      await drop(admin, name);
      await admin.request().batch(`DROP LOGIN [${name}]`);
      await admin.close();
    },
  };
}

/** A server may take a moment to see that the connections to the database are closed. */
async function drop(admin: sql.ConnectionPool, name: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await admin.request().batch(`DROP DATABASE [${name}]`);
      return;
    } catch (error) {
      if (tries === 100 || !/in use/.test(String(error))) throw error;
      await clock.sleep(100);
    }
  }
}
