import { resolve } from 'node:path';
import { DiagnosticNotSavedError } from '../errors/run-errors.ts';
import { ownFile } from '../own-files.ts';
import { version } from '../version.ts';
import { command } from './command.ts';

/**
 * Looks in Halo's database at codes that are not public: what was found as objects, and with a path also as a text without personal
 * data, to be sent. A file of that name is not replaced. Reads only.
 */
export const diagnose = command('diagnose', { path: 'text' }, async (engine, { path }, _output, signal) => {
  const [{ lookInHalo, findingsText }, parts] = await Promise.all([
    import('../diagnostic/look-in-halo.ts'),
    engine.readingParts([]),
  ]);
  const { environment, secrets } = engine;
  const server = await parts.database.connect(signal);
  const findings = secrets.mask(await lookInHalo(parts.database, signal));
  if (path === undefined) return { data: { findings }, exitCode: 0 };
  const file = resolve(environment.workingFolder, path);
  const text = findingsText(findings, {
    'Halo DB Integrator': version,
    Database: server,
    'Looked at': environment.clock.now().toISOString(),
  });
  await environment.fs.writeFile(file, text, { mode: ownFile, flag: 'wx' }).catch((error: unknown) => {
    throw new DiagnosticNotSavedError(file, error);
  });
  return { data: { findings, path: file }, exitCode: 0 };
});
