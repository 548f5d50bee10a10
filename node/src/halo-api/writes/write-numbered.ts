import type { Row, Transaction } from '../../database/database.ts';
import type { UpsertRequest } from '../../database/upsert.ts';
import type { HaloOutcome, HaloRecord } from '../halo-api.ts';
import type { ResourceKey } from '../resources/resource.ts';
import { groupByShape } from './write-records.ts';
import type { WriteParts } from './write-parts.ts';
import { creationOf, stampsOf } from './write-traces.ts';

type Within = NonNullable<ResourceKey['within']>;
interface Placed {
  readonly place: number;
  readonly values: Row;
  readonly id: number;
}

/** Writes records whose ids count within a parent (actions of a ticket): with an id they change, without one they are new. */
export async function writeNumbered(
  transaction: Transaction,
  records: readonly HaloRecord[],
  parts: WriteParts,
  within: Within,
): Promise<HaloOutcome[]> {
  const outcomes = new Array<HaloOutcome>(records.length);
  for (const group of groupByShape(records, parts, outcomes)) {
    if (typeof group.shape === 'string') continue;
    const fresh: Placed[] = [];
    const known: Placed[] = [];
    group.rows.forEach(({ values, key }, at) => {
      const place = group.places[at] ?? at;
      if (key === undefined) fresh.push({ place, values, id: 0 });
      else known.push({ place, values, id: key });
    });
    if (fresh.length > 0) await insertNew(transaction, fresh, parts, within, outcomes);
    if (known.length > 0) await change(transaction, known, group.shape.columns, parts, within, outcomes);
  }
  return outcomes;
}

async function insertNew(
  transaction: Transaction,
  fresh: readonly Placed[],
  parts: WriteParts,
  within: Within,
  outcomes: HaloOutcome[],
): Promise<void> {
  const { resource, table } = parts;
  const complete = fresh.filter(({ place, values }) => {
    if (typeof values[within.column] === 'number') return true;
    outcomes[place] = { outcome: 'rejected', reason: `a new record of ${resource.name} needs ${within.json}` };
    return false;
  });
  if (complete.length === 0) return;
  if (parts.options.whatIf) {
    for (const { place } of complete) outcomes[place] = { outcome: 'created', id: 0 };
    return;
  }
  const stamps = { ...creationOf(resource, table, parts), ...stampsOf(resource, table, parts) };
  const ids = await transaction.insert(
    resource.table,
    complete.map(({ values }) => ({ ...values, ...stamps })),
    { column: resource.key.column, within: [within.column] },
  );
  complete.forEach(({ place }, at) => {
    outcomes[place] = { outcome: 'created', id: ids[at] ?? 0 };
  });
  parts.clock.wrote(
    resource,
    table,
    complete.map(({ values }, at) => [Number(values[within.column]), ids[at] ?? 0]),
  );
}

async function change(
  transaction: Transaction,
  known: readonly Placed[],
  shaped: readonly string[],
  parts: WriteParts,
  within: Within,
  outcomes: HaloOutcome[],
): Promise<void> {
  const { resource, table, options } = parts;
  const key = resource.key.column;
  const request = (placed: readonly Placed[]): Omit<UpsertRequest, 'stamps'> => ({
    table: resource.table,
    key: { column: within.rowId, kind: 'identity' },
    columns: [...shaped, key],
    rows: placed.map(({ values, id }) => ({ values: { ...values, [key]: id } })),
    match: [{ by: 'columns', columns: [within.column, key] }],
    onInsert: {},
  });
  const preview = await transaction.upsert({ ...request(known), stamps: {}, whatIf: true });
  const changed: Placed[] = [];
  preview.rows.forEach((row, at) => {
    const one = known[at];
    if (!one) return;
    if (row.outcome === 'missing') outcomes[one.place] = { outcome: 'skipped' };
    else if (row.outcome === 'rejected') outcomes[one.place] = row;
    else if (row.outcome === 'created')
      outcomes[one.place] = {
        outcome: 'rejected',
        reason: `${resource.name} has no ${one.id} under that ${within.json}`,
      };
    else {
      outcomes[one.place] = { outcome: row.outcome, id: one.id };
      if (row.outcome === 'updated') changed.push(one);
    }
  });
  if (changed.length === 0 || options.whatIf) return;
  await transaction.upsert({ ...request(changed), stamps: stampsOf(resource, table, parts) });
  parts.clock.wrote(
    resource,
    table,
    changed.map(({ values, id }) => [Number(values[within.column]), id]),
  );
}
