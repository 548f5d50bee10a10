import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import type { DatabaseSettings } from '../../../config/settings.ts';
import { connectionConfigs } from '../../../database/sql-server/connection-config.ts';
import { loadDriver } from '../../../database/sql-server/driver.ts';
import { inPages } from './in-pages.ts';
import type { SourceDatabase, SourceDatabaseAddress } from './source-database.ts';
import { connectFailure, queryFailure } from './source-failure.ts';

/** The first row's time is watched by us; how long the rest takes is the sync's to say. */
const timeouts = { connection: 20_000, request: 0 };

/** Opens a SQL Server that is not Halo's. Throws SourceDatabaseUnreachableError, SourceDatabaseSignInError. */
export async function openSqlServer(address: SourceDatabaseAddress): Promise<SourceDatabase> {
  const { server, port, database, username, password, encrypt, trustServerCertificate } = address;
  const settings: DatabaseSettings = {
    ...{ Server: port === undefined ? server : `${server},${port}`, Name: database, Username: username },
    ...{ Encrypt: encrypt, TrustServerCertificate: trustServerCertificate },
  };
  const { ConnectionPool, Transaction, Request, ISOLATION_LEVEL } = await loadDriver(settings);
  const [config] = await connectionConfigs(settings, password, 'import', 1, timeouts);
  const { options } = config ?? {};
  const pool = new ConnectionPool({ ...config, server, options: { ...options, readOnlyIntent: true } } as never);
  pool.on('error', () => undefined);
  try {
    await pool.connect();
  } catch (error) {
    throw connectFailure(error, server);
  }
  return {
    async *read(query) {
      const transaction = new Transaction(pool);
      let begun = false;
      try {
        await transaction.begin(ISOLATION_LEVEL.READ_COMMITTED);
        begun = true;
        await new Request(transaction).batch('SET DEADLOCK_PRIORITY LOW; SET LOCK_TIMEOUT 30000;');
        const request = new Request(transaction);
        request.stream = true;
        const rows = new PassThrough({ objectMode: true, highWaterMark: query.pageSize });
        request.pipe(rows);
        const failed = once(request, 'error').then(([error]) => rows.destroy(error as Error));
        failed.catch(() => undefined);
        void request.query(query.text);
        try {
          yield* inPages(rows, query);
        } finally {
          request.cancel();
        }
      } catch (error) {
        throw queryFailure(error, query.name, server);
      } finally {
        // Taken back whatever came; a transaction that an error has ended cannot be.
        if (begun) await transaction.rollback().catch(() => undefined);
      }
    },
    [Symbol.asyncDispose]: () => pool.close(),
  };
}
