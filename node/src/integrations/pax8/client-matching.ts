import { comparedText } from '../../halo-api/compared-text.ts';
import type { SiteMapping } from '../../halo-api/halo-api.ts';
import type { EntityContext } from '../entity.ts';
import type { Pax8Client } from './pax8-client.ts';
import { companyShape } from './pax8-records.ts';
import { isOn } from '../halo-row.ts';

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
 * else the only client of exactly its name. Of several links, the mapping says which is meant. Never a guess: a subscription under the
 * wrong client would be invoiced to it.
 */
export function createClientMatcher(context: EntityContext, pax8: Pax8Client): ClientMatcher {
  const { api, scope, connection } = context;
  const known = new Map<string, MatchedClient>();
  const withInactive = isOn(connection.row['PA8ImportInactiveAndDeleted']);
  let mapped: Promise<ReadonlyMap<string, SiteMapping>> | undefined;
  let companies: Promise<ReadonlyMap<string, Named>> | undefined;

  async function readCompanies(): Promise<ReadonlyMap<string, Named>> {
    const found = new Map<string, Named>();
    for await (const records of pax8.list('/companies', companyShape)) {
      for (const { id, name, status } of records)
        if (id && name) found.set(id, { name: name.trim(), leftOut: status && status !== 'Active' ? status : '' });
    }
    return found;
  }

  async function setAside(companyId: string, trouble: string): Promise<void> {
    const name = (await (companies ??= readCompanies())).get(companyId)?.name;
    known.set(companyId, { unmatched: `The Pax8 company ${name ? `"${name}"` : companyId} ${trouble}` });
  }

  async function byName(companyIds: readonly string[]): Promise<void> {
    const named = await (companies ??= readCompanies());
    const wanted = companyIds.flatMap((id) => named.get(id)?.name ?? []);
    const ids = wanted.length > 0 ? await api.idsByName('Client', [...new Set(wanted)]) : new Map<string, number[]>();
    for (const companyId of companyIds) {
      const company = named.get(companyId);
      const clients = company === undefined ? [] : (ids.get(comparedText(company.name)) ?? []);
      const only = clients.length === 1 ? clients[0] : undefined;
      known.set(
        companyId,
        only === undefined ? { unmatched: reason(companyId, company, clients, withInactive) } : { client_id: only },
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
          const found = mappings.get(comparedText(id));
          const mapping = found?.several ? undefined : found;
          const client = linked.get(id) ?? mapping?.halo_client_id;
          const several = linked.several.get(id);
          if (client !== undefined) {
            const site = mapping?.halo_client_id === client ? mapping.halo_id : 0;
            known.set(id, { client_id: client, ...(site > 0 && { site_id: site }) });
          } else if (several)
            await setAside(id, `is linked to several clients in Halo (${several.join(', ')}): ${toOne}`);
          else if (found?.several)
            await setAside(
              id,
              `is mapped to several clients in Halo (${found.several.join(', ')}): leave one mapping.`,
            );
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

/** A company's name, and the status for which Customers leaves it out unless Halo says otherwise ('' for none). */
interface Named {
  readonly name: string;
  readonly leftOut: string;
}

const toOne = 'map the company to one of them in Halo.';

/** Why no client has the name. Customers is advised only where it would make one. */
function reason(
  companyId: string,
  company: Named | undefined,
  clients: readonly number[],
  withInactive: boolean,
): string {
  if (company === undefined) return `Pax8 lists no company ${companyId}, and none is linked or mapped in Halo.`;
  const { name, leftOut } = company;
  if (clients.length > 0)
    return `${clients.length} clients in Halo are named "${name}" like the Pax8 company (${clients.join(', ')}): ${toOne}`;
  const none = `The Pax8 company "${name}" has no client in Halo`;
  return leftOut === '' || withInactive
    ? `${none}: map the company in Halo, or sync Customers.`
    : `${none}, and Customers leaves it out, as Pax8 says that it is ${leftOut}: map the company in Halo, or let the connection import inactive and deleted companies.`;
}
