import type { Row } from '../../database/database.ts';
import type { UpsertRequest } from '../../database/upsert.ts';
import { putAssetFields } from '../assets/put-asset-fields.ts';
import { rowIn, valuesIn } from '../changes/look-at-rows.ts';
import { already, done, refusal, type AppliedRow, type ApplyParts, type ReadyRow } from './planned-row.ts';

const otherwise = refusal('Halo has it by now, and otherwise');

/** Makes rows that get a number, in tables without a resource that is written. All bring the same columns. */
export async function makeNumberedRows(
  rows: readonly ReadyRow[],
  key: UpsertRequest['key'],
  { transaction, own, clock, numbers }: ApplyParts,
): Promise<readonly AppliedRow[]> {
  const [first] = rows;
  if (!first) return [];
  const table = await own.tableOf(first.planned.table);
  const columns = Object.keys(first.after).filter((name) => name !== key.column && table.columns.has(name));
  const { match = [] } = first.planned.making ?? {};
  // A row that nothing is looked for by is the same as one that holds the same, but for moments.
  const compared = columns.filter(
    (name) => first.after[name] !== null && !/date|time|text/.test(table.columns.get(name)?.type ?? ''),
  );
  const found = match.length > 0 ? match : [{ by: 'columns' as const, columns: compared }];
  const staged = rows.map(({ after }) => ({ values: rowIn(table, columns, after) }));
  const request = { table: table.name, key, columns, onInsert: {}, stamps: {} };
  const foreseen = await transaction.upsert({
    ...request,
    rows: staged,
    match: found,
    ...(match.length === 0 && { insertOnly: columns.filter((name) => !compared.includes(name)) }),
    whatIf: true,
  });
  const answers = foreseen.rows.map((one, at): AppliedRow => {
    if (one.outcome === 'created') return done;
    // Several that hold the same are no others.
    if (one.outcome === 'rejected') return match.length === 0 ? already : refusal(one.reason);
    if (one.outcome !== 'unchanged') return otherwise;
    numbers.add(rows[at]?.planned.key[key.column], one.key);
    return already;
  });
  const places = rows.flatMap((_, at) => (answers[at] === done ? [at] : []));
  if (places.length === 0) return answers;
  const made = await transaction.upsert({
    ...request,
    rows: places.map((at) => staged[at] ?? { values: {} }),
    match: [],
  });
  const keys = made.rows.flatMap((one, nth) => {
    if (!('key' in one)) return [];
    numbers.add(rows[places[nth] ?? 0]?.planned.key[key.column], one.key);
    return [[one.key]];
  });
  const stamp = stamped[table.name];
  if (stamp) clock.wroteStamped({ ...stamp, columns: [key.column], rows: keys });
  return answers;
}

/** Tables without a resource whose rows are stamped with the change clock. */
const stamped: Readonly<Record<string, { readonly table: string; readonly counter: string; readonly column: string }>> =
  {
    XTYPE: { table: 'XTYPE', counter: 'xtype', column: 'Tchangeseq' },
    TYPEINFO: { table: 'TYPEINFO', counter: 'typeinfo', column: 'XTchangeseq' },
  };

/** Makes rows that are known by what they hold, and links of records that were there. All bring the same columns. */
export async function putNewRows(rows: readonly ReadyRow[], parts: ApplyParts): Promise<readonly AppliedRow[]> {
  const [first] = rows;
  if (!first) return [];
  const { transaction, own, clock } = parts;
  const table = await own.tableOf(first.planned.table);
  const known = Object.keys(first.key);
  if (known.length === 0) return rows.map(() => refusal('nothing says which row it would be'));
  const columns = Object.keys(first.after).filter((name) => table.columns.has(name));
  const request = {
    table: table.name,
    known,
    columns,
    rows: rows.map(({ key, after }) => [...valuesIn(table, known, key), ...valuesIn(table, columns, after)]),
  };
  const { created, updated } = await transaction.put({ ...request, whatIf: true });
  const answers: AppliedRow[] = rows.map(() => already);
  for (const { place } of updated) answers[place] = otherwise;
  for (const place of created) answers[place] = done;
  const places = rows.flatMap((_, at) => (answers[at] === done ? [at] : []));
  if (places.length === 0) return answers;
  if (table.name === 'INFO') {
    const fields = places.map((at) => ({
      row: rows[at] as ReadyRow,
      to: rowIn(table, ['idata'], rows[at]?.after ?? {}),
    }));
    // The history of an asset begins with it, and not with its fields.
    const ofNew = new Set<unknown>(fields.filter(({ row }) => parts.numbers.plansAsset('INFO', row.planned.key)));
    await putAssetFields(transaction, fields, own, clock, (field) => ofNew.has(field));
    return answers;
  }
  const { now } = own.traces();
  const link: Row = { ELIsPrimary: true, ELdatecreated: now, ELdateupdated: now };
  await transaction.put({
    ...request,
    rows: places.map((at) => request.rows[at] ?? []),
    ...(table.name === 'ExternalLink' && { onInsert: link }),
  });
  const stamp = stamped[table.name];
  if (stamp)
    clock.wroteStamped({
      ...stamp,
      columns: known,
      rows: places.map((at) => (request.rows[at] ?? []).slice(0, known.length).map(textOrNumber)),
    });
  return answers;
}

function textOrNumber(value: unknown): string | number {
  return typeof value === 'number' ? value : String(value);
}
