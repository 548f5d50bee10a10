import type { SiteMapping } from '../../halo-api/halo-api.ts';
import type { EntityContext } from '../entity.ts';
import type { Pax8Client } from './pax8-client.ts';
import { companyShape } from './pax8-records.ts';

/** The Halo client a Pax8 company is, or why none can be named. */
export type MatchedClient = { readonly client_id: number; readonly site_id?: number } | { readonly unmatched: string };

/** Finds the Halo clients of Pax8 companies, many at once. */
export interface ClientMatcher {
  match(companyIds: readonly string[]): Promise<ReadonlyMap<string, MatchedClient>>;
  /** The companies whose client was found so far, in the order of their ids. */
  found(): readonly (readonly [companyId: string, client: MatchedClient])[];
}

/**
 * A company is the client it is linked to (ExternalLink), else the one the administrator mapped (IntegrationSiteMapping),
 * else the only client of exactly its name. Never a guess: a subscription under the wrong client would be invoiced to it.
 */
export function createClientMatcher(context: EntityContext, pax8: Pax8Client): ClientMatcher {
  const { api, scope } = context;
  const known = new Map<string, MatchedClient>();
  let mapped: Promise<ReadonlyMap<string, SiteMapping>> | undefined;
  let names: Promise<ReadonlyMap<string, string>> | undefined;

  async function readNames(): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>();
    for await (const records of pax8.list('/companies', companyShape)) {
      for (const { id, name } of records) if (id && name) found.set(id, name.trim());
    }
    return found;
  }

  async function byName(companyIds: readonly string[]): Promise<void> {
    const companies = await (names ??= readNames());
    const wanted = companyIds.flatMap((id) => companies.get(id) ?? []);
    const ids = wanted.length > 0 ? await api.idsByName('Client', [...new Set(wanted)]) : new Map<string, number[]>();
    for (const companyId of companyIds) {
      const name = companies.get(companyId);
      const clients = name === undefined ? [] : (ids.get(name.toLowerCase()) ?? []);
      const only = clients.length === 1 ? clients[0] : undefined;
      known.set(
        companyId,
        only === undefined ? { unmatched: reason(companyId, name, clients.length) } : { client_id: only },
      );
    }
  }

  return {
    async match(companyIds) {
      let open = [...new Set(companyIds)].filter((id) => !known.has(id));
      if (open.length > 0) {
        const linked = await api.linkedIds('Client', scope, open);
        const mappings = await (mapped ??= api.siteMappings(scope));
        for (const id of open) {
          const mapping = mappings.get(id.toLowerCase());
          const client = linked.get(id) ?? mapping?.halo_client_id;
          if (client === undefined) continue;
          const site = mapping?.halo_client_id === client ? mapping.halo_id : 0;
          known.set(id, { client_id: client, ...(site > 0 && { site_id: site }) });
        }
        open = open.filter((id) => !known.has(id));
        if (open.length > 0) await byName(open);
      }
      return known;
    },
    found: () =>
      [...known].filter(([, client]) => 'client_id' in client).sort(([one], [other]) => (one < other ? -1 : 1)),
  };
}

function reason(companyId: string, name: string | undefined, clients: number): string {
  if (name === undefined) return `Pax8 lists no company ${companyId}, and none is linked or mapped in Halo.`;
  const fix = 'map the company in Halo, or sync Customers.';
  return clients === 0
    ? `The Pax8 company "${name}" has no client in Halo: ${fix}`
    : `${clients} clients in Halo are named "${name}" like the Pax8 company: ${fix}`;
}
