import { onlyReads } from './only-reads.ts';
import type { SourceDatabase, SourceDatabaseAddress } from './source-database.ts';

/** Opens a database that records come from, by the driver of its dialect, which is loaded only then. */
export async function openSourceDatabase(address: SourceDatabaseAddress): Promise<SourceDatabase> {
  const opened = await openByDialect(address);
  return {
    async *read(query) {
      onlyReads(query.name, query.text, address.dialect);
      yield* opened.read(query);
    },
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
}

async function openByDialect(address: SourceDatabaseAddress): Promise<SourceDatabase> {
  switch (address.dialect) {
    case 'mysql':
      return (await import('./mysql.ts')).openMySql(address);
    case 'postgresql':
      return (await import('./postgresql.ts')).openPostgreSql(address);
    case 'sql-server':
      return (await import('./sql-server.ts')).openSqlServer(address);
  }
}
