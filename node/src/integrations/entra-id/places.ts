import type { EntityContext } from '../integration.ts';
import type { Directory, Mapping, Tenant } from './directory.ts';
import { idIn, isOn } from './entra-connections.ts';
import { switchOf } from './entra-settings.ts';
import type { GraphClient } from './graph-client.ts';
import type { GraphUser } from './graph-records.ts';
import { propertyOf, ruleOf, type MappingRule } from './mapping-rules.ts';

/** Where a user belongs; undefined where the connection is not about the user at all. */
export interface Place {
  readonly siteId?: number;
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
  tenant: Tenant,
  graph: GraphClient,
  context: EntityContext,
): Promise<PlaceFinder> {
  const { row } = context.connection;
  const own = mappings.filter(
    ({ tenantId, forAgents }) => !forAgents && (tenantId === '' || tenantId === tenant.id.toLowerCase()),
  );
  const rules: {
    readonly mapping: Mapping;
    readonly applies: MappingRule;
    site(user: GraphUser): number | undefined;
  }[] = [];
  for (const mapping of own) {
    rules.push({
      mapping,
      applies: await ruleOf(mapping, graph, context),
      site: await siteFinder(mapping, context),
    });
  }
  const createsMapped = switchOf(context.settings, 'CreateMappedUsers');
  const createsUnmatched = isOn(row['accreateunmatchedusers']);
  const defaultSite = idIn(row['acunmatchedusersite']) ?? idIn(row['ACDefaultSite']);
  const tenantSite = tenant.clientId === undefined ? undefined : await siteOfTenant(tenant, context);

  return {
    placeOf(user) {
      const rule = rules.find(({ applies }) => applies(user));
      if (rule) return placed(rule.site(user), createsMapped);
      // Guests are made users only by a mapping that asks for them.
      const guest = user.userType?.toLowerCase() === 'guest';
      if (own.length === 0 && tenant.clientId !== undefined) return placed(tenantSite, createsMapped && !guest);
      if (createsUnmatched && !guest) return placed(defaultSite, true);
      return own.length === 0 ? placed(defaultSite, false) : undefined;
    },
  };
}

function placed(siteId: number | undefined, create: boolean): Place {
  return siteId === undefined ? { create: false } : { siteId, create };
}

async function siteFinder(mapping: Mapping, { api }: EntityContext): Promise<(user: GraphUser) => number | undefined> {
  const { siteField, clientId, defaultSiteId, siteId } = mapping;
  const property = siteField === undefined ? undefined : propertyOf(siteField);
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
export async function siteOfTenant(tenant: Tenant, { api, warn }: EntityContext): Promise<number | undefined> {
  if (tenant.clientId === undefined) return undefined;
  const sites = (await api.listBy('Site', 'client_id', [tenant.clientId])).filter((site) => site['inactive'] !== true);
  if (sites.length === 1) return Number(sites[0]?.['id']);
  warn(
    `The client of the tenant "${tenant.name}" has ${sites.length} active sites in Halo: add a mapping that says which one ` +
      'its users belong to.',
  );
  return undefined;
}
