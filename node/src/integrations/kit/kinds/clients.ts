import type { ClientRecord } from './client-record.ts';
import { comparedText } from '../../../halo-api/values/compared-text.ts';
import type { HaloObject } from '../../../halo-api/halo-api.ts';
import type { MappedRecord } from '../../mapped-record.ts';
import { filled, givenFields } from './given-fields.ts';
import type { Kind, KindContext, KindRun } from './kind.ts';
import { createClientSites } from './client-sites.ts';
import { knownIds, ownIdField, takenIds } from './known-ids.ts';

/**
 * Clients with their sites. A client is the one the administrator mapped, which keeps its name in Halo; else the one it is linked to;
 * else the only one of exactly its name that none of the vendor's other clients is; else a new one at the connection's top level.
 */
export function clients(): Kind<ClientRecord> {
  return {
    resource: 'Client',
    alsoWrites: ['Site'],
    labels: ['Clients', 'Customers', 'Organisations', 'Companies', 'Accounts', 'Tenants', 'Clients and Sites'],
    open: async (context) => openClients(context),
  };
}

function openClients(context: KindContext): KindRun<ClientRecord> {
  const { api, scope, told, vendor } = context;
  const taken = new Map<string, string>();
  let mapped: ReturnType<typeof api.siteMappings> | undefined;

  /** Existing clients of these names, and whom of the vendor's they are linked with. */
  async function named(records: readonly ClientRecord[]) {
    const names = [...new Set(records.flatMap(({ name }) => filled(name) ?? []))];
    const ids = await api.idsByName('Client', names);
    const others = await takenIds(context, 'Client', [...new Set([...ids.values()].flat())]);
    return (name: string): readonly { readonly id: number; readonly free: boolean }[] =>
      (ids.get(comparedText(name)) ?? []).map((id) => ({ id, free: !others.has(id) }));
  }

  function fieldsOf(record: ClientRecord): HaloObject {
    return {
      ...givenFields({ website: record.website, inactive: record.inactive }),
      ...(told.topLevel !== undefined && { toplevel_id: told.topLevel }),
      ...ownIdField(context, 'Client', record.id),
    };
  }

  return {
    mapping: {
      async toHalo(records) {
        const mappings = await (mapped ??= api.siteMappings(scope));
        const linked = await knownIds(
          context,
          'Client',
          records.map(({ id }) => id),
        );
        const open = records.filter(({ id }) => !mappings.has(comparedText(id)) && !linked.has(id));
        const candidatesFor = await named(open);
        return records.map((record): MappedRecord => {
          const name = filled(record.name);
          const aside = (reason: string): MappedRecord => ({
            quarantined: name ?? `client ${record.id}`,
            reason,
            third_party_id: record.id,
          });
          if (name === undefined) return aside(`${vendor} gives no name for it.`);
          const known = {
            third_party_id: record.id,
            third_party_desc: name,
            ...(record.url !== undefined && { third_party_url: record.url }),
          };
          const { halo_client_id: halo, several } = mappings.get(comparedText(record.id)) ?? {};
          // Of several mappings a link says which is meant; it is found by that when it is written.
          if (several && linked.has(record.id)) return { fields: { name, ...fieldsOf(record) }, ...known };
          if (several) return aside(`Halo maps it to several clients (${several.join(', ')}): leave one mapping.`);
          const links = halo === undefined ? linked.several.get(record.id) : undefined;
          if (links)
            return aside(`It is linked to several clients in Halo (${links.join(', ')}): map it to one of them.`);
          if (halo !== undefined) return { fields: { id: halo, ...fieldsOf(record) }, ...known };
          const fields = { name, ...fieldsOf(record) };
          const linkedTo = linked.get(record.id);
          if (linkedTo !== undefined) return { fields: { id: linkedTo, ...fields }, ...known };
          const other = taken.get(comparedText(name));
          if (other !== undefined && other !== record.id)
            return aside(`${vendor} has another one of this name (${other}): map both to clients in Halo.`);
          const candidates = candidatesFor(name);
          const free = candidates.filter((one) => one.free);
          if (free.length > 1)
            return aside(`${free.length} clients in Halo have this name (${idsOf(free)}): map it to one of them.`);
          if (free.length === 0 && candidates.length > 0)
            return aside(
              `The client in Halo of this name (${idsOf(candidates)}) is another one of ${vendor}'s: map it to a client.`,
            );
          taken.set(comparedText(name), record.id);
          return { fields: { ...(free[0] && { id: free[0].id }), ...fields }, ...known };
        });
      },
    },
    target: {
      // Where a client is filed, and whether it is active, is the administrator's to say: it may be a customer of others, too.
      insertOnly: [
        ...(told.deactivateClients ? [] : ['inactive']),
        'toplevel_id',
        ...(told.updateAddresses ? [] : ['website']),
      ],
    },
    missing: told.deactivateClients ? 'deactivated' : 'left',
    followUps: createClientSites(context),
  };
}

function idsOf(clients: readonly { readonly id: number }[]): string {
  return clients.map(({ id }) => id).join(', ');
}
