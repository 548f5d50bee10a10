import { inPages } from './in-pages.ts';
import type { SourceDatabase, SourceDatabaseAddress } from './source-database.ts';
import { connectFailure, queryFailure } from './source-failure.ts';

const connectTimeout = 20_000;
const usualPort = 3306;

/** Opens MySQL or MariaDB. Throws SourceDatabaseUnreachableError, SourceDatabaseSignInError. */
export async function openMySql(address: SourceDatabaseAddress): Promise<SourceDatabase> {
  const { createConnection } = (await import('mysql2')).default;
  const { server, database, username, password, port = usualPort, encrypt, trustServerCertificate } = address;
  const connection = createConnection({
    ...{ host: server, port, database, user: username, password, connectTimeout },
    // One statement at a time, whatever the text says; whole numbers that do not fit stay texts; moments are UTC.
    ...{ multipleStatements: false, supportBigNumbers: true, timezone: 'Z', charset: 'utf8mb4' },
    ...(encrypt && { ssl: { rejectUnauthorized: !trustServerCertificate } }),
  });
  const say = (text: string): Promise<void> =>
    new Promise((resolve, reject) => connection.query(text, (error) => (error ? reject(error) : resolve())));
  try {
    await new Promise<void>((resolve, reject) => connection.connect((error) => (error ? reject(error) : resolve())));
  } catch (error) {
    connection.destroy();
    throw connectFailure(error, server);
  }
  // What is lost while nothing is asked shows with the next question.
  connection.on('error', () => undefined);
  return {
    async *read(query) {
      try {
        await say("SET SESSION time_zone = '+00:00'");
        await say('START TRANSACTION READ ONLY');
        yield* inPages(connection.query({ sql: query.text }).stream({ highWaterMark: query.pageSize }), query);
        await say('ROLLBACK');
      } catch (error) {
        throw queryFailure(error, query.name, server);
      }
    },
    // A result that was not read to its end would be waited for by a polite goodbye.
    [Symbol.asyncDispose]: async () => connection.destroy(),
  };
}
