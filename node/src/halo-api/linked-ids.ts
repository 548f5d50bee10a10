import type { HaloApiParts, LinkScope } from './halo-api.ts';
import { inParts } from './in-parts.ts';
import { linkTableId } from './inferred.ts';
import { linksOf } from './link-scope.ts';
import type { Resource } from './resources/resource.ts';

/** Third-party ids → Halo ids by ExternalLink under the scope. */
export async function linkedIds(
  { database, settings }: HaloApiParts,
  resource: Resource,
  scope: LinkScope,
  ids: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  const tableId = linkTableId(resource.name, settings);
  if (tableId === undefined) return found;
  const key = `target.${resource.key.column}`;
  for (const some of inParts(ids)) {
    const rows = await database.read({
      from: 'ExternalLink',
      columns: ['ELThirdPartyId', 'ELHaloId'],
      // Halo has no foreign keys: what a link leads to may be gone.
      joins: [{ kind: 'inner', table: resource.table, as: 'target', on: [['ExternalLink.ELHaloId', key]] }],
      where: {
        all: [...linksOf(tableId, scope), { column: 'ELThirdPartyId', is: 'in', values: some }],
      },
    });
    const byId = new Map(rows.map((row) => [String(row.ELThirdPartyId).toLowerCase(), Number(row.ELHaloId)]));
    for (const id of some) {
      const haloId = byId.get(id.toLowerCase());
      if (haloId !== undefined) found.set(id, haloId);
    }
  }
  return found;
}

/** Halo ids → the third-party ids they are linked with under the scope. */
export async function thirdPartyIds(
  { database, settings }: HaloApiParts,
  resource: Resource,
  scope: LinkScope,
  ids: readonly number[],
): Promise<ReadonlyMap<number, readonly string[]>> {
  const found = new Map<number, readonly string[]>();
  const tableId = linkTableId(resource.name, settings);
  if (tableId === undefined) return found;
  for (const some of inParts(ids)) {
    const rows = await database.read({
      from: 'ExternalLink',
      columns: ['ELThirdPartyId', 'ELHaloId'],
      where: { all: [...linksOf(tableId, scope), { column: 'ELHaloId', is: 'in', values: some }] },
    });
    for (const row of rows) {
      const id = Number(row.ELHaloId);
      found.set(id, [...(found.get(id) ?? []), String(row.ELThirdPartyId)]);
    }
  }
  return found;
}
