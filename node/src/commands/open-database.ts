import { isEmbedded } from '../config/embedded.ts';
import type { LoadedSettings } from '../config/settings.ts';
import type { Database } from '../database/database.ts';
import type { Environment } from '../environment.ts';
import { DatabaseServerUnsupportedError } from '../errors/database-errors.ts';

/** The database the settings name; only the driver that is needed is loaded. */
export async function openDatabase(loaded: LoadedSettings, environment: Environment): Promise<Database> {
  const settings = loaded.settings.Database;
  const { clock, fs } = environment;
  if (!isEmbedded(settings)) throw new DatabaseServerUnsupportedError(settings.Server);
  const { openEmbeddedDatabase } = await import('../database/embedded/embedded-database.ts');
  return openEmbeddedDatabase({ path: settings.Name, clock, fs });
}
