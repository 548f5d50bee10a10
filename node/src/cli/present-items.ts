import type { KeptValue } from '../changes/change-file.ts';
import type { ShownRejection } from '../commands/rejections.ts';
import type { ShownPlan } from '../plans/shown-plan.ts';
import type { ShownUndo } from '../sync/undo-run.ts';
import type { ShownChange, ShownField } from '../changes/shown-change.ts';

/** The commands whose whole answer is given object by object. */
const commandsWithItems = new Set(['changes', 'undo', 'rejections']);

/** Whether a command gives its answer object by object. */
export function givesItems(command: string): boolean {
  return commandsWithItems.has(command);
}

/** One object of a long list, for a person. */
export function presentItem(command: string, item: unknown): string {
  if (command === 'rejections') return rejectionLine(item as ShownRejection);
  if (command === 'undo') return undoLine(item as ShownUndo);
  return changeLine(item as ShownChange | ShownPlan);
}

function rejectionLine({
  source,
  integration,
  entity,
  record,
  vendorId,
  reason,
  since,
  last,
  runId,
  runs,
}: ShownRejection): string {
  const which = [record && `"${record}"`, vendorId && `(${vendorId})`].filter(Boolean).join(' ');
  const often =
    runId === undefined
      ? `, last ${minute(last)}`
      : `, ${runs} ${runs === 1 ? 'run' : 'runs'}, last ${minute(last)} (${runId.slice(0, 8)})`;
  const said = source === 'halo' ? ", says Halo's own table" : '';
  return `${integration} ${entity} ${which}: ${reason.replace(/\.$/, '')}${said} - since ${minute(since)}${often}`;
}

function minute(at: string): string {
  return at.replace('T', ' ').replace(/:\d\d\.\d+Z$/, 'Z');
}

function changeLine(change: ShownChange | ShownPlan): string {
  const { action, resource, table, id, name, vendorId, fields, reason } = change;
  const which = [name && `"${name}"`, vendorId && `(${vendorId})`].filter(Boolean).join(' ');
  const doubt = 'certain' in change && !change.certain ? ' [the run ended while this was committed]' : '';
  const row = [action, resource || table, id, which].filter(Boolean).join(' ');
  const what = [fields.map(fieldText).join(', '), reason].filter(Boolean).join(' - ');
  return `${row}: ${what}${doubt}`;
}

function undoLine({ outcome, resource, table, id, name, vendorId, fields, reason }: ShownUndo): string {
  const which = [name && `"${name}"`, vendorId && `(${vendorId})`].filter(Boolean).join(' ');
  const what = [fields.map(fieldText).join(', '), reason].filter(Boolean).join(' - ');
  return `${outcome}: ${resource || table} ${id} ${which}: ${what}`;
}

function fieldText({ field, before, after }: ShownField): string {
  return before === undefined ? `${field} ${text(after)}` : `${field} ${text(before)} -> ${text(after)}`;
}

function text(value: KeptValue | undefined): string {
  return value === null || value === undefined ? 'nothing' : JSON.stringify(value);
}
