import type { Database, Row } from '../../database/database.ts';
import type { Condition, Join } from '../../database/query.ts';
import type { AssetLink, KnownAsset, KnownAssetsRequest, LinkScope } from '../halo-api.ts';
import type { HaloApiParts } from '../api-parts.ts';
import { comparedText } from '../values/compared-text.ts';
import { linkTableId } from '../inferred.ts';
import { linksOf } from '../links/link-scope.ts';
import type { Resource } from '../resources/resource.ts';

/** Rows read at once. */
const rowsAtOnce = 2000;

/**
 * All assets as far as a vendor's are told by it: asset tag, site, the vendor's own id and the value of one field. Read in parts, by the
 * primary key: to look for each of a vendor's would read the table through again and again.
 */
export async function* knownAssets(
  { database }: HaloApiParts,
  resource: Resource,
  request: KnownAssetsRequest,
): AsyncGenerator<KnownAsset, void, undefined> {
  const there = (await database.describe([resource.table])).get(resource.table)?.columns;
  const columnOf = (field: string | undefined): string | undefined =>
    resource.fields.find(({ json, column }) => json === field && there?.has(column))?.column;
  const scoped = Object.entries(request.ownScope ?? {}).map(([field, value]) => [columnOf(field), value] as const);
  const scopeColumns = scoped.flatMap(([column]) => column ?? []);
  // Without a column that says whose the id is, it is nobody's.
  const own = scopeColumns.length === scoped.length ? columnOf(request.ownIdField) : undefined;
  const isOurs = (row: Row): boolean =>
    scoped.every(([column, value]) => comparedText(row[column ?? '']) === comparedText(value));
  for await (const row of assetRows(database, own, scopeColumns, request.field)) {
    const [ownId, value] = [textOf(row['own']), textOf(row['idata'])];
    yield {
      id: Number(row['Did']),
      site_id: Number(row['Dsite']),
      inventory_number: textOf(row['dinvno']) ?? '',
      status_id: Number(row['DStatus'] ?? 0),
      ...(ownId !== undefined && ownId !== '0' && isOurs(row) && { own_id: ownId }),
      ...(value !== undefined && { value }),
    };
  }
}

/** The links of all assets under a scope, in parts, by the primary key. */
export async function* assetLinks(
  { database, settings }: HaloApiParts,
  resource: Resource,
  scope: LinkScope,
): AsyncGenerator<AssetLink, void, undefined> {
  const scoped = linksOf(linkTableId(resource.name, settings) ?? -1, scope);
  for (let last = 0; ;) {
    const rows = await database.read({
      from: 'ExternalLink',
      columns: ['ELid', 'ELHaloId', 'ELThirdPartyId', 'ELThirdPartyDesc'],
      where: { all: [...scoped, { column: 'ELid', is: 'greater', value: last }] },
      orderBy: [{ column: 'ELid' }],
      limit: rowsAtOnce,
    });
    for (const row of rows) {
      last = Number(row['ELid']);
      yield {
        asset_id: Number(row['ELHaloId']),
        third_party_id: String(row['ELThirdPartyId']),
        third_party_desc: textOf(row['ELThirdPartyDesc']),
      };
    }
    if (rows.length < rowsAtOnce) return;
  }
}

/** Assets in the order of the primary key: what is left of the site at hand, then the sites behind it, each found by that key alone. */
async function* assetRows(
  database: Database,
  own: string | undefined,
  scope: readonly string[],
  field: number | undefined,
): AsyncGenerator<Row> {
  const read = (where: Condition | undefined) =>
    database.read({
      from: 'DEVICE',
      columns: [
        ...['DEVICE.Did', 'DEVICE.Dsite', 'DEVICE.ddevnum', 'DEVICE.dinvno', 'DEVICE.DStatus'],
        ...(own === undefined ? [] : [{ column: `DEVICE.${own}`, as: 'own' }]),
        ...scope.map((column) => ({ column: `DEVICE.${column}`, as: column })),
        ...(field === undefined ? [] : ['value.idata']),
      ],
      ...(field !== undefined && { joins: valueOf(field) }),
      ...(where && { where }),
      orderBy: [{ column: 'DEVICE.Dsite' }, { column: 'DEVICE.ddevnum' }],
      limit: rowsAtOnce,
    });
  let [site, number]: [number | undefined, number] = [undefined, 0];
  let atSite = false;
  for (;;) {
    const rows = await read(site === undefined ? undefined : behind(site, atSite ? number : undefined));
    for (const row of rows) {
      const [nextSite, nextNumber] = [Number(row['Dsite']), Number(row['ddevnum'])];
      // A field that stands on its type twice brings the asset twice.
      if (site === nextSite && number === nextNumber) continue;
      [site, number] = [nextSite, nextNumber];
      yield row;
    }
    if (rows.length === rowsAtOnce) atSite = true;
    else if (atSite) atSite = false;
    else return;
  }
}

function behind(site: number, number: number | undefined): Condition {
  if (number === undefined) return { column: 'DEVICE.Dsite', is: 'greater', value: site };
  return {
    all: [
      { column: 'DEVICE.Dsite', is: 'equal', value: site },
      { column: 'DEVICE.ddevnum', is: 'greater', value: number },
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
