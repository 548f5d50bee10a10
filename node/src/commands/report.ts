import { resolve } from 'node:path';
import { UsageError } from '../errors/command-errors.ts';
import { ReportNotSavedError } from '../errors/run-errors.ts';
import { filterOf, runsOf } from './runs.ts';
import { textOf, type Command } from './command.ts';

/** Writes the instance's runs as an HTML page; a file of that name is replaced. */
export const report: Command = {
  name: 'report',
  async run(engine, params) {
    const { environment } = engine;
    const given = textOf(params, 'path');
    if (!given) throw new UsageError('report needs the path of the file to write.');
    const path = resolve(environment.workingFolder, given);
    const runs = await runsOf(engine, filterOf(params));
    const { runReport } = await import('../runs/run-report.ts');
    const page = runReport(runs, { folder: await engine.instanceFolder(), madeAt: environment.clock.now() });
    await environment.fs.writeFile(path, page).catch((error: unknown) => {
      throw new ReportNotSavedError(path, error);
    });
    return { data: { path, runs: runs.length }, exitCode: 0 };
  },
};
