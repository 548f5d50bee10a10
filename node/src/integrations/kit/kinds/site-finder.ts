import type { HaloObject } from '../../../halo-api/halo-api.ts';
import type { MappedSite } from '../../../halo-api/reads/look-ups.ts';
import type { MappingBasis } from '../../entity.ts';
import { comparedText } from '../../../halo-api/values/compared-text.ts';
import { createClientFinder, type FoundClient } from './client-finder.ts';
import type { KindContext } from './kind.ts';
import { knownIds } from './known-ids.ts';

/** Where something is, as the vendor knows it: its client, its site there, or both. */
export interface VendorPlace {
  readonly client?: string | undefined;
  readonly clientName?: string | undefined;
  readonly site?: string | undefined;
  readonly siteName?: string | undefined;
}

/** The Halo site a place is, or why none can be named. */
export type FoundSite = { readonly site_id: number; readonly client_id: number } | { readonly unmatched: string };

/** Finds the Halo sites of a vendor's places, many at once. */
export interface SiteFinder {
  /** Answers each in order. */
  find(places: readonly VendorPlace[]): Promise<readonly FoundSite[]>;
  readonly basis: MappingBasis;
}

/**
 * A vendor's site is the one the administrator mapped (IntegrationSiteMapping), else the one it is linked to (ExternalLink), else, at
 * the Halo client of the vendor's, the one the client was mapped to, the only one of exactly its name, the one linked with the
 * client itself (its main site), the client's only active one; where no client is said, the only one of exactly its name. Where none
 * of these says, it is the default site. What is mapped or linked to several is none of them, and looked for no further. Where an entity
 * brings the vendor's sites, one that Halo has not yet is waited for: an asset stays at the site it was made at.
 *
 * @param defaultSite SITE.Ssitenum for what nothing else places, where there is one
 */
export function createSiteFinder(context: KindContext, defaultSite?: number): SiteFinder {
  const { api, scope, vendor, sitesEntity } = context;
  const clients = createClientFinder(context);
  const known = new Map<string, FoundSite>();
  const asked = new Map<string, VendorPlace>();
  const sitesOf = new Map<number, readonly HaloObject[]>();
  let mapped: Promise<readonly MappedSite[]> | undefined;
  let otherwise: Promise<PlacedSite | undefined> | undefined;

  async function readSites(clientIds: Iterable<number>): Promise<void> {
    const open = [...new Set(clientIds)].filter((id) => !sitesOf.has(id));
    const byClient = Map.groupBy(await api.listBy('Site', 'client_id', open), (site) => Number(site['client_id']));
    for (const id of open) sitesOf.set(id, byClient.get(id) ?? []);
  }

  async function readDefault(): Promise<PlacedSite | undefined> {
    if (defaultSite === undefined) return undefined;
    const [site] = await api.listBy('Site', 'id', [defaultSite]);
    if (!site) context.warn(`The default site ${defaultSite} of the connection is none of Halo's.`);
    return site && placed(site);
  }

  /** Sites of these names, where each is the only one of it; asked for places whose client is not said. */
  async function namedSites(places: readonly VendorPlace[]): Promise<ReadonlyMap<string, PlacedSite>> {
    const names = places.flatMap(({ client, siteName }) => (client === undefined ? (siteName?.trim() ?? []) : []));
    if (names.length === 0) return new Map();
    const ids = await api.idsByName('Site', [...new Set(names)]);
    const only = [...ids].flatMap(([name, [id, another]]) =>
      id !== undefined && another === undefined ? [[name, id] as const] : [],
    );
    const sites = await api.listBy('Site', 'id', [...new Set(only.map(([, id]) => id))]);
    const byId = new Map(sites.map((site) => [Number(site['id']), placed(site)]));
    return new Map(only.flatMap(([name, id]) => (byId.has(id) ? [[name, byId.get(id) as PlacedSite]] : [])));
  }

  async function linkedSites(places: readonly VendorPlace[]): Promise<LinkedSites> {
    const ids = new Set(places.flatMap(({ site, client }) => [site ?? [], client ?? []].flat()));
    const linked = await knownIds(context, 'Site', [...ids]);
    const sites = new Map(
      (await api.listBy('Site', 'id', [...new Set(linked.values())])).map((site) => [Number(site['id']), placed(site)]),
    );
    const found = [...linked].flatMap(([id, site]) =>
      sites.has(site) ? [[id, sites.get(site) as PlacedSite] as const] : [],
    );
    return Object.assign(new Map(found), { several: linked.several });
  }

  async function lookUp(places: readonly VendorPlace[]): Promise<void> {
    const rows = await (mapped ??= api.mappedSites(scope));
    const linked = await linkedSites(places);
    const named = await namedSites(places);
    const found = await clients.find(
      places.flatMap(({ client, clientName }) => (client === undefined ? [] : [{ id: client, name: clientName }])),
    );
    await readSites([...found.values()].flatMap((one) => ('client_id' in one ? [one.client_id] : [])));
    for (const place of places) {
      const client = place.client === undefined ? undefined : found.get(place.client);
      const waits = sitesEntity !== undefined && place.site !== undefined;
      const site =
        decidedFor(place, rows, linked) ??
        (client && 'client_id' in client
          ? atClient(place, client, linked, sitesOf.get(client.client_id) ?? [], waits)
          : named.get(comparedText(place.siteName?.trim()))) ??
        (waits ? undefined : await (otherwise ??= readDefault()));
      known.set(keyOf(place), site ?? { unmatched: whyNot(vendor, place, client, sitesEntity) });
      asked.set(keyOf(place), place);
    }
  }

  async function find(places: readonly VendorPlace[]): Promise<readonly FoundSite[]> {
    const open = new Map<string, VendorPlace>();
    for (const place of places) if (!known.has(keyOf(place))) open.set(keyOf(place), place);
    if (open.size > 0) await lookUp([...open.values()]);
    return places.map(
      (place) => known.get(keyOf(place)) ?? { unmatched: whyNot(vendor, place, undefined, sitesEntity) },
    );
  }

  return {
    find,
    basis: {
      value: async () =>
        [...known]
          .sort(([one], [other]) => (one < other ? -1 : 1))
          .flatMap(([key, site]) => ('site_id' in site ? [[asked.get(key), site] as const] : [])),
      async lookUpAgain(earlier) {
        await find((earlier as readonly (readonly [VendorPlace, FoundSite])[]).map(([place]) => place));
      },
    },
  };
}

type PlacedSite = Extract<FoundSite, { readonly site_id: number }>;

function keyOf({ client, clientName, site, siteName }: VendorPlace): string {
  return JSON.stringify([client, site, clientName, siteName]);
}

function placed(site: HaloObject): PlacedSite {
  return { site_id: Number(site['id']), client_id: Number(site['client_id']) };
}

/** Sites by the vendor's ids that are linked to them, and ids that are linked to several. */
type LinkedSites = ReadonlyMap<string, PlacedSite> & { readonly several: ReadonlyMap<string, readonly number[]> };

const same = (one: string, other: string): boolean => comparedText(one) === comparedText(other);

/** What a mapping of the administrator's or a link says of the vendor's site; of several mappings, the link says which is meant. */
function decidedFor(place: VendorPlace, rows: readonly MappedSite[], linked: LinkedSites): FoundSite | undefined {
  if (place.site === undefined) return undefined;
  const mapped = mappedTo(place, rows);
  if (mapped && 'site_id' in mapped) return mapped;
  const link = linked.get(place.site);
  if (link ?? mapped) return link ?? mapped;
  const several = linked.several.get(place.site);
  return (
    several && { unmatched: `It is linked to several sites in Halo (${several.join(', ')}): map it to one of them.` }
  );
}

/** The site that rows of the administrator's map the vendor's site to; ids of sites may count anew within each client. */
function mappedTo({ client, site = '' }: VendorPlace, rows: readonly MappedSite[]): FoundSite | undefined {
  const fitting = rows.filter(
    (one) =>
      same(site, one.third_party_id) &&
      (one.halo_id > 0 || one.several || one.severalSites) &&
      (client === undefined || one.third_party_client_id === '' || same(client, one.third_party_client_id)),
  );
  // A row that names the client as well counts before one for every client.
  const exact = fitting.filter((one) => client !== undefined && one.third_party_client_id !== '');
  const counting = exact.length > 0 ? exact : fitting;
  const clients = counting.flatMap(({ several }) => several ?? []);
  if (clients.length > 0)
    return { unmatched: `Halo maps it to several clients (${clients.join(', ')}): leave one mapping.` };
  const sites = new Set(counting.flatMap(({ halo_id, severalSites }) => severalSites ?? [halo_id]));
  if (sites.size > 1)
    return { unmatched: `Halo maps it to several sites (${[...sites].join(', ')}): leave one mapping.` };
  const [row] = counting;
  return row && { site_id: row.halo_id, client_id: row.halo_client_id };
}

/** Which of the client's sites a place is. @param byNameAlone where its own one is still to come, and no other stands in for it */
function atClient(
  { client, site, siteName }: VendorPlace,
  found: Extract<FoundClient, { readonly client_id: number }>,
  linked: ReadonlyMap<string, PlacedSite>,
  sites: readonly HaloObject[],
  byNameAlone: boolean,
): PlacedSite | undefined {
  const named =
    siteName === undefined ? [] : sites.filter((site) => same(siteName.trim(), String(site['name']).trim()));
  const main = linked.get(client ?? '');
  const active = sites.filter((site) => site['inactive'] !== true);
  const [byName, only] = [named.length === 1 ? named[0] : undefined, active.length === 1 ? active[0] : undefined];
  if (byName) return placed(byName);
  if (byNameAlone) return undefined;
  const mapped = found.site_id === undefined ? undefined : { site_id: found.site_id, client_id: found.client_id };
  if (mapped && !found.bySites) return mapped;
  if (main?.client_id === found.client_id) return main;
  if (only) return placed(only);
  // A mapping of another of its sites says nothing of this one, which an asset would be at for good.
  return site === undefined ? mapped : undefined;
}

function whyNot(
  vendor: string,
  place: VendorPlace,
  client: FoundClient | undefined,
  sitesEntity: string | undefined,
): string {
  const { site, siteName, client: id, clientName } = place;
  if (id === undefined && site === undefined)
    return `${vendor} says no client and no site for it, and there is no default site in Halo.`;
  if (client && 'unmatched' in client) return client.unmatched;
  const named = siteName ?? site;
  if (site !== undefined && sitesEntity !== undefined)
    return `The ${vendor} site "${named}" is not in Halo yet: sync ${sitesEntity}, or map it to a site of the client's.`;
  return named === undefined
    ? `The client of "${clientName ?? id}" has no site in Halo, or several: map it to one of them, or sync the clients.`
    : `The ${vendor} site "${named}" is none of the client's in Halo: map it to one, sync the clients, or set a default site in Halo.`;
}
