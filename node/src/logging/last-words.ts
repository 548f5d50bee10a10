import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { SETTINGS_FILE } from '../config/settings-file.ts';
import type { Environment } from '../environment.ts';
import type { ErrorReport } from '../errors/integrator-error.ts';
import { logFileName } from './log-files.ts';

/** The folder an AUTO run was meant for: that of the settings named, whether they are there or not. */
export async function meantFolder(settings: string | undefined, environment: Environment): Promise<string> {
  if (settings === undefined || settings === '') return environment.engineFolder;
  const full = resolve(environment.workingFolder, settings);
  const found = await environment.fs.stat(full).catch(() => undefined);
  const named = basename(full).toLowerCase() === SETTINGS_FILE;
  if (named || found?.isFile()) return dirname(full);
  // Of what is not there, only a name with an ending is taken for a file.
  return found?.isDirectory() || extname(full) === '' ? full : dirname(full);
}

/**
 * One line on what kept a scheduled run from starting (or whatever `said` begins with), in the first place that takes it: the
 * instance's log, a log in the temporary folder, Windows' Event Log. Answers where it is; undefined when nothing took it.
 */
export async function writeLastWords(
  report: ErrorReport,
  folder: string,
  environment: Environment,
  said = `The scheduled sync of ${folder} did not run`,
): Promise<string | undefined> {
  const { fs, clock } = environment;
  const message = `${said}: ${report.message}`;
  const line = JSON.stringify({ time: clock.now().toISOString(), level: 'error', message, error: report });
  const meant = await fs.stat(folder).catch(() => undefined);
  const places = [...(meant?.isDirectory() ? [folder] : []), join(tmpdir(), 'HaloDBIntegrator')];
  for (const place of places) {
    const path = join(place, 'logs', logFileName(clock.now()));
    try {
      await fs.mkdir(dirname(path), { recursive: true });
      await fs.appendFile(path, `${line}\n`);
      return path;
    } catch {
      // The next place is tried; the error itself is on stderr in any case.
    }
  }
  return environment.platform === 'win32' ? eventLog(message, report, environment) : undefined;
}

function eventLog(message: string, report: ErrorReport, environment: Environment): Promise<string | undefined> {
  const program = join(environment.variables['SystemRoot'] ?? 'C:\\Windows', 'System32', 'eventcreate.exe');
  const text = `${message} Fix: ${report.advice} (${report.code})`;
  const args = ['/T', 'ERROR', '/ID', '1', '/L', 'APPLICATION', '/SO', 'Halo DB Integrator', '/D', text.slice(0, 8000)];
  return new Promise((done) => {
    execFile(program, args, { windowsHide: true }, (error) => done(error ? undefined : 'the Event Log'));
  });
}
