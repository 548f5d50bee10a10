import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { dirname, extname, join, resolve } from 'node:path';
import type { Environment } from '../environment.ts';
import type { ErrorReport } from '../errors/integrator-error.ts';
import { logFileName } from './log.ts';

/** The folder an AUTO run was meant for: that of the settings named, whether they are there or not. */
export function meantFolder(settings: string | undefined, environment: Environment): string {
  if (settings === undefined || settings === '') return environment.engineFolder;
  const full = resolve(environment.workingFolder, settings);
  return extname(full) === '' ? full : dirname(full);
}

/**
 * One line on why a scheduled run did not start, in the first place that takes it: the instance's log, a log in the
 * temporary folder, Windows' Event Log. Answers where it is; undefined when nothing took it.
 */
export async function writeLastWords(
  report: ErrorReport,
  folder: string,
  environment: Environment,
  temporary: string = tmpdir(),
): Promise<string | undefined> {
  const { fs, clock } = environment;
  const line = JSON.stringify({
    time: clock.now().toISOString(),
    level: 'error',
    message: `The scheduled sync of ${folder} did not run: ${report.message}`,
    error: report,
  });
  const meant = await fs.stat(folder).catch(() => undefined);
  const places = [...(meant?.isDirectory() ? [folder] : []), join(temporary, 'HaloDBIntegrator')];
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
  return environment.platform === 'win32' ? eventLog(report, folder, environment) : undefined;
}

function eventLog(report: ErrorReport, folder: string, environment: Environment): Promise<string | undefined> {
  const program = join(environment.variables['SystemRoot'] ?? 'C:\\Windows', 'System32', 'eventcreate.exe');
  const said = `The scheduled sync of ${folder} did not run: ${report.message} Fix: ${report.advice} (${report.code})`;
  const args = ['/T', 'ERROR', '/ID', '1', '/L', 'APPLICATION', '/SO', 'Halo DB Integrator', '/D', said.slice(0, 8000)];
  return new Promise((done) => {
    execFile(program, args, { windowsHide: true }, (error) => done(error ? undefined : 'the Event Log'));
  });
}
