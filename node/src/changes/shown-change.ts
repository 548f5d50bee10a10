import { resources } from '../halo-api/resources/index.ts';
import type { ChangeLine, KeptRow, KeptValue } from './change-file.ts';
import type { ChangeBatch } from './read-changes.ts';

/** A column that changed, by its name in Halo's published API where it has one there. */
export interface ShownField {
  readonly field: string;
  readonly before: KeptValue | undefined;
  readonly after: KeptValue | undefined;
}

/** A change as it is shown. */
export interface ShownChange {
  readonly runId: string;
  readonly time: string;
  readonly integration: string;
  readonly connection: string;
  readonly entity: string;
  readonly resource: string;
  readonly table: string;
  readonly action: 'created' | 'updated' | 'deactivated';
  readonly id: string;
  readonly name: string;
  readonly vendorId: string;
  readonly fields: readonly ShownField[];
  readonly reason: string;
  /** False where a process ended, or a connection broke, while it was committed. */
  readonly certain: boolean;
}

const byTable = new Map([...resources.values()].map((one) => [one.table.toLowerCase(), one]));

/** The resource of a table. */
export function resourceOf(table: string) {
  return byTable.get(table.toLowerCase());
}

/** A change with the words an administrator knows. */
export function shownChange(
  change: ChangeLine,
  { run, at, certain, ...batch }: Omit<ChangeBatch, 'changes'>,
): ShownChange {
  return { ...aboutChange(change), ...batch, runId: run, time: at, certain, reason: reasonOf(change) };
}

/** What a change is of, and what it changes. */
export function aboutChange(
  change: ChangeLine,
): Omit<ShownChange, keyof Omit<ChangeBatch, 'changes'> | 'runId' | 'time' | 'reason'> {
  const { table, key, before, after, name = '', vendorId = '' } = change;
  const resource = resourceOf(table);
  const inactive = resource?.inactive;
  const ends = inactive !== undefined && change.action === 'updated' && after[inactive.column] === inactive.value;
  return {
    resource: resource?.name ?? '',
    table,
    action: ends ? 'deactivated' : change.action,
    id: keyText(key),
    name,
    vendorId,
    fields: Object.keys(after).map((column) => ({
      field: fieldOf(table, column),
      before: before?.[column],
      after: after[column],
    })),
  };
}

/** Name of a column in Halo's published API, else its own. */
export function fieldOf(table: string, column: string): string {
  const field = resourceOf(table)?.fields.find((one) => one.column === column);
  return field && !field.unpublished ? field.json : column;
}

/** One number as it is, several columns by their names. */
export function keyText(key: KeptRow): string {
  const entries = Object.entries(key);
  const [first] = entries;
  return entries.length === 1 && first
    ? String(first[1])
    : entries.map(([name, value]) => `${name}=${String(value)}`).join(' ');
}

function reasonOf({ cause, action, table }: ChangeLine): string {
  if (cause === 'missing') return 'the vendor has it no longer';
  if (cause === 'undo') return 'a run was undone';
  if (!resourceOf(table)) return 'it belongs to a record that was written';
  return action === 'created' ? 'the vendor has it, and Halo had not' : 'the vendor has it otherwise';
}
