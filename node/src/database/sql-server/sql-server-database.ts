import type sql from 'mssql';
import type { DatabaseSettings } from '../../config/settings.ts';
import type { Clock } from '../../environment.ts';
import { DatabaseBusyError, UnknownColumnError } from '../../errors/database-errors.ts';
import type { ActualTable, Database } from '../database.ts';
import { connectFailure } from './connect-failure.ts';
import { connectionConfig } from './connection-config.ts';
import { tablesOf } from './database-facts.ts';
import { loadDriver, type Driver } from './driver.ts';
import { parseServer } from './server-address.ts';
import { SqlServerSession } from './sql-server-session.ts';
import { compatibilityLevel, describeTables, lackingRights, version } from './sql-text/facts.ts';
import { count, select, type Statement } from './sql-text/select.ts';
import { statementError } from './statement-errors.ts';
import { run } from './statement-runner.ts';
import { isTransient } from './transient-errors.ts';

/** Halo itself needs SQL Server 2016, for OPENJSON. */
const neededLevel = 130;
const attempts = 5;
const firstWait = 250;

/** What a SQL Server database is opened with. */
export interface SqlServerOptions {
  readonly settings: DatabaseSettings;
  readonly password?: string;
  readonly clock: Clock;
}

/** Halo's database on SQL Server; nothing connects before the first use. */
export function openSqlServerDatabase({ settings, password, clock }: SqlServerOptions): Database {
  const names = { ...parseServer(settings.Server), database: settings.Name, username: settings.Username ?? '' };
  const tables = new Map<string, Promise<ActualTable>>();
  let loaded: Promise<Driver> | undefined;
  let reading: Promise<sql.ConnectionPool> | undefined;

  const driver = (): Promise<Driver> => (loaded ??= loadDriver(settings));

  async function connect(purpose: string, connections: number): Promise<sql.ConnectionPool> {
    try {
      const { ConnectionPool } = await driver();
      const pool = new ConnectionPool(connectionConfig(settings, password, purpose, connections));
      // The driver reports a lost idle connection here too; the next use opens another.
      pool.on('error', () => undefined);
      return await pool.connect();
    } catch (error) {
      throw connectFailure(error, names);
    }
  }

  function pool(): Promise<sql.ConnectionPool> {
    reading ??= connect('read', 4).catch((error: unknown) => {
      reading = undefined;
      throw error;
    });
    return reading;
  }

  async function ask(statement: Statement, signal?: AbortSignal) {
    for (let attempt = 1; ; attempt++) {
      const channel = await pool();
      try {
        return await run(await driver(), channel, statement, signal);
      } catch (error) {
        if (!isTransient(error) || signal?.aborted) throw statementError(error);
        if (attempt === attempts) throw new DatabaseBusyError('a read failed again and again', error);
        await clock.sleep(Math.random() * firstWait * 2 ** attempt, signal);
      }
    }
  }

  const describe: Database['describe'] = async (asked) => tablesOf(asked, await ask(describeTables(asked)));

  function table(name: string): Promise<ActualTable> {
    const known = tables.get(name);
    if (known) return known;
    const found = describe([name]).then((described) => {
      const one = described.get(name);
      if (!one) throw new UnknownColumnError(name);
      return one;
    });
    found.catch(() => tables.delete(name));
    tables.set(name, found);
    return found;
  }

  return {
    kind: 'sql-server',
    describe,
    connect: async (signal) => {
      const [row] = await ask(version, signal);
      return `${String(row?.['version']).split('\n')[0]?.trim() ?? ''}, ${settings.Server}, ${settings.Name}`;
    },
    missingRights: async (needs) =>
      (await ask(lackingRights(needs))).map((row) => `${String(row['need'])} on ${String(row['table'])}`),
    problems: async () => {
      const level = Number((await ask(compatibilityLevel))[0]?.['level']);
      return level < neededLevel
        ? [`The database has compatibility level ${level}; ${neededLevel} (SQL Server 2016) is needed.`]
        : [];
    },
    read: (query, signal) => ask(select(query), signal),
    count: async (name, where) => Number((await ask(count(name, where)))[0]?.['n']),
    session: async (purpose) =>
      SqlServerSession.open({ driver: await driver(), clock, connect: () => connect(purpose, 1), table }),
    close: async () => {
      const open = reading;
      reading = undefined;
      if (open) await (await open).close();
    },
  };
}
