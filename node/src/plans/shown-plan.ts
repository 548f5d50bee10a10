import type { ChangeLine, KeptRow, KeptValue } from '../changes/change-file.ts';
import { aboutChange, resourceOf, type ShownChange, type ShownField } from '../changes/shown-change.ts';
import { isProvisional, ordinalOf } from '../database/what-if/provisional-keys.ts';
import type { RejectedRecord } from '../integrations/rejected-record.ts';
import type { PlannedPart } from './plan-file.ts';

/** A planned change as it is shown: as one that was made, but for its words. */
export interface ShownPlan extends Omit<ShownChange, 'runId' | 'time' | 'certain' | 'action'> {
  readonly action: 'create' | 'update' | 'move' | 'deactivate' | 'reject';
}

/** Fields that say where a record belongs: where one of them changes, it moves. */
const places = new Set(['client_id', 'site_id']);

const actions = { created: 'create', updated: 'update', deactivated: 'deactivate' } as const;

/** A planned change with the words an administrator knows; a row that is still to be made has a number of its own: "new 3". */
export function shownPlan(line: ChangeLine, part: PlannedPart): ShownPlan {
  const { action, fields, ...about } = aboutChange(line);
  const moves = action === 'updated' && fields.some(({ field, before }) => places.has(field) && before !== 0);
  return {
    ...part,
    ...about,
    action: moves ? 'move' : actions[action],
    id: keyShown(line.key),
    fields: fields.filter(({ after }) => line.action === 'updated' || after !== null).map(fieldShown),
    reason: reasonOf(line, moves),
  };
}

/** A record that would be set aside. */
export function shownRejection({ record, reason }: RejectedRecord, part: PlannedPart, resource: string): ShownPlan {
  const named = /^(?<name>.*?) ?\((?<id>[^()]*)\)$/s.exec(record)?.groups;
  return {
    ...part,
    action: 'reject',
    resource,
    table: '',
    id: '',
    name: named ? (named['name'] ?? '') : record,
    vendorId: named?.['id'] ?? '',
    fields: [],
    reason,
  };
}

function fieldShown({ field, before, after }: ShownField): ShownField {
  return {
    field,
    before: before === undefined ? undefined : shown(before),
    after: after === undefined ? undefined : shown(after),
  };
}

function shown(value: KeptValue): KeptValue {
  return isProvisional(value) ? `new ${ordinalOf(value)}` : value;
}

function keyShown(key: KeptRow): string {
  const entries = Object.entries(key);
  const [first] = entries;
  if (entries.length === 1 && first) return String(shown(first[1]));
  return entries.map(([name, value]) => `${name}=${String(shown(value))}`).join(' ');
}

function reasonOf({ cause, action, table }: ChangeLine, moves: boolean): string {
  if (cause === 'missing') return 'the vendor has it no longer';
  if (!resourceOf(table)) return 'it belongs to a record that is written';
  if (action === 'created') return 'the vendor has it, and Halo has not';
  return moves ? 'the vendor has it elsewhere' : 'the vendor has it otherwise';
}
