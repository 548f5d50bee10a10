import type { HaloRecord } from '../../../halo-api/halo-api.ts';
import type { MappedRecord } from '../../mapped-record.ts';
import type { KindContext, KindRun, Untouched } from '../kinds/kind.ts';

/**
 * Makes records that are there, and of which nothing is written, what the sync finds again: by the vendor's own id where the kind keeps
 * that in a field, else by their links, without which Halo has nothing of them.
 */
export function createUntouched<R>(
  { api, scope }: Pick<KindContext, 'api' | 'scope'>,
  resource: string,
  target: KindRun<R>['target'],
): (records: readonly Untouched[]) => Promise<readonly MappedRecord[]> {
  const own = 'write' in target ? undefined : target.ownIdField;

  function found({ untouched: id, name }: Untouched): HaloRecord {
    const fields = own === undefined ? {} : { [own]: id };
    return { fields, third_party_id: id, ...(name && { third_party_desc: name }), update_only: true };
  }

  return async (records) => {
    if (own !== undefined) return records.map(found);
    const linked = await api.linkedIds(
      resource,
      scope,
      records.map(({ untouched }) => untouched),
    );
    const isThere = ({ untouched: id }: Untouched): boolean => linked.has(id) || linked.several.has(id);
    return records.map((one) => (isThere(one) ? found(one) : { left_out: true }));
  };
}
