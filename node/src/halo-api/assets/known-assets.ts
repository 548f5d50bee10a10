import type { Database, Row } from '../../database/database.ts';
import type { Condition, Join } from '../../database/query.ts';
import type { KnownAsset, KnownAssetsRequest, LinkScope } from '../halo-api.ts';
import type { HaloApiParts } from '../api-parts.ts';
import { comparedText } from '../compared-text.ts';
import { linkTableId } from '../inferred.ts';
import { linksOf } from '../link-scope.ts';
import type { Resource } from '../resources/resource.ts';

const rowsAtOnce = 20_000;

/**
 * All assets as far as a vendor's are told by it: asset tag, site, the vendor's own id, the value of one field, and their links under the
 * scope. Read once in parts, by the primary key: to look for each of a vendor's would read the table through again and again.
 */
export async function knownAssets(
  { database, settings }: HaloApiParts,
  resource: Resource,
  scope: LinkScope,
  request: KnownAssetsRequest,
): Promise<readonly KnownAsset[]> {
  const there = (await database.describe([resource.table])).get(resource.table)?.columns;
  const columnOf = (field: string | undefined): string | undefined =>
    resource.fields.find(({ json, column }) => json === field && there?.has(column))?.column;
  const scoped = Object.entries(request.ownScope ?? {}).map(([field, value]) => [columnOf(field), value] as const);
  const scopeColumns = scoped.flatMap(([column]) => column ?? []);
  // Without a column that says whose the id is, it is nobody's.
  const own = scopeColumns.length === scoped.length ? columnOf(request.ownIdField) : undefined;
  const isOurs = (row: Row): boolean =>
    scoped.every(([column, value]) => comparedText(row[column ?? '']) === comparedText(value));
  const links = await linksByAsset(database, linkTableId(resource.name, settings) ?? -1, scope);
  const found: KnownAsset[] = [];
  for await (const row of assetRows(database, own, scopeColumns, request.field)) {
    const id = Number(row['Did']);
    const linked = links.get(id);
    const [ownId, value] = [textOf(row['own']), textOf(row['idata'])];
    found.push({
      id,
      site_id: Number(row['Dsite']),
      inventory_number: textOf(row['dinvno']) ?? '',
      inactive: row['dinactive'] === true,
      status_id: Number(row['DStatus'] ?? 0),
      ...(ownId !== undefined && ownId !== '0' && isOurs(row) && { own_id: ownId }),
      ...(value !== undefined && { value }),
      links: linked ?? [],
    });
  }
  return found;
}

type Link = KnownAsset['links'][number];

async function linksByAsset(
  database: Database,
  tableId: number,
  scope: LinkScope,
): Promise<ReadonlyMap<number, readonly Link[]>> {
  const links = new Map<number, Link[]>();
  for (let last = 0; ;) {
    const rows = await database.read({
      from: 'ExternalLink',
      columns: ['ELid', 'ELHaloId', 'ELThirdPartyId', 'ELThirdPartyDesc'],
      where: { all: [...linksOf(tableId, scope), { column: 'ELid', is: 'greater', value: last }] },
      orderBy: [{ column: 'ELid' }],
      limit: rowsAtOnce,
    });
    for (const row of rows) {
      last = Number(row['ELid']);
      const id = Number(row['ELHaloId']);
      const known = links.get(id) ?? [];
      links.set(id, known);
      known.push({ third_party_id: String(row['ELThirdPartyId']), third_party_desc: textOf(row['ELThirdPartyDesc']) });
    }
    if (rows.length < rowsAtOnce) return links;
  }
}

async function* assetRows(
  database: Database,
  own: string | undefined,
  scope: readonly string[],
  field: number | undefined,
): AsyncGenerator<Row> {
  let after: readonly [site: number, number: number] | undefined;
  for (;;) {
    const rows = await database.read({
      from: 'DEVICE',
      columns: [
        ...['DEVICE.Did', 'DEVICE.Dsite', 'DEVICE.ddevnum', 'DEVICE.dinvno', 'DEVICE.dinactive', 'DEVICE.DStatus'],
        ...(own === undefined ? [] : [{ column: `DEVICE.${own}`, as: 'own' }]),
        ...scope.map((column) => ({ column: `DEVICE.${column}`, as: column })),
        ...(field === undefined ? [] : ['value.idata']),
      ],
      ...(field !== undefined && { joins: valueOf(field) }),
      ...(after && { where: behind(after) }),
      orderBy: [{ column: 'DEVICE.Dsite' }, { column: 'DEVICE.ddevnum' }],
      limit: rowsAtOnce,
    });
    for (const row of rows) {
      const [site, number] = [Number(row['Dsite']), Number(row['ddevnum'])];
      // A field that stands on its type twice brings the asset twice.
      if (after?.[0] === site && after[1] === number) continue;
      after = [site, number];
      yield row;
    }
    if (rows.length < rowsAtOnce) return;
  }
}

function behind([site, number]: readonly [number, number]): Condition {
  return {
    any: [
      { column: 'DEVICE.Dsite', is: 'greater', value: site },
      {
        all: [
          { column: 'DEVICE.Dsite', is: 'equal', value: site },
          { column: 'DEVICE.ddevnum', is: 'greater', value: number },
        ],
      },
    ],
  };
}

/** The value of a field: TYPEINFO says which number it has on the asset's type, and INFO has it by site, number and that. */
function valueOf(field: number): readonly Join[] {
  return [
    {
      kind: 'left',
      table: 'TYPEINFO',
      as: 'layout',
      on: [['DEVICE.Dtype', 'layout.Xnum']],
      where: {
        all: [
          { column: 'layout.Xkind', is: 'equal', value: 'T' },
          { column: 'layout.Xfieldnos', is: 'equal', value: field },
        ],
      },
    },
    {
      kind: 'left',
      table: 'INFO',
      as: 'value',
      on: [
        ['DEVICE.Dsite', 'value.Isite'],
        ['DEVICE.ddevnum', 'value.Inum'],
        ['layout.Xseq', 'value.Iseq'],
      ],
      where: { column: 'value.Ikind', is: 'equal', value: 'D' },
    },
  ];
}

function textOf(value: Row[string] | undefined): string | undefined {
  const text = value === null || value === undefined ? '' : String(value).trim();
  return text === '' ? undefined : text;
}
