import { html } from 'ghtml';
import type { FirstChanges } from '../../changes/first-changes.ts';
import type { ShownChange, ShownField } from '../../changes/shown-change.ts';
import { cutText } from '../../shown-text.ts';
import type { RunRecord } from '../run-record.ts';
import { grouped } from './report-times.ts';

/** What a page shows of what a run changed: the first of it, or that there is more than the page has room for. */
export type ReportedChanges = FirstChanges | 'elsewhere';

/** Fields of a row that are shown, and characters of a value. */
const longest = { fields: 12, text: 80 };

/** What a run changed in Halo, row by row; '' where it changed nothing. */
export function changesOf(run: RunRecord, changes: ReportedChanges | undefined): string {
  const cmdlet = `Get-HaloSyncChange ${run.id.slice(0, 8)}`;
  if (changes === 'elsewhere')
    return html`<p class="facts">What it changed in Halo, row by row: <code>${cmdlet}</code>.</p>`;
  if (!changes || changes.changes.length === 0) {
    const some = !run.whatIf && run.entities.some((one) => one.created + one.updated + one.deactivated > 0);
    return some && run.state !== 'running'
      ? html`<p class="facts">What it changed in Halo, row by row, is not kept, or not any more.</p>`
      : '';
  }
  const several = new Set(changes.changes.map(({ connection }) => connection)).size > 1;
  return html`<details class="changes">
    <summary>${titleOf(changes, cmdlet)}</summary>
    <ul>
      !${changes.changes.map((change) => rowOf(change, several))}
    </ul>
  </details>`;
}

function titleOf({ changes, all }: FirstChanges, cmdlet: string): string {
  if (all === changes.length) return `${grouped(all)} ${all === 1 ? 'row' : 'rows'} changed in Halo`;
  const more = all === undefined ? 'many more' : `${grouped(all - changes.length)} more`;
  return `The first ${grouped(changes.length)} rows changed in Halo; ${more} are shown by ${cmdlet}`;
}

function rowOf(change: ShownChange, several: boolean): string {
  const { action, resource, table, id, name, vendorId, integration, entity, connection, fields, certain } = change;
  const more = fields.length - longest.fields;
  const told = fields.slice(0, longest.fields).map(fieldText).join(' · ');
  const doubt = certain ? '' : html`<em>The run ended while this was committed.</em>`;
  return html`<li>
    <b>${action}</b> ${resource || table} ${cut(id)}
    ${name === '' ? '' : `“${cut(name)}”`}
    <small
      >${integration} ${entity}${several ? `, connection ${connection}` : ''}${vendorId === '' ? '' : `, ${cut(vendorId)}`}</small
    >
    <span class="fields">${told}${more > 0 ? ` · and ${more} more fields` : ''}</span> !${doubt}
  </li>`;
}

function fieldText({ field, before, after }: ShownField): string {
  return before === undefined
    ? `${field}: ${valueText(after)}`
    : `${field}: ${valueText(before)} → ${valueText(after)}`;
}

function valueText(value: ShownField['after']): string {
  if (value === null || value === undefined || value === '') return 'nothing';
  return typeof value === 'object' ? `a text of ${grouped(value.length)} characters` : cut(String(value));
}

function cut(text: string): string {
  return cutText(text, longest.text);
}
