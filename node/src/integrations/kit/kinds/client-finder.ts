import { comparedText } from '../../../halo-api/values/compared-text.ts';
import type { SiteMapping } from '../../../halo-api/reads/look-ups.ts';
import type { MappingBasis } from '../../entity.ts';
import type { KindContext } from './kind.ts';
import { clientMessages, type NamedVendorClient } from './client-messages.ts';
import { knownIds, takenIds } from './known-ids.ts';

/** A client as the vendor knows it. */
export interface VendorClient {
  readonly id: string;
  /** Looked for among the clients' names where neither a mapping nor a link says who it is. */
  readonly name?: string | undefined;
}

/**
 * The Halo client one is, and the site it was mapped to; or why none can be named. `bySites` where only sites of it were mapped, all of
 * them to that one: nothing is said of its other sites.
 */
export type FoundClient =
  { readonly client_id: number; readonly site_id?: number; readonly bySites?: true } | { readonly unmatched: string };

/** Finds the Halo clients of a vendor's, many at once. */
export interface ClientFinder {
  /** Answers each by its id. */
  find(clients: readonly VendorClient[]): Promise<ReadonlyMap<string, FoundClient>>;
  readonly basis: MappingBasis;
}

/**
 * A vendor's client is the one the administrator mapped (IntegrationSiteMapping), else the one it is linked to (ExternalLink,
 * or the vendor's own column), else the only one of exactly its name that no other of the vendor's clients is linked to. Where several
 * are mapped, the link says which is meant; of two of the vendor's with one name, neither is it by that. Never a guess: what hangs on the wrong client may be invoiced to it.
 */
export function createClientFinder(
  context: Pick<KindContext, 'api' | 'scope' | 'vendor' | 'ownIds' | 'vendorClients'>,
): ClientFinder {
  const { api, scope, vendor, vendorClients = {} } = context;
  const says = clientMessages(vendor, vendorClients);
  const known = new Map<string, FoundClient>();
  const names = new Map<string, string>();
  /** Which of the vendor's clients are of a name that was looked for. */
  const namesakes = new Map<string, Set<string>>();
  let mapped: ReturnType<typeof api.siteMappings> | undefined;

  /** Clients that the vendor's records name by their ids alone, with their names. */
  async function withNames(clients: readonly VendorClient[]): Promise<readonly NamedVendorClient[]> {
    if (!vendorClients.names || clients.every(({ name }) => name?.trim())) return clients;
    const all = await vendorClients.names();
    return clients.map((one) =>
      one.name?.trim() ? one : { id: one.id, ...all.get(one.id), unlisted: !all.has(one.id) },
    );
  }

  async function byName(clients: readonly NamedVendorClient[]): Promise<void> {
    const wanted = clients.flatMap(({ name }) => name?.trim() || []);
    const ids = wanted.length > 0 ? await api.idsByName('Client', [...new Set(wanted)]) : new Map<string, number[]>();
    const taken = await takenIds(context, 'Client', [...new Set([...ids.values()].flat())]);
    const called = (name: string | undefined): Set<string> => {
      const known = namesakes.get(comparedText(name?.trim())) ?? new Set();
      namesakes.set(comparedText(name?.trim()), known);
      return known;
    };
    for (const { id, name } of clients) if (name?.trim()) called(name).add(id);
    for (const client of clients) {
      const candidates = ids.get(comparedText(client.name?.trim())) ?? [];
      const other = client.name === undefined ? undefined : [...called(client.name)].find((id) => id !== client.id);
      if (other !== undefined && candidates.length > 0) {
        known.set(client.id, { unmatched: says.namesake(client, other) });
        continue;
      }
      const free = candidates.filter((one) => !taken.has(one));
      const [only] = free;
      known.set(
        client.id,
        only !== undefined && free.length === 1
          ? { client_id: only }
          : { unmatched: says.notNamed(client, candidates, free) },
      );
    }
  }

  async function find(clients: readonly VendorClient[]): Promise<ReadonlyMap<string, FoundClient>> {
    const open = new Map(clients.filter(({ id }) => !known.has(id)).map((one) => [one.id, one]));
    if (open.size === 0) return known;
    const linked = await knownIds(context, 'Client', [...open.keys()]);
    const mappings = await (mapped ??= api.siteMappings(scope));
    const left: VendorClient[] = [];
    for (const one of open.values()) {
      const mapping = mappings.get(comparedText(one.id));
      const decided = mapping?.several ? undefined : mapping;
      const client = decided?.halo_client_id ?? linked.get(one.id);
      if (client !== undefined) known.set(one.id, { client_id: client, ...(decided && siteIn(decided)) });
      else left.push(one);
    }
    if (left.length === 0) return known;
    const named = await withNames(left);
    for (const { id, name } of named) if (name !== undefined) names.set(id, name);
    const unsure = named.filter((one) => {
      const mapping = mappings.get(comparedText(one.id))?.several;
      const several = mapping ?? linked.several.get(one.id);
      if (several) known.set(one.id, { unmatched: says.several(one, several, mapping !== undefined) });
      return !several;
    });
    if (unsure.length > 0) await byName(unsure);
    return known;
  }

  return {
    find,
    basis: {
      value: async () =>
        [...known]
          .filter(([, client]) => 'client_id' in client)
          .map(([id, client]) => [id, names.get(id) ?? null, client] as const)
          .sort(([one], [other]) => (one < other ? -1 : 1)),
      async lookUpAgain(earlier) {
        const before = earlier as readonly (readonly [id: string, name: string | null, client: FoundClient])[];
        await find(before.map(([id, name]) => ({ id, ...(name !== null && { name }) })));
      },
    },
  };
}

function siteIn({ halo_id: site, bySites }: SiteMapping): { readonly site_id?: number; readonly bySites?: true } {
  return site > 0 ? { site_id: site, ...(bySites && { bySites }) } : {};
}
