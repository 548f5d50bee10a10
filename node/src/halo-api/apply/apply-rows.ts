import type { Transaction } from '../../database/database.ts';
import { ChangeClock } from '../writes/change-clock.ts';
import { resourceOf } from '../changes/look-at-rows.ts';
import type { SessionParts } from '../session-parts.ts';
import type { WriteIn } from '../changes/undo-rows.ts';
import { applyUpdates } from './apply-updates.ts';
import { makeNumberedRows, putNewRows } from './make-rows.ts';
import { makeRecords } from './make-records.ts';
import type { PlannedNumbers } from './planned-numbers.ts';
import {
  already,
  done,
  refusal,
  type AppliedRow,
  type ApplyParts,
  type PlannedRow,
  type ReadyRow,
} from './planned-row.ts';
import { stampSites, writePlannedTraces } from './traces.ts';

/**
 * Makes and changes rows as planned, in one transaction, and leaves what any change leaves beside. A row that Halo has otherwise than the
 * plan knows is refused, and one that is there already is left as it is. Answers each row, in order.
 */
export async function applyRows(
  transaction: Transaction,
  rows: readonly PlannedRow[],
  own: SessionParts,
  writeIn: WriteIn,
  numbers: PlannedNumbers,
): Promise<readonly AppliedRow[]> {
  const parts: ApplyParts = { transaction, own, writeIn, numbers, clock: new ChangeClock(own.parts.settings) };
  numbers.begin();
  const answers = new Map<PlannedRow, AppliedRow>();
  for (const row of rows) expect(row, numbers);
  const merged = mergedRows(rows.filter(({ making, withheld }) => !making?.trace && !withheld));
  let waiting: readonly PlannedRow[] = [...merged.keys()];
  // What is made in one round is there for the rows of the next that speak of it.
  while (waiting.length > 0) {
    const ready = waiting.map((row) => readyRow(row, numbers)).filter((row) => row !== undefined);
    if (ready.length === 0) break;
    for (const group of groupsOf(ready)) {
      const outcomes = await applyGroup(group, parts);
      group.forEach((row, at) => {
        for (const one of merged.get(row.planned) ?? []) answers.set(one, outcomes[at] ?? done);
      });
    }
    const handled = new Set(ready.map(({ planned }) => planned));
    waiting = waiting.filter((row) => !handled.has(row));
  }
  await writePlannedTraces(rows, answers, parts);
  await stampSites(rows, answers, parts);
  await parts.clock.strike(transaction);
  return rows.map((row) => answers.get(row) ?? unanswered(row));
}

function unanswered({ making, withheld }: PlannedRow): AppliedRow {
  if (making?.trace) return already;
  return refusal(
    withheld
      ? 'a value of it is not in the plan, since it has a secret in it or is a file: a sync writes it'
      : 'what it belongs to was not made',
  );
}

/** Notes what other rows may speak of before it is there. */
function expect({ making, after }: PlannedRow, numbers: PlannedNumbers): void {
  if (making?.numbered) numbers.expectAsset(after[making.numbered.within], after[making.numbered.column]);
}

/** The rows with those they stand for: a row that is changed twice goes once. */
function mergedRows(rows: readonly PlannedRow[]): ReadonlyMap<PlannedRow, readonly PlannedRow[]> {
  const last = new Map<string, PlannedRow>();
  const merged = new Map<PlannedRow, readonly PlannedRow[]>();
  for (const row of rows) {
    const key = `${row.table}\n${JSON.stringify(row.key)}`;
    const first = row.action === 'updated' ? last.get(key) : undefined;
    const all = first && merged.get(first);
    if (!first || !all) {
      merged.set(row, [row]);
      if (row.action === 'updated') last.set(key, row);
      continue;
    }
    const both: PlannedRow = {
      ...first,
      before: { ...row.before, ...first.before },
      after: { ...first.after, ...row.after },
    };
    merged.delete(first);
    merged.set(both, [...all, row]);
    last.set(key, both);
  }
  return merged;
}

/** A row whose references are all there; its own number is none where it is to be made. */
function readyRow(planned: PlannedRow, numbers: PlannedNumbers): ReadyRow | undefined {
  const { table, making } = planned;
  const key = making?.key ? {} : numbers.real(table, planned.key);
  const before = numbers.real(table, planned.before ?? {});
  const after = numbers.real(table, planned.after);
  return key && before && after && { planned, key, before, after };
}

/** Rows that can be written as a set, in the order in which the first of each comes. */
function groupsOf(rows: readonly ReadyRow[]): Iterable<readonly ReadyRow[]> {
  const groups = new Map<string, ReadyRow[]>();
  for (const row of rows) {
    const { table, action, making, vendorId } = row.planned;
    const columns = Object.keys(row.after);
    // What holds the same is found by the columns that hold something.
    const empty = making?.key && !making.match ? columns.filter((column) => row.after[column] === null) : [];
    const shape = [table, action, ...Object.keys(row.key), '', ...columns, '', ...empty, vendorId !== undefined];
    const name = [...shape, JSON.stringify([making?.key, making?.match, making?.link?.scope])].join('\n');
    const group = groups.get(name) ?? [];
    groups.set(name, group);
    group.push(row);
  }
  return groups.values();
}

async function applyGroup(group: readonly ReadyRow[], parts: ApplyParts): Promise<readonly AppliedRow[]> {
  const { table, action, making } = group[0]?.planned ?? { table: '', action: 'updated' };
  if (!(await parts.own.besides.hasTable(table))) return group.map(() => refusal(`Halo has no table ${table}`));
  if (action === 'updated') return applyUpdates(group, parts);
  const resource = resourceOf(table);
  if (making?.key && resource && !resource.readOnly) return makeRecords(group, resource, parts);
  return making?.key ? makeNumberedRows(group, making.key, parts) : putNewRows(group, parts);
}
