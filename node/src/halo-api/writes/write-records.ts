import { type WriteParts, type Group, columnMatches, linkOf } from './write-parts.ts';
import type { Row, Transaction } from '../../database/database.ts';
import type { StagedRow, UpsertMatch, UpsertRequest } from '../../database/upsert.ts';
import type { HaloOutcome, HaloRecord } from '../halo-records.ts';
import { cut } from '../values/cut-text.ts';
import { resolveKeys } from '../links/resolve-keys.ts';
import { shapeOf, type RecordShape } from './record-columns.ts';
import { comparedText } from '../../database/compared-text.ts';
import { followUsers } from './user-devices.ts';
import { historyColumns, onInsertOf, stampsOf, writeHistory, type WrittenRow } from './write-traces.ts';

const secondId = 'elthirdpartyadditionalid';
const linkColumns = ['ELThirdPartyDesc', 'ELThirdPartyUrl'];
const linkColumnsOfTwo = [...linkColumns, secondId];

/** Upserts records inside one transaction and answers each, in order. Records of different shapes go in one set each. */
export async function writeRecords(
  transaction: Transaction,
  records: readonly HaloRecord[],
  parts: WriteParts,
): Promise<HaloOutcome[]> {
  const outcomes = new Array<HaloOutcome>(records.length);
  const shaped = groupByShape(records, parts, outcomes);
  const several = shaped.length > 1 && (parts.options.matchFields ?? []).length > 0;
  const groups = several ? await resolveKeys(transaction, shaped, parts, outcomes) : shaped;
  for (const group of groups) {
    if (typeof group.shape === 'string' || group.rows.length === 0) continue;
    await writeGroup(transaction, group, group.shape, parts, outcomes);
  }
  return outcomes;
}

/** Sorts records into sets of one shape; those that cannot be written are answered at once. */
export function groupByShape(
  records: readonly HaloRecord[],
  parts: WriteParts,
  outcomes: HaloOutcome[],
): readonly Group[] {
  const groups: (Group & { readonly names: readonly string[] })[] = [];
  records.forEach((record, place) => {
    const updateOnly = record.update_only === true || parts.resource.neverCreated === true;
    // Looked through rather than looked up: shapes are few, and a key made for each record costs more.
    let group = groups.find((one) => one.updateOnly === updateOnly && hasNames(record.fields, one.names));
    if (!group) {
      const names = Object.keys(record.fields);
      const shape = shapeOf(parts.resource, parts.table, names, (field) => parts.missingColumn(field));
      group = { names, shape, updateOnly, places: [], rows: [] };
      groups.push(group);
    }
    const key = record.fields[parts.resource.key.json];
    const row =
      key !== undefined && key !== null && !Number.isInteger(key)
        ? `the field "${parts.resource.key.json}" should be an int and is ${JSON.stringify(key)}`
        : typeof group.shape === 'string'
          ? group.shape
          : (reservedName(parts, record) ?? group.shape.row(record));
    if (typeof row === 'string') outcomes[place] = { outcome: 'rejected', reason: row };
    else {
      group.places.push(place);
      group.rows.push(stagedRow(parts, record, row));
    }
  });
  return groups;
}

/** Why a record has a name that no record may have. */
function reservedName({ reserved, resource }: WriteParts, { fields }: HaloRecord): string | undefined {
  if (!reserved) return undefined;
  const json = resource.fields.find(({ column }) => column === reserved.column)?.json ?? '';
  return comparedText(fields[json]) === comparedText(reserved.text) ? reserved.reason : undefined;
}

/** Whether these are the names of its fields, in their order. */
export function hasNames(fields: HaloRecord['fields'], names: readonly string[]): boolean {
  let at = 0;
  for (const name in fields) if (names[at++] !== name) return false;
  return at === names.length;
}

function stagedRow(parts: WriteParts, record: HaloRecord, values: Row): StagedRow {
  const key = record.fields[parts.resource.key.json];
  const { third_party_id: id } = record;
  const staged: { values: Row; key?: number; linkId?: string; linkValues?: Row } = { values };
  if (typeof key === 'number') staged.key = key;
  if (id === undefined) return staged;
  staged.linkId = cut(id, undefined);
  staged.linkValues = linkValuesOf(record);
  if (secondId in staged.linkValues && !parts.hasLinkColumn(secondId)) delete staged.linkValues[secondId];
  return staged;
}

/** What a record says of its link, by column. */
export function linkValuesOf(record: HaloRecord): Row {
  const { third_party_desc: description, third_party_url: url, third_party_secondary_id: second } = record;
  const values: Row = {
    ELThirdPartyDesc: description === undefined ? null : cut(description, 4000),
    ELThirdPartyUrl: url === undefined ? null : cut(url, 4000),
  };
  if (second !== undefined) values[secondId] = cut(second, 4000);
  return values;
}

/** The columns of which a record says something of its link. */
export function linkColumnsOf({ third_party_secondary_id: second }: HaloRecord): readonly string[] {
  return second === undefined ? linkColumns : linkColumnsOfTwo;
}

async function writeGroup(
  transaction: Transaction,
  group: Group,
  shape: RecordShape,
  parts: WriteParts,
  outcomes: HaloOutcome[],
): Promise<void> {
  const { resource, table, options, settings } = parts;
  const link = options.scope && linkOf(resource, options.scope, settings, parts.now);
  const columnOf = (json: string): string => resource.fields.find((field) => field.json === json)?.column ?? json;
  const given = new Set(shape.columns);
  const match: UpsertMatch[] = [{ by: 'key' }];
  if (link) match.push({ by: 'link' });
  const byColumns = columnMatches(parts).filter(({ columns }) => columns.every((column) => given.has(column)));
  if (!group.resolved) match.push(...byColumns);
  const insertOnly = (options.insertOnly ?? []).map(columnOf).filter((column) => given.has(column));
  const history = historyColumns(resource, settings).filter(
    (column) => table.columns.has(column) && !insertOnly.includes(column),
  );
  const request = {
    table: resource.table,
    key: { column: resource.key.column, kind: resource.key.kind },
    columns: shape.columns,
    rows: group.rows,
    match,
    ...(group.resolved && { lookedFor: byColumns }),
    insertOnly,
    onInsert: onInsertOf(resource, table, shape.columns, parts),
    before: [...new Set([...history, ...(resource.before ?? []).filter((column) => table.columns.has(column))])],
    ...(link && { link }),
    ...(parts.reserved && { reserved: parts.reserved }),
    ...(group.updateOnly && { updateOnly: true }),
    ...(resource.numbered && given.has(resource.numbered.within) && { numbered: resource.numbered }),
    stamps: stampsOf(resource, table, parts),
    ...(options.whatIf && { whatIf: true }),
  } satisfies UpsertRequest;
  const { rows } = await transaction.upsert(request);
  rows.forEach((row, index) => {
    const place = group.places[index];
    if (place === undefined) return;
    if (row.outcome === 'missing') outcomes[place] = { outcome: 'skipped' };
    else if (row.outcome === 'rejected') outcomes[place] = row;
    else {
      outcomes[place] = { outcome: row.outcome, id: row.key };
      parts.told?.(place, row, group.rows[index]?.values ?? {});
    }
  });
  if (options.whatIf) return;
  if (resource.changeClock) {
    const keys = rows.flatMap((row) => (row.outcome === 'created' || row.outcome === 'updated' ? [[row.key]] : []));
    parts.clock.wrote(resource, table, keys);
  }
  const alone = new Set(insertOnly);
  const written = rows.map((outcome, index): WrittenRow => {
    const values = group.rows[index]?.values ?? {};
    // What is left alone on update is not what the row has now.
    if (outcome.outcome === 'created' || alone.size === 0) return { outcome, values };
    return { outcome, values: Object.fromEntries(Object.entries(values).filter(([column]) => !alone.has(column))) };
  });
  await writeHistory(resource, transaction, parts, written);
  if (resource.name === 'Users' && (await parts.hasTable('USERDEVICE'))) await followUsers(transaction, written);
}
