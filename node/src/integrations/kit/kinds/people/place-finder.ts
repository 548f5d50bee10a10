import { comparedText } from '../../../../halo-api/values/compared-text.ts';
import type { HaloReads } from '../../../../halo-api/reads/look-ups.ts';
import { idIn } from '../../../halo-row.ts';
import { ruleOf, type MappingRule } from './mapping-rules.ts';
import type { MappedPeople, PersonMapping } from './person-mapping.ts';

/** Where a person belongs. */
export interface PersonPlace {
  readonly siteId?: number;
  /** Clients that the mapping or the customer names: a user of another one is somebody else. Undefined where neither names any. */
  readonly clientIds?: readonly number[];
  /** Whether the person is made a user where Halo has none. */
  readonly create: boolean;
}

/** What holds for a directory's people beside its mappings. */
export interface PlaceRules {
  /** The clients in Halo whose directory it is. */
  readonly clientIds: readonly number[];
  /** The site of the client it belongs to, where it is one's alone and says a site; asked where there are no mappings. */
  readonly own?: { readonly site: number | undefined } | undefined;
  /** Whether those are made whom a mapping or the client places, and those whom nothing does; and the site of the latter. */
  readonly createsMapped: boolean;
  readonly createsUnmatched: boolean;
  readonly defaultSite: number | undefined;
}

/** Where a person belongs; undefined where the connection is not about the person at all. */
export type PlaceFinder<T> = (person: T) => PersonPlace | undefined;

interface PlaceRule<T> {
  readonly applies: MappingRule<T>;
  readonly clientIds: readonly number[] | undefined;
  site(person: T): number | undefined;
}

/**
 * The first mapping that is about a person decides, in the order given. Where there are none, the client's site does, else the site for
 * whom nothing places. Guests are made users only by a mapping that asks for them.
 */
export async function createPlaceFinder<T>(
  mappings: readonly PersonMapping[],
  people: MappedPeople<T>,
  { clientIds, own, createsMapped, createsUnmatched, defaultSite }: PlaceRules,
  api: Pick<HaloReads, 'listBy'>,
): Promise<PlaceFinder<T>> {
  const rules: PlaceRule<T>[] = [];
  for (const mapping of mappings)
    rules.push({
      applies: await ruleOf(mapping, people),
      clientIds: await clientsOf(mapping, clientIds, api),
      site: await siteFinder(mapping, people, api),
    });
  const customer = clientIds.length > 0 ? clientIds : undefined;

  return (person) => {
    const rule = rules.find(({ applies }) => applies(person));
    if (rule) return placed(rule.site(person), createsMapped, rule.clientIds);
    const guest = people.isGuest(person);
    if (rules.length === 0 && own) return placed(own.site, createsMapped && !guest, customer);
    if (createsUnmatched && !guest) return placed(defaultSite, true, customer);
    return rules.length === 0 ? placed(defaultSite, false, customer) : undefined;
  };
}

function placed(siteId: number | undefined, create: boolean, clientIds: readonly number[] | undefined): PersonPlace {
  const named = clientIds && { clientIds };
  return siteId === undefined ? { create: false, ...named } : { siteId, create, ...named };
}

/** The clients of a mapping's sites, its own and the customer's. */
async function clientsOf(
  { clientId, siteId, defaultSiteId }: PersonMapping,
  customer: readonly number[],
  api: Pick<HaloReads, 'listBy'>,
): Promise<readonly number[] | undefined> {
  const named = [...customer, ...(clientId === undefined ? [] : [clientId])];
  const sites = [siteId, defaultSiteId].filter((id) => id !== undefined);
  if (named.length === 0 && sites.length === 0) return undefined;
  const found = await api.listBy('Site', 'id', sites);
  return [...named, ...found.flatMap((site) => idIn(site['client_id']) ?? [])];
}

async function siteFinder<T>(
  { siteField, clientId, defaultSiteId, siteId }: PersonMapping,
  people: MappedPeople<T>,
  api: Pick<HaloReads, 'listBy'>,
): Promise<PlaceRule<T>['site']> {
  const property = siteField === undefined ? undefined : people.property(siteField);
  if (property === undefined || clientId === undefined) return () => siteId ?? defaultSiteId;
  const sites = new Map<string, number | undefined>();
  for (const site of await activeSites(clientId, api)) {
    const name = comparedText(String(site['name'] ?? '').trim());
    // Two sites of one name: neither is meant.
    sites.set(name, sites.has(name) ? undefined : Number(site['id']));
  }
  return (person) => {
    const name = people.textOf(person, property);
    const named = name === undefined ? undefined : sites.get(comparedText(name.trim()));
    return named ?? defaultSiteId ?? siteId;
  };
}

/**
 * A client's only site; with several, none is guessed.
 * @param several told how many there are, where it is not one
 */
export async function onlySite(
  clientId: number,
  api: Pick<HaloReads, 'listBy'>,
  several: (sites: number) => void,
): Promise<number | undefined> {
  const sites = await activeSites(clientId, api);
  if (sites.length === 1) return Number(sites[0]?.['id']);
  several(sites.length);
  return undefined;
}

async function activeSites(clientId: number, api: Pick<HaloReads, 'listBy'>) {
  return (await api.listBy('Site', 'client_id', [clientId])).filter((site) => site['inactive'] !== true);
}
