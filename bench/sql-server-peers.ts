import knex from 'knex';
import { DataSource, EntitySchema, type EntitySchemaColumnOptions } from 'typeorm';

/** Where the peers write, as they take it. */
export interface PeerTarget {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly encrypt: boolean;
  readonly trustServerCertificate: boolean;
}

export type PeerRow = Readonly<Record<string, string | number | boolean | Date | null>>;

/** knex has no upsert for SQL Server: an update of each row, and an insert where there was none, in one transaction. */
export async function knexUpsert(target: PeerTarget, table: string, key: string, rows: readonly PeerRow[]) {
  const { host, port, user, password, database, encrypt, trustServerCertificate } = target;
  const db = knex({
    client: 'mssql',
    connection: { server: host, port, user, password, database, options: { encrypt, trustServerCertificate } },
    pool: { min: 1, max: 1 },
  });
  await db.raw('SELECT 1 AS one');
  return {
    write: () =>
      db.transaction(async (transaction) => {
        for (const row of rows) {
          const { [key]: id, ...values } = row;
          const changed = await transaction(table)
            .where({ [key]: id })
            .update(values);
          if (changed === 0) await transaction(table).insert(row);
        }
      }),
    close: () => db.destroy(),
  };
}

/** typeorm's save(): what is there is read, what differs updated, what is missing inserted. */
export async function typeormUpsert(
  target: PeerTarget,
  table: string,
  key: string,
  types: Readonly<Record<string, EntitySchemaColumnOptions['type']>>,
  rows: readonly PeerRow[],
) {
  const { host, port, user, password, database, encrypt, trustServerCertificate } = target;
  const entity = new EntitySchema<Record<string, unknown>>({
    name: table,
    tableName: table,
    columns: Object.fromEntries(
      Object.entries(types).map(([name, type]) => [name, { type, primary: name === key, nullable: name !== key }]),
    ),
  });
  const source = await new DataSource({
    type: 'mssql',
    host,
    port,
    username: user,
    password,
    database,
    options: { encrypt, trustServerCertificate },
    entities: [entity],
  }).initialize();
  return {
    write: () =>
      source.getRepository(entity).save(
        rows.map((row) => ({ ...row })),
        { chunk: 100 },
      ),
    close: () => source.destroy(),
  };
}
