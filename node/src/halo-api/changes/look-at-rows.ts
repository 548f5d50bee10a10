import type { ActualTable, Row, Transaction, Value } from '../../database/database.ts';
import type { UpsertRequest } from '../../database/upsert.ts';
import { isSameValue, type KeptRow, type KeptValue } from './changes.ts';
import { resources } from '../resources/index.ts';
import type { Resource } from '../resources/resource.ts';

/** A row that a run made or changed, as its changes were kept. */
export interface RowToUndo {
  readonly table: string;
  readonly action: 'created' | 'updated';
  readonly key: KeptRow;
  readonly before?: KeptRow;
  readonly after: KeptRow;
}

/** What a row that a run made holds afterwards, in tables without a switch that says inactive. */
const emptied: Readonly<Record<string, Row>> = {
  DeviceApplications: { DADID: 0, dauserid: 0, DACount: 0, DADesc: '', DAVersion: null },
  ADDRESSSTORE: { ASInActive: true },
  INFO: { idata: null },
};
const never = 'rows of Halo are never deleted, and this one has nothing that says inactive';
const mail = 'what a mail became is not undone';
/** Tables that are left as they are, and why. */
const leftAlone: Readonly<Record<string, string>> = { FAULTS: mail, ACTIONS: mail, ATTACHMENT: mail };

/** What there is of a row that is to be undone. */
export interface Looked {
  readonly row: RowToUndo;
  /** Columns as they are. */
  readonly from: Row;
  readonly to: Row;
  readonly reason: string;
}

/** The columns whose values were kept whole, so that they can be compared. */
export function wholeColumns({ after, before }: RowToUndo): string[] {
  const isWhole = (value: KeptValue | undefined): boolean => typeof value !== 'object' || value === null;
  return Object.keys(after).filter((name) => isWhole(after[name]) && isWhole(before?.[name]));
}

/** What there is of rows, and what they are to hold. */
export async function lookAtRows(
  transaction: Transaction,
  rows: readonly RowToUndo[],
  table: ActualTable | undefined,
): Promise<readonly Looked[]> {
  const [first] = rows as [RowToUndo];
  const left = (reason: string): Looked[] => rows.map((row) => ({ row, from: {}, to: {}, reason }));
  const known = leftAlone[first.table];
  if (known !== undefined || !table) return left(known ?? `Halo has no table ${first.table}`);
  const undone = first.action === 'created' ? undoneOf(first.table) : undefined;
  if (first.action === 'created' && !undone)
    return left(
      first.table === 'ExternalLink' ? 'a link is never taken away: the next sync would make it again' : never,
    );
  const columns = wholeColumns(first).filter((name) => table.columns.has(name));
  if (columns.length === 0) return left('its values are too long to have been kept');
  const there = await differing(transaction, rows, columns, table);
  return rows.map((row, at): Looked => {
    const now = there[at];
    if (now === 'gone') return { row, from: {}, to: {}, reason: 'it is gone' };
    const changed = columns.filter((name) => now && !isSameValue(now[name], valueIn(table, name, row.after[name])));
    if (undone && changed.length > 0)
      return { row, from: {}, to: {}, reason: `it was changed since: ${changed.join(', ')}` };
    if (undone) return { row, from: {}, to: undone, reason: '' };
    const still = columns.filter((name) => !changed.includes(name));
    const only = (values: KeptRow | undefined): Row =>
      Object.fromEntries(still.map((name) => [name, valueIn(table, name, values?.[name])]));
    const isBack = changed.every((name) => isSameValue(now?.[name], valueIn(table, name, row.before?.[name])));
    const since = isBack ? 'it is as it was before the run' : 'it was changed since';
    return {
      row,
      from: only(row.after),
      to: only(row.before),
      reason: changed.length === 0 ? '' : `${since}: ${changed.join(', ')}`,
    };
  });
}

/** What a made row of a table is to hold; undefined where there is nothing that says inactive. */
function undoneOf(table: string): Row | undefined {
  const inactive = resourceOf(table)?.inactive;
  return emptied[table] ?? (inactive && { [inactive.column]: inactive.value });
}

/** The resource of a table. */
export function resourceOf(table: string): Resource | undefined {
  return [...resources.values()].find((one) => one.table === table);
}

/** For each row what differs from its `after`; undefined where nothing does. */
export async function differing(
  transaction: Transaction,
  rows: readonly Pick<RowToUndo, 'key' | 'after'>[],
  columns: readonly string[],
  table: ActualTable,
): Promise<readonly (Row | undefined | 'gone')[]> {
  const known = Object.keys(rows[0]?.key ?? {});
  if (known.length > 1) {
    const { created, updated } = await transaction.put({
      table: table.name,
      known,
      columns,
      rows: rows.map(({ key, after }) => [...valuesIn(table, known, key), ...valuesIn(table, columns, after)]),
      whatIf: true,
    });
    const found: (Row | undefined | 'gone')[] = rows.map(() => undefined);
    for (const place of created) found[place] = 'gone';
    for (const { place, before } of updated)
      found[place] = Object.fromEntries(columns.map((name, at) => [name, before[at] ?? null]));
    return found;
  }
  const outcome = await transaction.upsert({
    ...requestOf(table, known[0] ?? '', columns),
    rows: rows.map(({ key, after }) => ({ key: Number(Object.values(key)[0]), values: rowIn(table, columns, after) })),
    tellOld: true,
    whatIf: true,
  });
  return outcome.rows.map((one) => {
    if (one.outcome === 'updated') return one.old ?? {};
    return one.outcome === 'unchanged' ? undefined : 'gone';
  });
}

/** Rows that are known by one number, and are to be there. */
export function requestOf(table: ActualTable, key: string, columns: readonly string[]): Omit<UpsertRequest, 'rows'> {
  return {
    table: table.name,
    key: { column: key, kind: 'allocate' },
    columns,
    match: [{ by: 'key' }],
    onInsert: {},
    stamps: {},
    updateOnly: true,
  };
}

/** The same as a row. */
export function rowIn(table: ActualTable, columns: readonly string[], kept: KeptRow): Row {
  return Object.fromEntries(columns.map((name) => [name, valueIn(table, name, kept[name])]));
}

/** Kept values as the columns hold them. */
export function valuesIn(table: ActualTable, columns: readonly string[], kept: KeptRow): Value[] {
  return columns.map((name) => valueIn(table, name, kept[name]));
}

/** A kept value as the column holds it. */
export function valueIn(table: ActualTable, column: string, kept: KeptValue | undefined): Value {
  if (kept === undefined || kept === null || typeof kept === 'object') return null;
  const type = table.columns.get(column)?.type ?? '';
  // A switch may have been kept as the number that stands for it.
  if (type === 'bit' && typeof kept === 'number') return kept !== 0;
  const isDate = /date|time/.test(type);
  return isDate && typeof kept === 'string' && !Number.isNaN(Date.parse(kept)) ? new Date(kept) : kept;
}
