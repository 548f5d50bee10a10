import { html } from 'ghtml';
import { resultInWords } from '../../schedule/task-results.ts';
import type { RunEntity, RunRecord } from '../run-record.ts';
import { moodOfEntity, moodOfRun, type Mood } from './report-summary.ts';
import { changesOf, type ReportedChanges } from './run-changes.ts';
import { duration, grouped, type ReportTimes } from './report-times.ts';

const signs: Readonly<Record<Mood, string>> = { good: '✓', warn: '!', bad: '✕', busy: '…', off: '–' };
const counts = ['created', 'updated', 'deactivated', 'rejected', 'unchanged', 'read'] as const;
const statuses: Partial<Record<RunEntity['status'], string>> = {
  'succeeded-with-rejections': 'with rejections',
  'already-running': 'ran elsewhere',
  running: 'at work',
};

/**
 * A run as one line that opens to its entities, with what failed, what was rejected and what changed.
 * @param ids the runs that are on the page, to which a link leads
 */
export function runDetails(
  run: RunRecord,
  changes: ReportedChanges | undefined,
  times: ReportTimes,
  ids: ReadonlySet<string>,
): string {
  const mood = moodOfRun(run);
  const integrations = [...new Set(run.entities.map((one) => one.integration))].join('|');
  return html`<details class="run ${mood}" id="run-${run.id}" data-of="${integrations}">
    <summary>
      <time datetime="${run.startedAt}">${times.time(run.startedAt)}</time>!${label(mood, outcomeOf(run))}
      <span class="what">!${run.undoneBy === undefined ? '' : html`<b class="undone">undone</b> `}${digestOf(run)}</span><span class="took">${duration(run.seconds)}</span>
    </summary>
    !${undoingOf(run, ids)}
    <p class="facts">${factsOf(run)}</p>
    !${whyOf(run)}!${run.entities.length > 0 ? entityTable(run.entities) : ''}!${changesOf(run, changes)}
  </details>
`;
}

/** A mood as a sign and words, so that nobody needs its colour. */
export function label(mood: Mood, words: string): string {
  return html`<span class="label ${mood}"><span aria-hidden="true">${signs[mood]}</span> ${words}</span>`;
}

/** Which run this one undid, and which undid it. */
function undoingOf({ undoes, undoneBy }: RunRecord, ids: ReadonlySet<string>): string {
  const linked = (id: string): string =>
    ids.has(id) ? html`<a href="#run-${id}">the run ${id.slice(0, 8)}</a>` : html`the run ${id.slice(0, 8)}`;
  const said = [
    ...(undoes === undefined ? [] : [`It undid ${linked(undoes)}.`]),
    ...(undoneBy === undefined ? [] : [`It was undone by ${linked(undoneBy)}.`]),
  ];
  return said.length > 0 ? html`<p class="note">!${said.join(' ')}</p>` : '';
}

function outcomeOf(run: RunRecord): string {
  if (run.state === 'running') return 'at work';
  if (run.exitCode === undefined) return 'broken off';
  if (run.exitCode === 0) return run.whatIf ? 'looked only' : run.undoes === undefined ? 'done' : 'undoing';
  if (run.exitCode === 5)
    return run.entities.some((one) => one.status === 'failed') ? 'partly failed' : 'with rejections';
  if (run.exitCode === 4) return 'ran elsewhere';
  if (run.exitCode === 6) return 'time limit';
  return run.exitCode === 130 ? 'cancelled' : 'failed';
}

/** What a run came to, in a line. */
function digestOf(run: RunRecord): string {
  if (run.error) return run.error.message;
  if (run.undoes !== undefined) return undoDigest(run);
  if (run.entities.length === 0) return 'Nothing to do';
  const parts = run.entities.flatMap((one) => {
    const said = [
      ...(one.status === 'failed' ? ['failed'] : []),
      ...(['created', 'updated', 'deactivated', 'rejected'] as const).flatMap((count) =>
        one[count] > 0 ? [`${grouped(one[count])} ${count}`] : [],
      ),
    ];
    return said.length > 0 ? [`${one.integration} ${one.entity}: ${said.join(', ')}`] : [];
  });
  return parts.length > 0
    ? parts.join(' · ')
    : `Nothing changed in ${run.entities.map((one) => one.entity).join(', ')}`;
}

function undoDigest({ entities, undoes = '' }: RunRecord): string {
  const sum = (count: 'updated' | 'deactivated' | 'unchanged'): number =>
    entities.reduce((all, one) => all + one[count], 0);
  const rows = [
    `${grouped(sum('updated'))} put back`,
    `${grouped(sum('deactivated'))} set inactive`,
    `${grouped(sum('unchanged'))} left alone`,
  ];
  return `Undoes ${undoes.slice(0, 8)}: ${rows.join(', ')}`;
}

function factsOf(run: RunRecord): string {
  const kind = run.whatIf ? 'What-if: nothing was written' : run.auto ? 'AUTO' : 'By hand';
  const outcome = run.exitCode === undefined ? '' : ` Exit code ${run.exitCode}: ${resultInWords(run.exitCode)}.`;
  const gone = run.state === 'interrupted' ? ' Its process ended without a word: killed, or the machine stopped.' : '';
  return `${kind}, on ${run.host}, run ${run.id}, settings ${run.settingsFingerprint.slice(0, 12)}.${outcome}${gone}`;
}

function whyOf({ error }: RunRecord): string {
  return error ? html`<p class="why"><strong>${error.message}</strong> Fix: ${error.advice} (${error.code})</p>` : '';
}

function entityTable(entities: readonly RunEntity[]): string {
  const connections = new Set(entities.map((one) => one.connection));
  const named = connections.size > 1 || entities.some((one) => one.connection !== one.integration);
  return html`<table>
    <thead>
      <tr>
        <th scope="col">Entity</th>
        <th scope="col">Outcome</th>
        !${counts.map((count) => html`<th scope="col" class="n">${capital(count)}</th>`)}
        <th scope="col" class="n">Took</th>
      </tr>
    </thead>
    <tbody>
      !${entities.map((one) => entityRows(one, named))}
    </tbody>
  </table>`;
}

function entityRows(one: RunEntity, named: boolean): string {
  const connection = named && one.connection ? html` <small>${one.connection}</small>` : '';
  const outcome = label(moodOfEntity(one), statuses[one.status] ?? one.status);
  const numbers = counts.map(
    (count) => html`<td class="n!${one[count] === 0 ? ' zero' : ''}">${grouped(one[count])}</td>`,
  );
  return html`<tr>
      <th scope="row">${one.integration} ${one.entity}!${connection}</th>
      <td>!${outcome}</td>
      !${numbers}
      <td class="n">${duration(one.seconds)}</td>
    </tr>
    !${sayings(one)}`;
}

/** What is to be said of an entity, below it: why it failed, what was left undone, what was rejected. */
function sayings({ error, note, rejected, rejections }: RunEntity): string {
  const said = [
    ...(error ? [html`<p class="why"><strong>${error.message}</strong> Fix: ${error.advice} (${error.code})</p>`] : []),
    ...(note === undefined ? [] : [html`<p class="note">${note}</p>`]),
    ...(rejections.length === 0 ? [] : [rejectionList(rejected, rejections)]),
  ];
  return said.length > 0
    ? html`<tr class="said">
        <td colspan="9">!${said}</td>
      </tr>`
    : '';
}

function rejectionList(rejected: number, rejections: RunEntity['rejections']): string {
  const title =
    rejected > rejections.length
      ? `${grouped(rejected)} rejected; the first ${rejections.length} are here, all of them in the log of this run`
      : `${grouped(rejections.length)} rejected`;
  return html`<details class="rejections">
    <summary>${title}</summary>
    <ul>
      !${rejections.map(({ record, reason }) => html`<li><b>${record}</b>: ${reason}</li>`)}
    </ul>
  </details>`;
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
