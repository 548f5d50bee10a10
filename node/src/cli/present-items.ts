import type { KeptValue } from '../changes/change-file.ts';
import type { ShownUndo } from '../sync/undo-run.ts';
import type { ShownChange, ShownField } from '../changes/shown-change.ts';

/** The commands whose answer is given object by object. */
const commandsWithItems = new Set(['changes', 'undo']);

/** Whether a command gives its answer object by object. */
export function givesItems(command: string): boolean {
  return commandsWithItems.has(command);
}

/** One object of a long list, for a person. */
export function presentItem(command: string, item: unknown): string {
  return command === 'undo' ? undoLine(item as ShownUndo) : changeLine(item as ShownChange);
}

function changeLine(change: ShownChange): string {
  const { action, resource, table, id, name, vendorId, fields, reason, certain } = change;
  const which = [name && `"${name}"`, vendorId && `(${vendorId})`].filter(Boolean).join(' ');
  const doubt = certain ? '' : ' [the run ended while this was committed]';
  return `${action} ${resource || table} ${id} ${which}: ${fields.map(fieldText).join(', ')} - ${reason}${doubt}`;
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
