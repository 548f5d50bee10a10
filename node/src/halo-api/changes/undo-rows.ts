import type { ActualTable, Row, Transaction } from '../../database/database.ts';
import { putAssetFields } from '../assets/put-asset-fields.ts';
import { ChangeClock } from '../writes/change-clock.ts';
import type { HaloOutcome, HaloRecord } from '../halo-records.ts';
import type { HaloUpsertOptions } from '../upsert-options.ts';
import {
  lookAtRows,
  requestOf,
  resourceOf,
  valuesIn,
  wholeColumns,
  type Looked,
  type RowToUndo,
} from './look-at-rows.ts';
import type { Resource } from '../resources/resource.ts';
import type { SessionParts } from '../session-parts.ts';

/** What became of such a row: its columns as they were before the undoing, and as they are now. */
export interface UndoneRow {
  readonly outcome: 'put back' | 'set inactive' | 'left alone';
  readonly from: Row;
  readonly to: Row;
  /** Why the row, or some of its columns, were left alone; empty where nothing was. */
  readonly reason: string;
}

/** Writes records inside a transaction with all that is left beside them. */
export type WriteIn = (
  transaction: Transaction,
  resource: Resource,
  records: readonly HaloRecord[],
  options: HaloUpsertOptions,
  clock: ChangeClock,
) => Promise<HaloOutcome[]>;

/**
 * Undoes rows in one transaction: puts back the columns that still are as the run left them, and sets rows inactive that it made. What
 * somebody changed since is left alone. Answers each row, in order.
 * @param rows no two of the same table and key
 */
export async function undoRows(
  transaction: Transaction,
  rows: readonly RowToUndo[],
  own: SessionParts,
  writeIn: WriteIn,
  whatIf: boolean,
): Promise<readonly UndoneRow[]> {
  const answers = new Map<RowToUndo, UndoneRow>();
  const todo: Looked[] = [];
  for (const alike of groupsOf(rows)) {
    const { table: name } = alike[0] as RowToUndo;
    const table = (await own.besides.hasTable(name)) ? await own.tableOf(name) : undefined;
    for (const one of await lookAtRows(transaction, alike, table)) {
      if (Object.keys(one.to).length > 0) todo.push(one);
      else answers.set(one.row, { outcome: 'left alone', from: {}, to: {}, reason: one.reason });
    }
  }
  const refused = new Map<Looked, string>();
  if (!whatIf) {
    const clock = new ChangeClock(own.parts.settings);
    for (const [one, why] of await writeLooked(transaction, todo, own, writeIn, clock)) refused.set(one, why);
    await clock.strike(transaction);
  }
  for (const one of todo) {
    const { row, from, to } = one;
    const why = refused.get(one);
    const outcome = row.action === 'created' ? 'set inactive' : 'put back';
    answers.set(
      row,
      why === undefined
        ? { outcome, from, to, reason: one.reason }
        : { outcome: 'left alone', from: {}, to: {}, reason: why },
    );
  }
  return rows.map((row) => answers.get(row) as UndoneRow);
}

/** Rows of one table that bring the same columns, so that they go together. */
function groupsOf(rows: readonly RowToUndo[]): Iterable<readonly RowToUndo[]> {
  const groups = new Map<string, RowToUndo[]>();
  for (const row of rows) {
    const columns = [row.table, row.action, ...Object.keys(row.key), '', ...wholeColumns(row)].join('\n');
    const group = groups.get(columns) ?? [];
    groups.set(columns, group);
    group.push(row);
  }
  return groups.values();
}

/** Writes what rows that are there are to hold; answers those that were refused, and why. */
export async function writeLooked(
  transaction: Transaction,
  todo: readonly Looked[],
  own: SessionParts,
  writeIn: WriteIn,
  clock: ChangeClock,
): Promise<ReadonlyMap<Looked, string>> {
  const refused = new Map<Looked, string>();
  const byTable = new Map<string, Looked[]>();
  for (const one of todo) byTable.set(one.row.table, [...(byTable.get(one.row.table) ?? []), one]);
  // Records first: what is written beside them as with any change must not stand in the end.
  const tables = [...byTable].toSorted(([one], [other]) => Number(!resourceOf(one)) - Number(!resourceOf(other)));
  for (const [name, some] of tables) {
    const resource = resourceOf(name);
    const table = await own.tableOf(name);
    if (resource && !resource.readOnly && !resource.key.within) {
      const records = some.map((one) => recordOf(one, resource));
      // The values of an asset's fields are rows of their own here, and moving them would change those that nobody had changed.
      const outcomes = await writeIn(transaction, resource, records, { fieldsStay: true }, clock);
      some.forEach((one, at) => {
        const outcome = outcomes[at];
        if (outcome?.outcome === 'rejected') refused.set(one, outcome.reason);
      });
    } else if (name === 'INFO') await putAssetFields(transaction, some, own, clock);
    else await writeRows(transaction, some, table);
  }
  return refused;
}

function recordOf({ row, to }: Looked, resource: Resource): HaloRecord {
  const fields = Object.entries(to).map(([column, value]) => {
    const field = resource.fields.find((one) => one.column === column);
    // Where this Halo keeps a switch as a number, it was kept as one, too.
    const isSwitch = field?.type === 'boolean' && typeof value === 'number';
    return [field?.json ?? column, isSwitch ? value !== 0 : value];
  });
  return {
    fields: { [resource.key.json]: Number(row.key[resource.key.column]), ...Object.fromEntries(fields) },
    update_only: true,
  };
}

/** Rows without a resource, as sets of the same columns. */
async function writeRows(transaction: Transaction, some: readonly Looked[], table: ActualTable): Promise<void> {
  const sets = new Map<string, Looked[]>();
  for (const one of some) {
    const shape = [...Object.keys(one.row.key), '', ...Object.keys(one.to)].join('\n');
    sets.set(shape, [...(sets.get(shape) ?? []), one]);
  }
  for (const set of sets.values()) {
    const [known, columns] = [Object.keys(set[0]?.row.key ?? {}), Object.keys(set[0]?.to ?? {})];
    if (known.length > 1)
      await transaction.put({
        table: table.name,
        known,
        columns,
        rows: set.map(({ row, to }) => [
          ...valuesIn(table, known, row.key),
          ...columns.map((name) => to[name] ?? null),
        ]),
      });
    else
      await transaction.upsert({
        ...requestOf(table, known[0] ?? '', columns),
        rows: set.map(({ row, to }) => ({ key: Number(Object.values(row.key)[0]), values: to })),
      });
  }
}
