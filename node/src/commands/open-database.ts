import { join } from 'node:path';
import { isEmbedded } from '../config/embedded.ts';
import type { LoadedSettings } from '../config/settings.ts';
import type { Database } from '../database/database.ts';
import type { DatabaseMark } from '../database/embedded/embedded-database.ts';
import type { Environment } from '../environment.ts';
import { StateFolder } from '../sync/state-folder.ts';

const mark = 'embedded-database';

/** The database the settings name; only the driver that is needed is loaded. */
export async function openDatabase(
  loaded: LoadedSettings,
  environment: Environment,
  warn: (message: string) => void,
): Promise<Database> {
  const settings = loaded.settings.Database;
  const { clock, fs } = environment;
  if (!isEmbedded(settings)) {
    const { openSqlServerDatabase } = await import('../database/sql-server/sql-server-database.ts');
    const password = loaded.databasePassword;
    return openSqlServerDatabase({ settings, clock, ...(password !== undefined && { password }) });
  }
  const { openEmbeddedDatabase } = await import('../database/embedded/embedded-database.ts');
  return openEmbeddedDatabase({ path: settings.Name, clock, fs, warn, mark: markIn(loaded.folder, environment) });
}

/** The note in the instance's state folder that its embedded database was there. */
function markIn(folder: string, environment: Environment): DatabaseMark {
  const state = new StateFolder(folder, environment);
  const isThere = async (): Promise<boolean> => (await state.read(mark)) !== undefined;
  return {
    path: join(folder, 'state', mark),
    isThere,
    async make() {
      if (await isThere()) return;
      // Who may only read here makes none; a run, which has to write there, says what is wrong.
      await state.write(mark, { at: environment.clock.now().toISOString() }).catch(() => undefined);
    },
  };
}
