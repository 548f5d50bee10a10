import { extname, join, resolve } from 'node:path';
import { changesFile } from '../changes/change-file.ts';
import { firstChanges } from '../changes/first-changes.ts';
import type { Environment } from '../environment.ts';
import { UsageError } from '../errors/command-errors.ts';
import { IntegratorError } from '../errors/integrator-error.ts';
import { ReportNotSavedError } from '../errors/run-errors.ts';
import { countRuns, eachRun } from '../runs/find-runs.ts';
import type { ReportFacts, ReportLook } from '../runs/report/run-report.ts';
import type { RunRecord } from '../runs/run-record.ts';
import { ownFile } from '../own-files.ts';
import { RunStore } from '../runs/run-store.ts';
import type { KnownSecrets } from '../secrets/known-secrets.ts';
import { command } from './command.ts';
import type { Engine } from './engine.ts';
import { filterOf, filterShape } from './runs.ts';

/** A page of more is hard to read; who wants it says so. */
const usualLast = 1000;

/** What an earlier release, or other settings, may have let into the record. */
function* masked(runs: Iterable<RunRecord>, secrets: KnownSecrets): Generator<RunRecord> {
  for (const run of runs) yield secrets.mask(run);
}

/** Rows of changes that a page shows of one run, and in all: who wants more has Get-HaloSyncChange. */
const changesShown = { ofRun: 50, inAll: 5000 };

/** What runs changed, the newest first, as far as the page has room for it. */
function changesForPage(engine: Engine, folder: string): ReportFacts['changesOf'] {
  const { fs } = engine.environment;
  let room = changesShown.inAll;
  return async ({ id, whatIf }) => {
    if (whatIf) return undefined;
    if (room <= 0) return (await fs.stat(changesFile(folder, id)).catch(() => undefined)) && 'elsewhere';
    const first = await firstChanges(folder, id, Math.min(changesShown.ofRun, room), { fs });
    room -= first?.changes.length ?? 0;
    return first && engine.secrets.mask(first);
  };
}

/** Writes the instance's runs as an HTML page; a page of that name is replaced. */
export const report = command('report', { ...filterShape, path: 'text' }, async (engine, params) => {
  const { clock, fs, hostName, workingFolder } = engine.environment;
  if (!params.path) throw new UsageError('report needs the path of the file to write.');
  const path = resolve(workingFolder, params.path);
  // A slip in the name must not cost a file of another kind, such as the settings.
  if (!/^\.html?$/i.test(extname(path)))
    throw new UsageError(
      `The page is written to a file that ends in .html or .htm, not to ${path}.`,
      'Name such a file.',
    );
  const folder = await engine.instanceFolder();
  const now = clock.now();
  const filter = { last: usualLast, ...filterOf(params, now) };
  using store = RunStore.openExisting(folder);
  const all = store ? countRuns(store, filter, now, hostName) : 0;
  const count = Math.min(all, filter.last);
  const runs = (): Iterable<RunRecord> =>
    store ? masked(eachRun(store, { ...filter, last: count }, now, hostName), engine.secrets) : [];
  const [{ runReport }, { reportTimes }, look] = await Promise.all([
    import('../runs/report/run-report.ts'),
    import('../runs/report/report-times.ts'),
    lookOf(engine.environment),
    engine.knowSecrets(),
  ]);
  const changesOf = changesForPage(engine, folder);
  const page = runReport(runs, { folder, madeAt: now, count, fitting: all, times: reportTimes(), changesOf }, look);
  await fs.writeFile(path, page, { mode: ownFile }).catch((error: unknown) => {
    throw error instanceof IntegratorError ? error : new ReportNotSavedError(path, error);
  });
  return { data: { path, runs: count, fitting: all }, exitCode: 0 };
});

/** The page's style and script lie beside the engine, where they were built. */
async function lookOf({ fs, engineFolder }: Environment): Promise<ReportLook> {
  const read = (name: string): Promise<string> => fs.readFile(join(engineFolder, 'node', 'dist', name), 'utf8');
  const [script, style] = await Promise.all([read('report-page.js'), read('report-style.css')]);
  return { script: script.trim(), style: style.trim() };
}
