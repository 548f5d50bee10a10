import type { ActualTable } from '../database/database.ts';
import { rangesOf, type FingerprintRequest } from '../database/fingerprint.ts';
import type { HaloOutcome, HaloRecord, HaloUpsertOptions, HeldRecords, LinkScope } from './halo-api.ts';
import type { Field, Resource } from './resources/resource.ts';
import { linkOf } from './write-records.ts';
import type { TraceParts } from './write-traces.ts';

const linkColumns = ['ELThirdPartyId', 'ELThirdPartyDesc', 'ELThirdPartyUrl', 'elthirdpartyadditionalid'];

/** What the rows of held records are found by and compared in. */
export interface HeldParts extends TraceParts {
  readonly resource: Resource;
  readonly table: ActualTable;
  readonly links: ActualTable;
  readonly scope: LinkScope;
  missingColumn(field: Field): void;
}

/**
 * The records a set came to, where one row and its link is all that each of them is: undefined where one was rejected, skipped or
 * is not linked, or where the resource keeps more elsewhere.
 */
export function heldRecords(
  resource: Resource,
  records: readonly HaloRecord[],
  outcomes: readonly HaloOutcome[],
  options: HaloUpsertOptions,
): Omit<HeldRecords, 'fingerprint'> | undefined {
  if (!options.scope || options.whatIf || resource.key.within || resource.userLinks || resource.address)
    return undefined;
  const ids: number[] = [];
  const fields = new Set<string>();
  for (const [place, outcome] of outcomes.entries()) {
    const record = records[place];
    if (!('id' in outcome) || record?.third_party_id === undefined) return undefined;
    ids.push(outcome.id);
    for (const name in record.fields) fields.add(name);
  }
  return { ids: rangesOf(ids), fields: [...fields] };
}

/** The question whether the rows of held records, or their links, changed; undefined where no links are kept. */
export function fingerprintOf(
  held: Omit<HeldRecords, 'fingerprint'>,
  parts: HeldParts,
): FingerprintRequest | undefined {
  const { resource, table, links, scope, settings, now } = parts;
  const link = linkOf(resource, scope, settings, now);
  const rowKey = links.primaryKey[0];
  if (!link || rowKey === undefined) return undefined;
  const columns = held.fields.flatMap((name) => {
    const field = resource.fields.find((one) => one.json === name);
    if (!field || name === resource.key.json) return [];
    if (table.columns.has(field.column)) return [field.column];
    parts.missingColumn(field);
    return [];
  });
  return {
    table: resource.table,
    key: resource.key.column,
    keys: held.ids,
    columns,
    link: {
      table: link.table,
      rowKey,
      keyColumn: link.keyColumn,
      scope: link.scope,
      columns: linkColumns.filter((column) => links.columns.has(column)),
    },
  };
}
