import type { Condition, Query } from '../../database/query.ts';
import { comparedText } from '../values/compared-text.ts';
import type { LinkScope } from '../halo-api.ts';
import type { HaloApiParts } from '../api-parts.ts';
import type { LinkedIds } from '../reads/look-ups.ts';
import { inParts } from '../reads/in-parts.ts';
import { linkTableId } from '../inferred.ts';
import { linksOf } from './link-scope.ts';
import type { Resource } from '../resources/resource.ts';

/** Ids looked for at once: each look-up may read the links through. A statement takes 2,100 parameters, of which one id may need one. */
const idsAtOnce = 2000;

interface Parts extends Pick<HaloApiParts, 'settings'> {
  readonly database: Pick<HaloApiParts['database'], 'read'>;
}

/**
 * The records that third-party ids are linked to. A link of the connection itself counts before one for all (ELDetailsId 0, its default,
 * or null), as with site mappings; of links that lead nowhere none does. Where several are left, none is picked.
 */
export async function linkedIds(
  { database, settings }: Parts,
  resource: Resource,
  scope: LinkScope,
  ids: readonly string[],
): Promise<LinkedIds> {
  const found = new Map<string, number>();
  const several = new Map<string, readonly number[]>();
  const tableId = linkTableId(resource.name, settings);
  if (tableId === undefined) return Object.assign(found, { several });
  const key = `target.${resource.key.column}`;
  for (const some of inParts(ids, idsAtOnce)) {
    const rows = await database.read({
      from: 'ExternalLink',
      links: linksFor(tableId, scope),
      columns: ['ELThirdPartyId', 'ELHaloId', 'ELDetailsId'],
      // Halo has no foreign keys: what a link leads to may be gone.
      joins: [{ kind: 'inner', table: resource.table, as: 'target', on: [['ExternalLink.ELHaloId', key]] }],
      where: { all: [...ownOrForAll(tableId, scope), { column: 'ELThirdPartyId', is: 'in', values: some }] },
    });
    const [own, forAll] = [new Map<string, Set<number>>(), new Map<string, Set<number>>()];
    for (const row of rows) {
      const links = Number(row.ELDetailsId ?? 0) === scope.details_id ? own : forAll;
      const id = comparedText(row.ELThirdPartyId);
      links.set(id, (links.get(id) ?? new Set()).add(Number(row.ELHaloId)));
    }
    for (const id of some) {
      const [first, ...others] = own.get(comparedText(id)) ?? forAll.get(comparedText(id)) ?? [];
      if (first === undefined) continue;
      if (others.length === 0) found.set(id, first);
      else
        several.set(
          id,
          [first, ...others].sort((a, b) => a - b),
        );
    }
  }
  return Object.assign(found, { several });
}

/** Halo ids → the third-party ids they are linked with under the scope. */
export async function thirdPartyIds(
  { database, settings }: Parts,
  resource: Resource,
  scope: LinkScope,
  ids: readonly number[],
): Promise<ReadonlyMap<number, readonly string[]>> {
  const found = new Map<number, readonly string[]>();
  const tableId = linkTableId(resource.name, settings);
  if (tableId === undefined) return found;
  for (const some of inParts(ids, idsAtOnce)) {
    const rows = await database.read({
      from: 'ExternalLink',
      links: linksFor(tableId, scope),
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

function linksFor(tableId: number, { module_id }: LinkScope): NonNullable<Query['links']> {
  return {
    keyColumn: 'ELHaloId',
    idColumn: 'ELThirdPartyId',
    scope: { ELTableId: tableId, ELModuleId: module_id },
  };
}

function ownOrForAll(tableId: number, scope: LinkScope): Condition[] {
  return [
    { column: 'ELTableId', is: 'equal', value: tableId },
    { column: 'ELModuleId', is: 'equal', value: scope.module_id },
    {
      any: [
        { column: 'ELDetailsId', is: 'in', values: [scope.details_id, 0] },
        { column: 'ELDetailsId', is: 'null' },
      ],
    },
  ];
}
