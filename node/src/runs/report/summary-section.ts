import { html } from 'ghtml';
import type { ReportSummary, EntityState } from './report-summary.ts';
import { moodOfRun } from './report-summary.ts';
import { duration, grouped, type ReportTimes } from './report-times.ts';
import { label } from './run-details.ts';

/** What a page of runs says first: how it stands, what fails since when, what changed, and the time line. */
export function summarySection(summary: ReportSummary, times: ReportTimes): string {
  if (!summary.last) return html`<p class="empty">There is no run in this instance yet.</p>`;
  return html`<section aria-labelledby="stand">
      <h2 id="stand">How it stands</h2>
      <div class="cards">!${cards(summary, times)}</div>
      !${entityList(summary.entities, times)}
    </section>
    !${timeLine(summary, times)}`;
}

function cards(summary: ReportSummary, times: ReportTimes): string {
  const { last, entities, changes } = summary;
  const failing = entities.filter((one) => one.mood === 'bad').length;
  const rejecting = entities.filter((one) => one.mood === 'warn').length;
  const state =
    failing > 0
      ? card('bad', `${failing} of ${entities.length}`, 'entities failing')
      : rejecting > 0
        ? card('warn', `${rejecting} of ${entities.length}`, 'with rejected records')
        : card('good', entities.length === 0 ? '–' : 'All well', `${entities.length} entities at their last run`);
  const ended = last ? card(moodOfRun(last), times.moment(last.startedAt), `last run, ${duration(last.seconds)}`) : '';
  const changed = changes.created + changes.updated + changes.deactivated;
  const words = `created ${grouped(changes.created)}, updated ${grouped(changes.updated)}, set inactive ${grouped(changes.deactivated)}`;
  const failed = card(
    summary.failedRuns > 0 ? 'bad' : 'good',
    `${grouped(summary.failedRuns)} of ${grouped(summary.runs)}`,
    'runs failed',
  );
  return [state, ended, card('off', grouped(changed), `changes in Halo: ${words}`), failed].join('\n');
}

function card(mood: string, figure: string, words: string): string {
  return html`<div class="card ${mood}"><b>${figure}</b><span>${words}</span></div>`;
}

function entityList(entities: readonly EntityState[], times: ReportTimes): string {
  const lines = entities.map((one) => {
    const since =
      one.failingSince === undefined
        ? ''
        : `fails since ${times.moment(one.failingSince)}${one.failures > 1 ? `, ${grouped(one.failures)} runs in a row` : ''}`;
    const words = { good: 'well', warn: 'with rejections', bad: since, busy: 'at work', off: 'stopped' }[one.mood];
    const said = one.words === undefined ? '' : html`<span class="words">${one.words}</span>`;
    return html`<li data-of="${one.integration}">
      <span class="name">${one.name}</span>!${label(one.mood, words)}
      <a href="#run-${one.lastRunId}">last run ${times.moment(one.lastRun)}</a>!${said}
    </li>`;
  });
  return html`<ul class="entities">
    !${lines}
  </ul>`;
}

function timeLine({ timeline, perHour }: ReportSummary, times: ReportTimes): string {
  const unit = perHour ? 'hour' : 'day';
  // Days stand equally far apart, whenever their last run was.
  const placeOf = (at: string): number => Date.parse(perHour ? at : `${times.dayKey(at)}T12:00:00Z`);
  const when = (at: string): string => (perHour ? times.moment(at) : times.day(at));
  // The chart is drawn from these rows by the page's own script; who cannot see it reads them.
  const rows = timeline.map(
    (one) =>
      html`<tr data-at="${String(placeOf(one.at) / 1000)}">
        <th scope="row">${when(one.at)}</th>
        <td>${one.runs}</td>
        <td>${one.failed}</td>
        <td>${one.created}</td>
        <td>${one.updated}</td>
        <td>${one.deactivated}</td>
        <td>${one.rejected}</td>
      </tr> `,
  );
  return html`<section aria-labelledby="line">
    <h2 id="line">Changes per ${unit}</h2>
    <div id="chart" data-zone="${times.zone}" data-unit="${unit}" aria-hidden="true"></div>
    <details class="figures">
      <summary>The same in figures</summary>
      <table id="timeline">
        <thead>
          <tr>
            <th scope="col">${unit === 'hour' ? 'Hour' : 'Day'}</th>
            <th scope="col">Runs</th>
            <th scope="col">Failed</th>
            <th scope="col">Created</th>
            <th scope="col">Updated</th>
            <th scope="col">Set inactive</th>
            <th scope="col">Rejected</th>
          </tr>
        </thead>
        <tbody>
          !${rows}
        </tbody>
      </table>
    </details>
  </section>`;
}
