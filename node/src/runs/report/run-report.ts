import { hash } from 'node:crypto';
import { html } from 'ghtml';
import { shownText } from '../../shown-text.ts';
import type { RunRecord } from '../run-record.ts';
import { moodOfRun, summarise } from './report-summary.ts';
import type { ReportedChanges } from './run-changes.ts';
import { grouped, type ReportTimes } from './report-times.ts';
import { runDetails } from './run-details.ts';
import { summarySection } from './summary-section.ts';

/** What a report is about, beside its runs. */
export interface ReportFacts {
  /** The instance's folder. */
  readonly folder: string;
  /** How many runs are in it, and how many would fit. */
  readonly count: number;
  readonly fitting: number;
  readonly madeAt: Date;
  readonly times: ReportTimes;
  /** What a run changed; asked once, newest first. Undefined where nothing is kept of it. */
  changesOf(run: RunRecord): Promise<ReportedChanges | undefined>;
}

/** The page's own style and script, as they were built. */
export interface ReportLook {
  readonly style: string;
  readonly script: string;
}

/** Days that are open when the page is. */
const openDays = 2;
/** Behind so many runs, a day's runs are text until it is opened: a browser takes long over ten thousand. */
const readAtOnce = 1000;

/**
 * Runs as one HTML page that loads nothing: its script and its style are inside, and its own policy forbids all else. Every text
 * is escaped by the template, so that a record's name is shown and never read as HTML. Without the script it can be read, too: that
 * draws the time line, searches and filters. It comes piece by piece, since there may be a great many runs.
 *
 * @param runs the runs, newest first; asked for twice
 */
export async function* runReport(
  runs: () => Iterable<RunRecord>,
  facts: ReportFacts,
  look: ReportLook,
): AsyncGenerator<string> {
  const { folder, times } = facts;
  const ids = new Set<string>();
  const summary = summarise(noted(runs(), ids), times.dayKey);
  yield headOf(facts, look);
  yield written(
    html`<header>
        <h1>Syncs into Halo</h1>
        <p>${folder}</p>
        <p class="made">${told(facts)}</p>
      </header>
      <main>
        !${summarySection(summary, times)}
        <section aria-labelledby="runs">
          <h2 id="runs">Runs</h2>
          <form id="filter" role="search" hidden>
            <label>Search <input type="search" name="words" autocomplete="off" /></label>
            <label class="check"><input type="checkbox" name="failed" /> Only failed or with rejections</label>
            <label class="of"
              >Integration
              <select name="of">
                <option value="">all</option>
              </select></label
            >
            <output aria-live="polite"></output>
          </form>
        </section>
      </main> `,
  );
  yield* days(runs(), facts, ids);
  yield written(html`</section></main>
<footer>Times are those of ${times.zone}.</footer>
`);
  yield `<script>${look.script}</script>\n</body>\n</html>\n`;
}

function headOf({ folder }: ReportFacts, { style, script }: ReportLook): string {
  const allowed = (text: string): string => `'sha256-${hash('sha256', text, 'base64')}'`;
  const policy = `default-src 'none'; style-src ${allowed(style)}; script-src ${allowed(script)}; base-uri 'none'; form-action 'none'`;
  return `${written(html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="!${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Syncs into Halo: ${folder}</title>`)}
<style>${style}</style>
</head>
<body>
<a class="skip" href="#runs">To the runs</a>
`;
}

/** Nothing that steers a terminal stays in it; what is indented here need not be there. */
function written(text: string): string {
  return shownText(text).replaceAll(/\n\s+/g, '\n');
}

function told({ count, fitting, madeAt, times }: ReportFacts): string {
  const made = `Made ${times.moment(madeAt.toISOString())}, from ${grouped(count)} ${count === 1 ? 'run' : 'runs'}.`;
  return count < fitting
    ? `${made} These are the newest of ${grouped(fitting)}; ask for more with -Last (--last).`
    : made;
}

/** Gives the runs on, and notes which there are. */
function* noted(runs: Iterable<RunRecord>, ids: Set<string>): Generator<RunRecord> {
  for (const run of runs) {
    ids.add(run.id);
    yield run;
  }
}

/** The runs day by day, each day with what it came to. */
async function* days(runs: Iterable<RunRecord>, facts: ReportFacts, ids: ReadonlySet<string>): AsyncGenerator<string> {
  const { times } = facts;
  let [opened, told] = [0, 0];
  let day: RunRecord[] = [];
  const end = (): AsyncGenerator<string> =>
    oneDay(day, facts, { open: opened++ < openDays, unread: told > readAtOnce, ids });
  for (const run of runs) {
    const [head] = day;
    if (head && times.dayKey(head.startedAt) !== times.dayKey(run.startedAt)) {
      yield* end();
      told += day.length;
      day = [];
    }
    day.push(run);
  }
  if (day.length > 0) yield* end();
}

async function* oneDay(
  day: readonly RunRecord[],
  { times, changesOf }: ReportFacts,
  { open, unread, ids }: { readonly open: boolean; readonly unread: boolean; readonly ids: ReadonlySet<string> },
): AsyncGenerator<string> {
  const failed = day.filter((run) => moodOfRun(run) === 'bad').length;
  const entities = day.filter((run) => !run.whatIf).flatMap((run) => run.entities);
  const changed = entities.reduce((sum, one) => sum + one.created + one.updated + one.deactivated, 0);
  const rejected = entities.reduce((sum, one) => sum + one.rejected, 0);
  const said = [
    `${grouped(day.length)} ${day.length === 1 ? 'run' : 'runs'}`,
    ...(failed > 0 ? [`${grouped(failed)} failed`] : []),
    `${grouped(changed)} ${changed === 1 ? 'change' : 'changes'}`,
    ...(rejected > 0 ? [`${grouped(rejected)} rejected`] : []),
  ].join(', ');
  const title = times.day(day[0]?.startedAt ?? '');
  yield written(html`<details class="day" data-runs="${String(day.length)}"!${open ? ' open' : ''}>
    <summary><h3>${title}</h3> <span>${said}</span></summary>
`);
  if (unread) yield '<script type="text/html">\n';
  for (const run of day) yield written(runDetails(run, await changesOf(run), times, ids));
  if (unread) yield '</script>';
  yield '</details>\n';
}
