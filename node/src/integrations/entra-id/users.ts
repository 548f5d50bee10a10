import { isOn } from '../halo-row.ts';
import { entity } from '../kit/descriptor/described-entity.ts';
import { filled } from '../kit/kinds/given-fields.ts';
import type { KindRecord } from '../kit/kinds/kind.ts';
import { namedIn } from '../kit/kinds/people/person-mapping.ts';
import type { PersonPlace, PlaceFinder } from '../kit/kinds/people/place-finder.ts';
import { users as userKind, type UserRecord } from '../kit/kinds/users.ts';
import type { OfTenant } from '../kit/sources/from-tenants.ts';
import { openTenantChanges } from '../kit/sources/tenant-changes.ts';
import { openDeltaLinks } from './delta-links.ts';
import { directoryTables, namesClients, readDirectory, type EntraTenant } from './directory.ts';
import { placesOf } from './entra-people.ts';
import { openGraph, selectOfUsers, userLists, type GraphUser } from './graph.ts';
import { matchingFields } from './matching-fields.ts';

/** Users of the connection's tenants as Halo users. */
export const users = entity<OfTenant<GraphUser, EntraTenant>, UserRecord>({
  name: 'Users',
  description: 'Users of the tenants as users, at the site the mappings name.',
  kind: userKind(),
  tables: { ...directoryTables, AzureDelta: ['SELECT', 'INSERT', 'UPDATE'] },
  endpoints: ['GET /users', 'GET /users/delta()', 'GET /users/{id}', 'GET /groups/{id}/transitiveMembers'],
  permissions: ['User.Read.All', 'GroupMember.Read.All for mappings by group'],
  async prepare(context) {
    const { connection, settings, warn } = context;
    const { row } = connection;
    const directory = await readDirectory(context);
    const reading = openGraph(directory.tenants, context);
    const select = selectOfUsers(namedIn(directory.mappings));
    const lists = userLists(select);
    const changes = openTenantChanges<EntraTenant, GraphUser>(reading, {
      links: openDeltaLinks(context, select),
      list: lists.all,
      changes: lists.changes,
      noun: 'users',
      // As identity resources say it, beside 410.
      expiredBy: /syncState|resyncRequired|(skip|delta|page) ?token|expiredPageToken/i,
      whole: { url: '/$batch', atOnce: 20, pathOf: (user) => pathOf(user, select) },
      retriesRejected: isOn(row['acretryfailedusers']),
      warn,
    });
    const places = new Map<string, PlaceFinder<GraphUser>>();
    const deactivates = isOn(row['acdeactivateentities']);
    const rules = {
      deactivates,
      deactivatesRemoved: deactivates || Number(row['ACDeltaDeactivateEntities'] ?? 0) > 0,
      onlyEnabled: isOn(row['ACAccountEnabled'] ?? true),
      isChange: (user: GraphUser) => changes.isChange(user),
    };
    const customers = { tenantField: 'azure_tenant_id', tenants: directory.tenants };
    return {
      kind: userKind({
        ownIdField: 'azureoid',
        matchFields: matchingFields(row['ACUserMatchingFields'], settings, warn).slice(1),
        customers: namesClients(directory) ? customers : undefined,
        deactivates: () => rules.deactivatesRemoved,
        moves: () => settings['UpdateSites'] === true,
      }),
      source: () =>
        changes.source(async (tenant) => void places.set(tenant.id, await placesOf(tenant, directory, context))),
      record: ({ tenant, record }, id) =>
        toUser(record, id, { tenant, place: places.get(tenant.id)?.(record), ...rules }),
      lastCounts: true,
      missing: {
        settles: () => deactivates && changes.whole(),
        part: { field: 'azure_tenant_id', values: reading.ended },
      },
    };
  },
});

/** Where a user is read whole of whom a change brings a part; none for one who was removed. */
function pathOf(user: GraphUser, select: string): string | undefined {
  if (user['@removed'] || !user.id) return undefined;
  return `/users/${encodeURIComponent(user.id)}?$select=${select}`;
}

interface UserRules {
  readonly tenant: EntraTenant;
  readonly place: PersonPlace | undefined;
  readonly deactivates: boolean;
  readonly deactivatesRemoved: boolean;
  readonly onlyEnabled: boolean;
  isChange(user: GraphUser): boolean;
}

function toUser(user: GraphUser, id: string, rules: UserRules): KindRecord<UserRecord> {
  const { tenant, place, deactivates } = rules;
  if (user['@removed']) return rules.deactivatesRemoved ? { id, leaves: 'removed' } : { left_out: true };
  const name = filled(user.displayName);
  const enabled = user.accountEnabled !== false;
  if (!enabled && rules.onlyEnabled) return deactivates ? { id, name, leaves: 'inactive' } : { untouched: id, name };
  if (!place) return { untouched: id, name };
  const login = filled(user.userPrincipalName);
  if (name === undefined && login === undefined)
    return { quarantined: `user ${id}`, reason: 'Entra gives no name for it.', third_party_id: id };
  // Active or not is Entra's to say only where the connection deactivates. Who was removed comes back as a change.
  const comesBack = !deactivates && enabled && rules.isChange(user);
  const inactive = deactivates ? !enabled : comesBack ? false : undefined;
  return {
    id,
    name: name ?? login,
    // What Entra leaves empty is left out, so that a phone number or a title that was typed into Halo stays.
    firstname: filled(user.givenName),
    surname: filled(user.surname),
    email: filled(user.mail) ?? addressIn(login),
    title: filled(user.jobTitle),
    phone: filled(user.businessPhones?.[0]),
    mobile: filled(user.mobilePhone),
    login,
    own: { samaccountname: filled(user.onPremisesSamAccountName), azure_tenant_id: tenant.id },
    tenant: tenant.id,
    clients: place.clientIds,
    found: place.siteId === undefined ? { unmatched: 'Nothing says its site.' } : { site_id: place.siteId },
    ...(inactive !== undefined && { inactive }),
    updateOnly: !(place.create && enabled),
  };
}

/** A sign-in name as an address; a guest's is made up (`name_home.example#EXT#@…`) and none. */
function addressIn(login: string | undefined): string | undefined {
  return login?.includes('@') && !login.includes('#') ? login : undefined;
}
