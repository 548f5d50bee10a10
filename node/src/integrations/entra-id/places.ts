import { RecordNotFoundError } from '../../errors/halo-api-errors.ts';
import type { EntityContext } from '../entity.ts';
import type { DescribedContext } from '../kit/descriptor/described-context.ts';
import type { Directory, EntraTenant, Mapping } from './directory.ts';
import { userProperty, type GraphUser } from './graph.ts';
import { ruleOf, type MappingRule } from './mapping-rules.ts';
import { idIn, isOn } from '../halo-row.ts';

/** Where a user belongs; undefined where the connection is not about the user at all. */
export interface Place {
  readonly siteId?: number;
  /** Clients that the mapping or the tenant names: a user of another one is somebody else. Undefined where neither names any. */
  readonly clientIds?: readonly number[];
  /** Whether the user is created where Halo has none. */
  readonly create: boolean;
}

/** Finds places of one tenant's users. */
export interface PlaceFinder {
  placeOf(user: GraphUser): Place | undefined;
}

/**
 * The first mapping that is about a user decides (amsequenceid). Where a tenant has no mappings, its client's site does, else
 * the connection's site for unmatched users, else its default site. What docs/integrations/entra-id.md says about creating
 * users is decided here and nowhere else.
 */
export async function createPlaceFinder(
  { mappings }: Directory,
  tenant: EntraTenant,
  context: DescribedContext,
): Promise<PlaceFinder> {
  const { row } = context.connection;
  const own = mappings.filter(
    ({ tenantId, forAgents }) => !forAgents && (tenantId === '' || tenantId === tenant.id.toLowerCase()),
  );
  const rules: {
    readonly mapping: Mapping;
    readonly applies: MappingRule;
    readonly clientIds: readonly number[] | undefined;
    site(user: GraphUser): number | undefined;
  }[] = [];
  for (const mapping of own) {
    rules.push({
      mapping,
      applies: await ruleOf(mapping, tenant, context),
      clientIds: await clientsOf(mapping, tenant, context),
      site: await siteFinder(mapping, context),
    });
  }
  const createsMapped = context.settings['CreateMappedUsers'] === true;
  const createsUnmatched = isOn(row['accreateunmatchedusers']);
  const defaultSite = idIn(row['acunmatchedusersite']) ?? idIn(row['ACDefaultSite']);
  const tenantSite = tenant.clientId === undefined ? undefined : await siteOfTenant(tenant, context);

  const ofTenant = tenant.clientIds.length > 0 ? tenant.clientIds : undefined;

  return {
    placeOf(user) {
      const rule = rules.find(({ applies }) => applies(user));
      if (rule) return placed(rule.site(user), createsMapped, rule.clientIds);
      // Guests are made users only by a mapping that asks for them.
      const guest = user.userType?.toLowerCase() === 'guest';
      if (own.length === 0 && tenant.clientId !== undefined)
        return placed(tenantSite, createsMapped && !guest, ofTenant);
      if (createsUnmatched && !guest) return placed(defaultSite, true, ofTenant);
      return own.length === 0 ? placed(defaultSite, false, ofTenant) : undefined;
    },
  };
}

function placed(siteId: number | undefined, create: boolean, clientIds: readonly number[] | undefined): Place {
  const named = clientIds && { clientIds };
  return siteId === undefined ? { create: false, ...named } : { siteId, create, ...named };
}

/** The clients of a mapping's sites, its own and its tenant's. */
async function clientsOf(
  mapping: Mapping,
  tenant: EntraTenant,
  { api }: EntityContext,
): Promise<readonly number[] | undefined> {
  const { clientId, siteId, defaultSiteId } = mapping;
  const named = [...tenant.clientIds, ...(clientId === undefined ? [] : [clientId])];
  const sites = [siteId, defaultSiteId].filter((id) => id !== undefined);
  if (named.length === 0 && sites.length === 0) return undefined;
  for (const id of sites) {
    try {
      const client = idIn((await api.get('Site', id))['client_id']);
      if (client !== undefined) named.push(client);
    } catch (error) {
      if (!(error instanceof RecordNotFoundError)) throw error;
    }
  }
  return named;
}

async function siteFinder(mapping: Mapping, { api }: EntityContext): Promise<(user: GraphUser) => number | undefined> {
  const { siteField, clientId, defaultSiteId, siteId } = mapping;
  const property = siteField === undefined ? undefined : userProperty(siteField);
  const otherwise = defaultSiteId ?? siteId;
  if (property === undefined || clientId === undefined) return () => siteId ?? defaultSiteId;
  const sites = new Map<string, number | undefined>();
  for (const site of await api.listBy('Site', 'client_id', [clientId])) {
    if (site['inactive'] === true) continue;
    const name = String(site['name'] ?? '')
      .trim()
      .toLowerCase();
    // Two sites of one name: neither is meant.
    sites.set(name, sites.has(name) ? undefined : Number(site['id']));
  }
  return (user) => {
    const value = user[property];
    return (typeof value === 'string' ? sites.get(value.trim().toLowerCase()) : undefined) ?? otherwise;
  };
}

/** The client's only site; with several, none is guessed and the administrator is told to map. */
export async function siteOfTenant(tenant: EntraTenant, { api, warn }: EntityContext): Promise<number | undefined> {
  if (tenant.clientId === undefined) return undefined;
  const sites = (await api.listBy('Site', 'client_id', [tenant.clientId])).filter((site) => site['inactive'] !== true);
  if (sites.length === 1) return Number(sites[0]?.['id']);
  warn(
    `The client of the tenant "${tenant.name}" has ${sites.length} active sites in Halo: add a mapping that says which one ` +
      'its users belong to.',
  );
  return undefined;
}
