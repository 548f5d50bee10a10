import { idIn, isOn } from '../halo-row.ts';
import type { DescribedContext } from '../kit/descriptor/described-context.ts';
import { listedBy } from '../kit/descriptor/listed-by.ts';
import type { MappedPeople } from '../kit/kinds/people/person-mapping.ts';
import { createPlaceFinder, onlySite, type PlaceFinder } from '../kit/kinds/people/place-finder.ts';
import { mappingsOf, type Directory, type EntraTenant } from './directory.ts';
import { isGuid } from './entra-settings.ts';
import { graphOf, memberList, userProperty, type GraphUser } from './graph.ts';

/** A tenant's users, as mappings know them. */
export function peopleOf(tenant: EntraTenant, context: DescribedContext): MappedPeople<GraphUser> {
  const { settings } = context;
  return {
    integration: 'EntraId',
    filterTypes: settings['FilterTypes'],
    groupIds: settings['GroupIds'],
    property: userProperty,
    textOf: (user, property) => textOf(user[property]),
    idOf: (user) => user.id ?? '',
    isGuest: (user) => user.userType?.toLowerCase() === 'guest',
    isGroupId: isGuid,
    async membersOf(group) {
      const members = new Set<string>();
      const list = memberList(group, settings['NestedGroups'] === true);
      for await (const some of listedBy(list, context, graphOf(context, tenant)))
        for (const { id } of some) if (id) members.add(id);
      return members;
    },
  };
}

/** A property as a filter compares it: `accountEnabled` is true or false, and of telephone numbers the first counts. */
function textOf(value: unknown): string | undefined {
  const one: unknown = Array.isArray(value) ? value[0] : value;
  return typeof one === 'string' ? one : typeof one === 'boolean' ? String(one) : undefined;
}

/**
 * Finds where a tenant's users belong. What docs/integrations/entra-id.md says about creating users is decided here and by what finds
 * places, and nowhere else.
 */
export async function placesOf(
  tenant: EntraTenant,
  { mappings }: Directory,
  context: DescribedContext,
): Promise<PlaceFinder<GraphUser>> {
  const { connection, settings, api } = context;
  const { row } = connection;
  const own = mappingsOf(tenant, mappings).filter(({ forAgents }) => !forAgents);
  const { clientIds, clientId } = tenant;
  const rules = {
    clientIds,
    own: clientId === undefined ? undefined : { site: await siteOfTenant(tenant, context) },
    createsMapped: settings['CreateMappedUsers'] === true,
    createsUnmatched: isOn(row['accreateunmatchedusers']),
    defaultSite: idIn(row['acunmatchedusersite']) ?? idIn(row['ACDefaultSite']),
  };
  return createPlaceFinder(own, peopleOf(tenant, context), rules, api);
}

/** The only site of the tenant's client; with several, the administrator is told to map. */
export async function siteOfTenant(
  { clientId, name }: EntraTenant,
  { api, warn }: DescribedContext,
): Promise<number | undefined> {
  if (clientId === undefined) return undefined;
  return onlySite(clientId, api, (sites) =>
    warn(
      `The client of the tenant "${name}" has ${sites} active sites in Halo: add a mapping that says which one ` +
        'its users belong to.',
    ),
  );
}
