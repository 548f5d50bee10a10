import { comparedText } from '../../../halo-api/compared-text.ts';
import type { MappingBasis } from '../../entity.ts';
import type { KindContext } from './kind.ts';
import { knownIds, takenIds } from './known-ids.ts';

/** A client as the vendor knows it. */
export interface VendorClient {
  readonly id: string;
  /** Looked for among the clients' names where neither a mapping nor a link says who it is. */
  readonly name?: string | undefined;
}

/** The Halo client one is, the site it was mapped to, or why none can be named. */
export type FoundClient = { readonly client_id: number; readonly site_id?: number } | { readonly unmatched: string };

/** Finds the Halo clients of a vendor's, many at once. */
export interface ClientFinder {
  /** Answers each by its id. */
  find(clients: readonly VendorClient[]): Promise<ReadonlyMap<string, FoundClient>>;
  readonly basis: MappingBasis;
}

/**
 * A vendor's client is the one the administrator mapped (IntegrationSiteMapping), else the one it is linked to (ExternalLink,
 * or the vendor's own column), else the
 * only one of exactly its name that no other of the vendor's clients is linked to. Never a guess: what hangs on the wrong client
 * may be invoiced to it.
 */
export function createClientFinder(context: Pick<KindContext, 'api' | 'scope' | 'vendor' | 'ownIds'>): ClientFinder {
  const { api, scope, vendor } = context;
  const known = new Map<string, FoundClient>();
  const names = new Map<string, string>();
  let mapped: ReturnType<typeof api.siteMappings> | undefined;

  async function byName(clients: readonly VendorClient[]): Promise<void> {
    const wanted = clients.flatMap(({ name }) => name?.trim() || []);
    const ids = wanted.length > 0 ? await api.idsByName('Client', [...new Set(wanted)]) : new Map<string, number[]>();
    const taken = await takenIds(context, 'Client', [...new Set([...ids.values()].flat())]);
    for (const { id, name } of clients) {
      const candidates = ids.get(comparedText(name?.trim())) ?? [];
      const free = candidates.filter((one) => !taken.has(one));
      const [only] = free;
      known.set(
        id,
        only !== undefined && free.length === 1
          ? { client_id: only }
          : { unmatched: whyNot(vendor, id, name, candidates.length, free.length) },
      );
    }
  }

  async function find(clients: readonly VendorClient[]): Promise<ReadonlyMap<string, FoundClient>> {
    const open = new Map(clients.filter(({ id }) => !known.has(id)).map((one) => [one.id, one]));
    if (open.size === 0) return known;
    const linked = await knownIds(context, 'Client', [...open.keys()]);
    const mappings = await (mapped ??= api.siteMappings(scope));
    for (const id of [...open.keys()]) {
      const mapping = mappings.get(comparedText(id));
      const several = mapping?.several ?? (mapping ? undefined : linked.several.get(id));
      if (several) {
        const trouble = `${mapping ? 'mapped' : 'linked'} to several clients in Halo (${several.join(', ')})`;
        known.set(id, {
          unmatched: `The ${vendor} client ${names.get(id) ?? id} is ${trouble}: map it to one of them.`,
        });
        open.delete(id);
        continue;
      }
      const client = mapping?.halo_client_id ?? linked.get(id);
      if (client === undefined) continue;
      known.set(id, { client_id: client, ...(mapping && mapping.halo_id > 0 && { site_id: mapping.halo_id }) });
      open.delete(id);
    }
    for (const { id, name } of open.values()) if (name !== undefined) names.set(id, name);
    if (open.size > 0) await byName([...open.values()]);
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

function whyNot(vendor: string, id: string, name: string | undefined, candidates: number, free: number): string {
  const fix = 'map it to a client in Halo, or sync the clients.';
  if (name === undefined) return `The ${vendor} client ${id} is neither mapped nor linked in Halo: ${fix}`;
  if (candidates === 0) return `The ${vendor} client "${name}" has no client in Halo: ${fix}`;
  if (free === 0)
    return `The client in Halo named "${name}" belongs to another ${vendor} client: map this one to a client in Halo.`;
  return `${free} clients in Halo are named "${name}" like the ${vendor} client: map it to one of them in Halo.`;
}
