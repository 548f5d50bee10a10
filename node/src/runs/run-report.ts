import { create } from 'xmlbuilder2';
import { resultInWords } from '../schedule/task-results.ts';
import { shownText } from '../shown-text.ts';
import type { RunEntity, RunRecord } from './run-record.ts';

/** What a report is about, beside its runs. */
export interface ReportFacts {
  /** The instance's folder. */
  readonly folder: string;
  /** How many runs are in it, how many of them failed, and how many would fit. */
  readonly count: number;
  readonly failed: number;
  readonly fitting: number;
  readonly madeAt: Date;
}

type Element = ReturnType<typeof create>;

const style = `
  :root { color-scheme: light dark; font: 15px/1.4 system-ui, sans-serif; }
  body { margin: 2rem auto; max-width: 75rem; padding: 0 1rem; }
  table { border-collapse: collapse; width: 100%; margin-bottom: 1rem; }
  th, td { text-align: left; vertical-align: top; padding: .25rem .6rem; border-bottom: 1px solid #8884; }
  td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
  section { border-left: .3rem solid #888; padding-left: 1rem; margin: 2rem 0; }
  section.good { border-color: #2e9d57; }
  section.bad { border-color: #d1433f; }
  section.busy { border-color: #2f7fd1; }
  h2 { font-size: 1.1rem; margin: 0 0 .5rem; }
  .why { color: #d1433f; }
  @media print { body { max-width: none; } section { break-inside: avoid; } }`;

const counts = ['read', 'created', 'updated', 'unchanged', 'rejected', 'deactivated'] as const;

/**
 * Runs as one HTML page that needs nothing else: no script, no font, no picture. Every text is written by the XML library, so
 * that a record's name is shown and never read as HTML. It comes piece by piece, since there may be a great many runs.
 */
export function* runReport(runs: Iterable<RunRecord>, facts: ReportFacts): Generator<string> {
  const { folder, madeAt, count, failed, fitting } = facts;
  const head = create().ele('head');
  head.ele('meta', { charset: 'utf-8' });
  head.ele('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' });
  head.ele('title').txt(`Syncs into Halo: ${folder}`);
  head.ele('style').txt(style);
  yield `<!DOCTYPE html>\n<html lang="en">\n${written(head)}<body>\n`;
  yield written(create().ele('h1').txt('Syncs into Halo'));
  const told = `${count} ${count === 1 ? 'run' : 'runs'}, ${failed} of them not ended with exit code 0.`;
  const left = count < fitting ? ` These are the newest of ${fitting}; ask for more with -Last (--last).` : '';
  yield written(
    create()
      .ele('p')
      .txt(`${folder}. ${told}${left} Made ${moment(madeAt.toISOString())}. All times are UTC.`),
  );
  for (const run of runs) yield written(sectionOf(run));
  yield '</body>\n</html>\n';
}

/** Empty elements keep their end tag: HTML knows no other. */
function written(element: Element): string {
  return `${shownText(element.end({ headless: true, prettyPrint: true, allowEmptyTags: true }))}\n`;
}

function sectionOf(run: RunRecord): Element {
  const mood = run.state === 'running' ? 'busy' : run.exitCode === 0 ? 'good' : 'bad';
  const section = create().ele('section', { class: mood, id: run.id });
  section.ele('h2').txt(`${moment(run.startedAt)}: ${outcome(run)}`);
  const kind = run.whatIf ? 'what-if, nothing was written' : run.auto ? 'AUTO' : 'by hand';
  const settings = run.settingsFingerprint.slice(0, 12);
  section.ele('p').txt(`Run ${run.id}, ${kind}, ${run.seconds.toFixed(1)} s, on ${run.host}, settings ${settings}.`);
  if (run.error) section.ele('p', { class: 'why' }).txt(`${run.error.message} Fix: ${run.error.advice}`);
  if (run.entities.length === 0) return section;
  const table = section.ele('table');
  const head = table.ele('thead').ele('tr');
  for (const name of ['Entity', 'Connection', 'Status']) head.ele('th', { scope: 'col' }).txt(name);
  for (const name of [...counts, 'seconds']) head.ele('th', { scope: 'col', class: 'number' }).txt(capital(name));
  const rows = table.ele('tbody');
  for (const entity of run.entities) addEntity(rows, entity);
  return section;
}

function addEntity(rows: Element, entity: RunEntity): void {
  const row = rows.ele('tr');
  row.ele('th', { scope: 'row' }).txt(`${entity.integration} ${entity.entity}`);
  row.ele('td').txt(entity.connection);
  row.ele('td').txt(entity.status);
  for (const count of counts) row.ele('td', { class: 'number' }).txt(String(entity[count]));
  row.ele('td', { class: 'number' }).txt(entity.seconds.toFixed(1));
  for (const why of [
    ...(entity.error ? [`${entity.error.message} Fix: ${entity.error.advice}`] : []),
    ...(entity.note === undefined ? [] : [entity.note]),
    ...entity.rejections.map(({ record, reason }) => `${record}: ${reason}`),
  ])
    rows
      .ele('tr')
      .ele('td', { class: 'why', colspan: String(counts.length + 4) })
      .txt(why);
}

function outcome(run: RunRecord): string {
  if (run.exitCode !== undefined) return resultInWords(run.exitCode);
  return run.state === 'running' ? 'at work' : 'its process is gone without a word';
}

const moment = (iso: string): string => iso.slice(0, 19).replace('T', ' ');
const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
