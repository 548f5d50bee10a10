import { join } from 'node:path';
import { isEmbedded } from '../config/embedded.ts';
import type { LoadedSettings } from '../config/settings.ts';
import type { Database } from '../database/database.ts';
import type { DatabaseMark } from '../database/embedded/embedded-database.ts';
import type { DatabaseNotices } from '../database/sql-server/repeating.ts';
import type { Environment } from '../environment.ts';
import type { Log } from '../logging/log.ts';
import { BoundedLines } from '../sync/bounded-lines.ts';
import { StateFolder } from '../sync/state-folder.ts';

const mark = 'embedded-database';

/** Lines of a run about what the database is repeated and waited for. */
const mostNotices = 200;

/** What is said while the database is opened and used. */
export interface DatabaseTelling {
  readonly log: Pick<Log, 'info' | 'warn'>;
  /** Does what may take a while, and tells who watches that it goes on. */
  during<T>(what: string, work: () => Promise<T>): Promise<T>;
}

/** The database the settings name; only the driver that is needed is loaded. */
export async function openDatabase(
  loaded: LoadedSettings,
  environment: Environment,
  { log, during }: DatabaseTelling,
): Promise<Database> {
  const settings = loaded.settings.Database;
  const { clock, fs } = environment;
  if (!isEmbedded(settings)) {
    const { openSqlServerDatabase } = await import('../database/sql-server/sql-server-database.ts');
    const password = loaded.databasePassword;
    const notices = boundedNotices(log);
    return openSqlServerDatabase({ settings, clock, notices, during, ...(password !== undefined && { password }) });
  }
  const { openEmbeddedDatabase } = await import('../database/embedded/embedded-database.ts');
  const warn = (message: string): void => log.warn(message);
  return openEmbeddedDatabase({ path: settings.Name, clock, fs, warn, mark: markIn(loaded.folder, environment, warn) });
}

/** The log, for so many lines; a database that is busy for days fills none. */
function boundedNotices(log: Pick<Log, 'info' | 'warn'>): DatabaseNotices {
  const lines = new BoundedLines(mostNotices);
  const say = (write: (message: string) => void, message: string): void => {
    if (lines.takes()) write(message);
    else if (lines.left === 1) log.info('Further repetitions of this run are not logged.');
  };
  return {
    info: (message) => say((line) => log.info(line), message),
    warn: (message) => say((line) => log.warn(line), message),
  };
}

/** The note in the instance's state folder that its embedded database was there. */
function markIn(folder: string, environment: Environment, warn: (message: string) => void): DatabaseMark {
  const path = join(folder, 'state', mark);
  let damaged = false;
  const state = new StateFolder(folder, environment, () => {
    damaged = true;
  });
  // A note that is damaged was made once, too.
  const isThere = async (): Promise<boolean> => (await state.read(mark)) !== undefined || damaged;
  return {
    path,
    isThere,
    async make() {
      if ((await isThere()) && !damaged) return;
      if (damaged) warn(`The state file ${path} was damaged, and is made anew.`);
      damaged = false;
      // Who may only read here makes none; a run, which has to write there, says what is wrong.
      await state.write(mark, { at: environment.clock.now().toISOString() }).catch(() => undefined);
    },
  };
}
