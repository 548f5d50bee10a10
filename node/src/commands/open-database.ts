import { isEmbedded } from '../config/embedded.ts';
import type { LoadedSettings } from '../config/settings.ts';
import type { Database } from '../database/database.ts';
import type { Environment } from '../environment.ts';

/** The database the settings name; only the driver that is needed is loaded. */
export async function openDatabase(loaded: LoadedSettings, environment: Environment): Promise<Database> {
  const settings = loaded.settings.Database;
  const { clock, fs } = environment;
  if (!isEmbedded(settings)) {
    const { openSqlServerDatabase } = await import('../database/sql-server/sql-server-database.ts');
    const password = loaded.databasePassword;
    return openSqlServerDatabase({ settings, clock, ...(password !== undefined && { password }) });
  }
  const { openEmbeddedDatabase } = await import('../database/embedded/embedded-database.ts');
  return openEmbeddedDatabase({ path: settings.Name, clock, fs });
}
