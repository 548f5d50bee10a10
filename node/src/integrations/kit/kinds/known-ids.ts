import { UnknownParameterError } from '../../../errors/halo-api-errors.ts';
import { comparedText } from '../../../halo-api/values/compared-text.ts';
import type { HaloObject } from '../../../halo-api/halo-api.ts';
import type { LinkedIds } from '../../../halo-api/reads/look-ups.ts';
import { resources } from '../../../halo-api/resources/index.ts';
import type { KindContext } from './kind.ts';
import type { OwnIdResource } from './own-ids.ts';

/** The field that keeps a vendor's id, with its value; none where Halo has no column for it, or it is no value of the column's. */
export function ownIdField({ ownIds }: Pick<KindContext, 'ownIds'>, resource: OwnIdResource, id: string): HaloObject {
  const field = ownIds?.[resource];
  const value = field === undefined ? undefined : ownIdValue(resource, field, id);
  return field === undefined || value === undefined ? {} : { [field]: value };
}

/**
 * The vendor's ids → Halo's: by the links (ExternalLink), else by the column of the vendor's own, which Halo's integrator fills. Several
 * records with one id in that column are told as several links are: none of them may be picked.
 */
export async function knownIds(
  context: Pick<KindContext, 'api' | 'scope' | 'ownIds'>,
  resource: OwnIdResource,
  ids: readonly string[],
): Promise<LinkedIds> {
  const { api, scope, ownIds } = context;
  const linked = await api.linkedIds(resource, scope, ids);
  const field = ownIds?.[resource];
  const open = field === undefined ? [] : ids.filter((id) => !linked.has(id) && !linked.several.has(id));
  if (field === undefined || open.length === 0) return linked;
  const values = open.flatMap((id) => ownIdValue(resource, field, id) ?? []);
  const found = Map.groupBy(await listByOwn(api, resource, field, values), (one) => comparedText(one[field]));
  const own = new Map(linked);
  const several = new Map(linked.several);
  for (const id of open) {
    const records = (found.get(comparedText(id)) ?? []).map((one) => Number(one['id'])).sort((a, b) => a - b);
    if (records.length > 1) several.set(id, records);
    else if (records[0] !== undefined) own.set(id, records[0]);
  }
  return Object.assign(own, { several });
}

/** Those of Halo's records that belong to some record of the vendor's already, by a link or by the vendor's own column. */
export async function takenIds(
  { api, scope, ownIds }: Pick<KindContext, 'api' | 'scope' | 'ownIds'>,
  resource: OwnIdResource,
  ids: readonly number[],
): Promise<ReadonlySet<number>> {
  const linked = await api.thirdPartyIds(resource, scope, ids);
  const field = ownIds?.[resource];
  const records = field === undefined ? [] : await api.listBy(resource, 'id', ids);
  const owned = records.filter(
    (one) => !['', '0', 'null', 'undefined'].includes(String(one[field ?? ''] ?? '').trim()),
  );
  return new Set([...linked.keys(), ...owned.map((one) => Number(one['id']))]);
}

/** An older Halo may not have the column. */
async function listByOwn(
  api: KindContext['api'],
  resource: OwnIdResource,
  field: string,
  values: readonly (string | number)[],
): Promise<readonly HaloObject[]> {
  try {
    return await api.listBy(resource, field, values);
  } catch (error) {
    if (error instanceof UnknownParameterError) return [];
    throw error;
  }
}

function ownIdValue(resource: OwnIdResource, field: string, id: string): string | number | undefined {
  const type = resources.get(resource.toLowerCase())?.fields.find(({ json }) => json === field)?.type;
  if (type === 'string') return id;
  // 0 stands for none in such a column.
  return /^[1-9]\d{0,9}$/.test(id) && Number(id) < 2 ** 31 ? Number(id) : undefined;
}
