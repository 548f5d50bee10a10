import type { ActualTable, Database } from '../../database/database.ts';
import { rangesOf, type FingerprintRequest, type RowsBeside } from '../../database/fingerprint.ts';
import type { Condition } from '../../database/query.ts';
import type { HaloOutcome, HaloRecord, HaloUpsertOptions, HeldRecords, LinkScope } from '../halo-api.ts';
import { linkTableId } from '../inferred.ts';
import { linksOf } from '../links/link-scope.ts';
import type { AssetParts, Resource } from '../resources/resource.ts';
import { hasNames, linkColumnsOf } from './write-records.ts';
import { linkOf, type WriteParts } from './write-parts.ts';
import type { TraceParts } from './write-traces.ts';

/** What of held records is known before the database is asked. */
export type Holding = Pick<HeldRecords, 'ids' | 'fields' | 'linkColumns'>;

/** What the rows of held records are found by and compared in. */
export interface HeldParts extends Omit<WriteParts, 'options' | 'clock'> {
  readonly links: ActualTable;
  readonly scope: LinkScope;
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
): Holding | undefined {
  if (!options.scope || options.whatIf || resource.key.within || resource.address) return undefined;
  const ids: number[] = [];
  const fields = new Set<string>();
  let names: readonly string[] = [];
  const linkColumns = new Set(['ELThirdPartyId']);
  for (let place = 0; place < outcomes.length; place++) {
    const [record, outcome] = [records[place], outcomes[place]];
    if (!outcome || !('id' in outcome) || record?.third_party_id === undefined) return undefined;
    ids.push(outcome.id);
    // Most records bring what the one before them did.
    if (!hasNames(record.fields, names)) {
      names = Object.keys(record.fields);
      for (const name of names) fields.add(name);
    }
    for (const name of linkColumnsOf(record)) linkColumns.add(name);
  }
  return { ids: rangesOf(ids), fields: [...fields], linkColumns: [...linkColumns] };
}

/** The question whether the rows of held records, or their links, changed; undefined where no links are kept. */
export function fingerprintOf(held: Holding, parts: HeldParts): FingerprintRequest | undefined {
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
      idColumn: link.idColumn,
      scope: link.scope,
      ...(link.general !== undefined && { general: link.general }),
      columns: held.linkColumns.filter((column) => parts.hasLinkColumn(column)),
    },
    ...(resource.assetParts && { beside: besideAssets(resource.assetParts, held.fields, scope) }),
  };
}

/** What of assets stands in other tables, as far as the records brought it. */
function besideAssets(names: AssetParts, fields: readonly string[], { module_id }: LinkScope): readonly RowsBeside[] {
  const all: readonly (readonly [name: string, rows: RowsBeside])[] = [
    [
      names.fields,
      {
        table: 'INFO',
        on: [
          ['Dsite', 'Isite'],
          ['ddevnum', 'Inum'],
        ],
        scope: { Ikind: 'D' },
        columns: ['Iseq', 'idata'],
      },
    ],
    [
      names.users,
      {
        table: 'USERDEVICE',
        on: [
          ['Dsite', 'UDdevsite'],
          ['ddevnum', 'UDdevnum'],
        ],
        scope: {},
        columns: ['uduserid', 'UDsite', 'UDusername'],
      },
    ],
    [
      names.software,
      {
        table: 'DeviceApplications',
        on: [['Did', 'DADID']],
        scope: { damsid: module_id },
        columns: ['DADesc', 'DAVersion', 'dauserid'],
      },
    ],
  ];
  return all.flatMap(([name, rows]) => (fields.includes(name) ? [rows] : []));
}

/** Whether a third-party id of the scope has several links: which of their rows is meant only a comparison says. */
export async function isLinkedTwice(
  database: Database,
  resource: Resource,
  scope: LinkScope,
  settings: TraceParts['settings'],
): Promise<boolean> {
  const scoped = linksOf(linkTableId(resource.name, settings) ?? -1, scope);
  const where: Condition = { all: [...scoped, { column: 'ELThirdPartyId', is: 'not-null' }] };
  const links = await database.count('ExternalLink', where);
  return links !== (await database.count('ExternalLink', where, 'ELThirdPartyId'));
}

/** Whether the fingerprint of what was just written or compared is that of the records, whoever else was at work meanwhile. */
export function isCertain(
  outcomes: readonly HaloOutcome[],
  fingerprint: string,
  before: string | undefined,
  alone: boolean,
): boolean {
  if (alone) return true;
  const all = (wanted: HaloOutcome['outcome']): boolean => outcomes.every(({ outcome }) => outcome === wanted);
  return all('created') || (all('unchanged') && fingerprint === before);
}
