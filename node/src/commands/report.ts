import { resolve } from 'node:path';
import { UsageError } from '../errors/command-errors.ts';
import { ReportNotSavedError } from '../errors/run-errors.ts';
import { filterOf, filterShape, runsOf } from './runs.ts';
import { command } from './command.ts';

/** Writes the instance's runs as an HTML page; a file of that name is replaced. */
export const report = command('report', { ...filterShape, path: 'text' }, async (engine, params) => {
  const { environment } = engine;
  if (!params.path) throw new UsageError('report needs the path of the file to write.');
  const path = resolve(environment.workingFolder, params.path);
  const runs = await runsOf(engine, filterOf(params, environment.clock.now()));
  const { runReport } = await import('../runs/run-report.ts');
  const page = runReport(runs, { folder: await engine.instanceFolder(), madeAt: environment.clock.now() });
  await environment.fs.writeFile(path, page).catch((error: unknown) => {
    throw new ReportNotSavedError(path, error);
  });
  return { data: { path, runs: runs.length }, exitCode: 0 };
});
