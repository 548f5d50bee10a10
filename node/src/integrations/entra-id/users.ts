import type { HaloRecord } from '../../halo-api/halo-api.ts';
import { defineEntity } from '../define-entity.ts';
import type { EntityContext, OpenEntity } from '../entity.ts';
import type { LeftOut, Quarantined } from '../mapped-record.ts';
import { readDirectory, type Tenant } from './directory.ts';
import { createUserFinder } from './user-finder.ts';
import { switchOf } from './entra-settings.ts';
import { openGraph, type GraphClient } from './graph-client.ts';
import { userShape, type GraphUser } from './graph-records.ts';
import { selectFor } from './mapping-rules.ts';
import { matchingFields } from './matching-fields.ts';
import { createPlaceFinder, type Place, type PlaceFinder } from './places.ts';
import { ofTenant, openTenants, type OfTenant } from './read-tenants.ts';
import { userFields } from './user-fields.ts';
import { openUsers } from './user-source.ts';
import { isOn } from '../halo-row.ts';

/** Users of the connection's tenants as Halo users. */
export const users = defineEntity<OfTenant<GraphUser>>({
  name: 'Users',
  description: 'Users of the tenants as users, at the site the mappings name.',
  resource: 'Users',
  open: readUsers,
});

async function readUsers(context: EntityContext): Promise<OpenEntity<OfTenant<GraphUser>>> {
  const { connection, settings, warn } = context;
  const { row } = connection;
  const directory = await readDirectory(context);
  const reading = openTenants(directory.tenants, context);
  const source = openUsers(context, directory.tenants, selectFor(directory.mappings));
  const deactivates = isOn(row['acdeactivateentities']);
  const deactivatesRemoved = deactivates || Number(row['ACDeltaDeactivateEntities'] ?? 0) > 0;
  const onlyEnabled = isOn(row['ACAccountEnabled'] ?? true);
  const finder = createUserFinder(context, directory, matchingFields(row['ACUserMatchingFields'], settings, warn));
  const places = new Map<string, PlaceFinder>();

  async function* readTenant(tenant: Tenant, from: string | undefined) {
    const graph: GraphClient = openGraph(context, tenant.id);
    places.set(tenant.id, await createPlaceFinder(directory, tenant, graph, context));
    yield* source.read(tenant, graph, from);
  }

  function toUser(
    { tenant, record: user }: OfTenant<GraphUser>,
    place: Place | undefined,
  ): HaloRecord | Quarantined | LeftOut {
    const { id } = user;
    if (!id) return { quarantined: user.displayName ?? 'a user without a name', reason: 'Entra gives no id for it.' };
    const known = { third_party_id: id, ...(user.displayName && { third_party_desc: user.displayName }) };
    if (user['@removed']) {
      if (!deactivatesRemoved) return { left_out: true };
      return { fields: { azureoid: id, inactive: true }, update_only: true };
    }
    // Found again by its id alone: it is there, and nothing of it is written.
    const seen: HaloRecord = { fields: { azureoid: id }, ...known, update_only: true };
    const enabled = user.accountEnabled !== false;
    if (!enabled && onlyEnabled) return deactivates ? { ...seen, fields: { azureoid: id, inactive: true } } : seen;
    if (!place) return seen;
    const fields = userFields(user, tenant);
    if (!fields) return { quarantined: `user ${id}`, reason: 'Entra gives no name for it.', third_party_id: id };
    return {
      fields: {
        ...fields,
        ...(place.siteId !== undefined && { site_id: place.siteId }),
        // Active or not is Entra's to say only where the connection deactivates. Who was removed comes back as a change.
        ...(deactivates && { inactive: !enabled }),
        ...(!deactivates && deactivatesRemoved && enabled && source.isChange(user) && { inactive: false }),
      },
      ...known,
      ...(place.create && enabled ? {} : { update_only: true }),
    };
  }

  return {
    source: {
      shape: ofTenant(userShape),
      pages: () => reading.pages(readTenant, source.carried),
      readMark({ rejected, missingLeft }) {
        // The links would never bring those again who are missing from this whole read.
        if (missingLeft) return [];
        // Users that were rejected come again with the same link, where the connection asks for that.
        return rejected > 0 && isOn(row['acretryfailedusers']) ? [] : source.links();
      },
    },
    mapping: {
      toHalo: (records) => {
        // A delta may bring a user twice; the later word counts.
        const last = new Map(records.map(({ record }, at) => [record.id, at]));
        return finder.identify(
          records.map((one, at) => {
            const { tenant, record } = one;
            if (last.get(record.id) !== at) return { mapped: { left_out: true }, tenant };
            const place = places.get(tenant.id)?.placeOf(record);
            return { mapped: toUser(one, place), tenant, clientIds: place?.clientIds };
          }),
        );
      },
    },
    target: {
      insertOnly: ['login', ...(switchOf(settings, 'UpdateSites') ? [] : ['site_id'])],
      matchFields: finder.matchFields,
      // A user who carries another object id is another account, however alike the two are.
      ownIdField: 'azureoid',
    },
    missing: {
      settles: () => deactivates && source.whole(),
      part: { field: 'azure_tenant_id', values: reading.ended },
    },
  };
}
