import { tmpdir } from 'node:os';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { stripComments } from '../config/jsonc.ts';
import { memberOf } from '../config/member-of.ts';
import { SETTINGS_FILE } from '../config/settings-file.ts';
import type { Environment } from '../environment.ts';
import type { ErrorReport } from '../errors/integrator-error.ts';
import { makeOwnFolder, ownFile } from '../own-files.ts';
import { logFileName } from './log-files.ts';

/**
 * The folder an AUTO run was meant for: that of the settings named, whether they are there or not. Undefined where what was named
 * is, or would be, another file, and nothing in its folder says that it is an instance's: nothing is to be made there.
 */
export async function meantFolder(settings: string | undefined, environment: Environment): Promise<string | undefined> {
  if (settings === undefined || settings === '') return environment.engineFolder;
  const full = resolve(environment.workingFolder, settings);
  const found = await environment.fs.stat(full).catch(() => undefined);
  if (basename(full).toLowerCase() === SETTINGS_FILE) return dirname(full);
  // Of what is not there, only a name with an ending is taken for a file.
  if (found?.isDirectory() || (!found && extname(full) === '')) return full;
  const folder = dirname(full);
  return (await isInstance(folder, environment)) || (await looksLikeSettings(full, environment)) ? folder : undefined;
}

async function isInstance(folder: string, { fs }: Environment): Promise<boolean> {
  const signs = [SETTINGS_FILE, 'logs', 'state'].map((sign) => fs.stat(join(folder, sign)).catch(() => undefined));
  return (await Promise.all(signs)).some((sign) => sign !== undefined);
}

/** Whether a file of another name holds what only settings do. */
async function looksLikeSettings(path: string, { fs }: Environment): Promise<boolean> {
  try {
    return memberOf(JSON.parse(stripComments(await fs.readFile(path, 'utf8'))), 'Database') !== undefined;
  } catch {
    return false;
  }
}

/**
 * One line on what kept a scheduled run from starting (or whatever `said` begins with), in the first place that takes it: the
 * instance's log, a log in the temporary folder. Answers where it is; undefined when nothing took it.
 */
export async function writeLastWords(
  report: ErrorReport,
  folder: string | undefined,
  environment: Environment,
  said = folder === undefined ? 'A scheduled sync did not run' : `The scheduled sync of ${folder} did not run`,
): Promise<string | undefined> {
  const { fs, clock } = environment;
  const message = `${said}: ${report.message}`;
  const line = JSON.stringify({ time: clock.now().toISOString(), level: 'error', message, error: report });
  const meant = folder === undefined ? undefined : await fs.stat(folder).catch(() => undefined);
  const places = [
    ...(folder !== undefined && meant?.isDirectory() ? [folder] : []),
    join(tmpdir(), 'HaloDBIntegrator'),
  ];
  for (const place of places) {
    const path = join(place, 'logs', logFileName(clock.now()));
    try {
      await makeOwnFolder(dirname(path));
      await fs.appendFile(path, `${line}\n`, { mode: ownFile });
      return path;
    } catch {
      // The next place is tried; the error itself is on stderr in any case.
    }
  }
  return undefined;
}
