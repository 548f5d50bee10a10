import type sql from 'mssql';
import type { DatabaseSettings } from '../../config/settings.ts';
import type { Clock } from '../../environment.ts';
import { DatabaseBusyError, DatabaseCompatibilityError, UnknownColumnError } from '../../errors/database-errors.ts';
import { IntegratorError } from '../../errors/integrator-error.ts';
import type { ActualTable, Database } from '../database.ts';
import { comparedColumns } from './compared-columns.ts';
import { createConnector } from './connect.ts';
import { connectionConfigs, type Timeouts } from './connection-config.ts';
import { tablesOf } from './database-facts.ts';
import { loadDriver, type Driver } from './driver.ts';
import { holderOfTables } from './lock-holders.ts';
import { repeating, type DatabaseNotices } from './repeating.ts';
import { mayRetry, unwrapped } from './retry.ts';
import { parseServer } from './server-address.ts';
import { readSettings, SqlServerSession } from './sql-server-session.ts';
import { compatibilityLevel, describeTables, lackingRights, version } from './sql-text/facts.ts';
import { count, select, type Statement } from './sql-text/select.ts';
import { lacksOpenJson, statementError } from './statement-errors.ts';
import { run } from './statement-runner.ts';

/** Halo itself needs SQL Server 2016, for OPENJSON. */
const neededLevel = 130;

/** Milliseconds to wait for a lock that was ours: the server may need a while to see that its holder is gone. Half of what a statement may take. */
const longestLockWait = 60_000;

/** What a SQL Server database is opened with. */
export interface SqlServerOptions {
  readonly settings: DatabaseSettings;
  readonly password?: string;
  readonly clock: Clock;
  readonly timeouts?: Timeouts;
  /** Told of each repetition, and of long waits. */
  readonly notices?: DatabaseNotices;
  /** Connects, and tells who watches that it goes on. */
  during?<T>(what: string, work: () => Promise<T>): Promise<T>;
}

/** Halo's database on SQL Server; nothing connects before the first use. */
export function openSqlServerDatabase({
  settings,
  password,
  clock,
  timeouts,
  notices,
  during,
}: SqlServerOptions): Database {
  const names = { ...parseServer(settings.Server), database: settings.Name, username: settings.Username ?? '' };
  const tables = new Map<string, Promise<ActualTable | undefined>>();
  let loaded: Promise<Driver> | undefined;
  let reading: Promise<sql.ConnectionPool> | undefined;
  /** Links are looked up on one connection, which keeps an index of them. */
  let linksSession: Promise<SqlServerSession> | undefined;

  const driver = (): Promise<Driver> => (loaded ??= loadDriver(settings));
  const connector = createConnector({
    clock,
    driver,
    names,
    notices,
    ...(during && { during: (work) => during(`Connecting to ${settings.Server}, database ${settings.Name}`, work) }),
    config: (purpose, connections) => connectionConfigs(settings, password, purpose, connections, timeouts),
  });

  function pool(): Promise<sql.ConnectionPool> {
    reading ??= connector.open('read', 4).then(
      (open) => open.pool,
      (error: unknown) => {
        reading = undefined;
        throw unwrapped(error);
      },
    );
    return reading;
  }

  /** A read, repeated while its failures pass; the pool replaces connections that are gone. */
  async function ask({ sql, values }: Statement, signal?: AbortSignal) {
    const channel = await pool();
    // Each time, since the pool says nothing of a connection it replaced.
    const statement = { sql: `${readSettings}; ${sql}`, values };
    return repeating(
      {
        clock,
        signal,
        notices,
        purpose: 'A read',
        failureOf,
        passing: (error) => connector.passing(error),
        holderOf: async (tables) => holderOfTables(await driver(), channel, tables),
      },
      'a read',
      async () => run(await driver(), channel, statement, signal),
    );
  }

  function failureOf(error: unknown, what: string): unknown {
    if (error instanceof IntegratorError) return error;
    const named = connector.named(error);
    if (named !== error) return named;
    const failure = statementError(error);
    if (lacksOpenJson(error)) return new DatabaseCompatibilityError(settings.Name, undefined, error);
    return failure === error && mayRetry(error) ? new DatabaseBusyError(what, error) : failure;
  }

  /** A table's columns are read once: they do not change while a run lasts. */
  const describe: Database['describe'] = async (asked) => {
    const unknown = asked.filter((name) => !tables.has(name.toLowerCase()));
    if (unknown.length > 0) {
      const found = ask(describeTables(unknown)).then((rows) => tablesOf(unknown, rows));
      for (const name of unknown) {
        const one = found.then((described) => described.get(name));
        // Whoever waits for it hears of a failure; the next one to ask tries again.
        one.catch(() => tables.delete(name.toLowerCase()));
        tables.set(name.toLowerCase(), one);
      }
    }
    const described = new Map<string, ActualTable>();
    for (const name of asked) {
      const table = await tables.get(name.toLowerCase());
      if (table) described.set(name, table);
    }
    return described;
  };

  async function table(name: string): Promise<ActualTable> {
    const one = (await describe([name])).get(name);
    if (!one) throw new UnknownColumnError(name);
    return one;
  }

  const openSession = async (purpose: string, signal?: AbortSignal): Promise<SqlServerSession> =>
    SqlServerSession.open({
      driver: await driver(),
      clock,
      signal,
      purpose,
      notices,
      bulk: settings.Authentication !== 'windows',
      connect: () => connector.open(purpose, 1),
      failureOf,
      passing: (error) => connector.passing(error),
      lockWait: Math.min(longestLockWait, Math.floor((timeouts?.request ?? longestLockWait * 2) / 2)),
      table,
    });

  return {
    kind: 'sql-server',
    describe,
    connect: async (signal) => {
      const [row] = await ask(version, signal);
      return `${String(row?.['version']).split('\n')[0]?.trim() ?? ''}, ${settings.Server}, ${settings.Name}`;
    },
    missingRights: async (needs) => {
      const lacking = new Map<string, string[]>();
      for (const row of await ask(lackingRights(needs)))
        lacking.set(String(row['table']), [...(lacking.get(String(row['table'])) ?? []), String(row['need'])]);
      return [...lacking].map(([name, rights]) => `${rights.join(', ')} on ${name}`);
    },
    problems: async () => {
      const level = Number((await ask(compatibilityLevel))[0]?.['level']);
      return level < neededLevel ? [new DatabaseCompatibilityError(settings.Name, level).message] : [];
    },
    async read(query, signal) {
      if (!query.links) return ask(select(query, await comparedColumns(query, table)), signal);
      linksSession ??= openSession('Looking up links').catch((error: unknown) => {
        linksSession = undefined;
        throw error;
      });
      return (await linksSession).read(query, signal);
    },
    count: async (name, where, different) => {
      const find = where && (await comparedColumns({ from: name, where }, table));
      return Number((await ask(count(name, where, different, find)))[0]?.['n']);
    },
    session: openSession,
    close: async () => {
      const [open, links] = [reading, linksSession];
      reading = linksSession = undefined;
      await (await links?.catch(() => undefined))?.[Symbol.asyncDispose]();
      if (open) await (await open).close();
    },
  };
}
