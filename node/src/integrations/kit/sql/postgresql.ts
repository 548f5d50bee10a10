import { sourceRow, type SourceDatabase, type SourceDatabaseAddress } from './source-database.ts';
import { connectFailure, queryFailure } from './source-failure.ts';

const connectTimeout = 20_000;
const usualPort = 5432;

/** Opens PostgreSQL. Throws SourceDatabaseUnreachableError, SourceDatabaseSignInError. */
export async function openPostgreSql(address: SourceDatabaseAddress): Promise<SourceDatabase> {
  const [{ Client }, { default: Cursor }] = await Promise.all([
    import('pg').then((module) => module.default),
    import('pg-cursor'),
  ]);
  const { server, database, username, password, port = usualPort, encrypt, trustServerCertificate } = address;
  const client = new Client({
    ...{ host: server, port, database, user: username, password, connectionTimeoutMillis: connectTimeout },
    ...(encrypt && { ssl: { rejectUnauthorized: !trustServerCertificate } }),
    application_name: 'HaloDBIntegrator',
  });
  // What is lost while nothing is asked shows with the next question.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    await client.end().catch(() => undefined);
    throw connectFailure(error, server);
  }
  return {
    async *read({ name, text, pageSize, timeoutSeconds }) {
      try {
        await client.query('BEGIN READ ONLY');
        await client.query("SET LOCAL TIME ZONE 'UTC'");
        await client.query(`SET LOCAL statement_timeout = ${Math.max(0, Math.round(timeoutSeconds * 1000))}`);
        const cursor = client.query(new Cursor<Record<string, unknown>>(text));
        for (;;) {
          const rows = await cursor.read(pageSize);
          yield rows.map(sourceRow);
          if (rows.length < pageSize) break;
        }
        await cursor.close();
        await client.query('ROLLBACK');
      } catch (error) {
        throw queryFailure(error, name, server);
      }
    },
    [Symbol.asyncDispose]: () => client.end(),
  };
}
