import { comparedText } from '../../halo-api/compared-text.ts';
import type { HaloObject, HaloRecord, LinkedIds } from '../../halo-api/halo-api.ts';
import { defineEntity } from '../define-entity.ts';
import type { EntityContext, OpenEntity } from '../entity.ts';
import type { LeftOut, Quarantined } from '../mapped-record.ts';
import { createAssetTypes, selectForDevices } from './asset-types.ts';
import { readDirectory, type Tenant } from './directory.ts';
import { switchOf } from './entra-settings.ts';
import { openGraph } from './graph-client.ts';
import { deviceShape, type GraphDevice } from './graph-records.ts';
import { siteOfTenant } from './places.ts';
import { ofTenant, openTenants, type OfTenant, type TenantPage } from './read-tenants.ts';
import { idIn, isOn } from '../halo-row.ts';

/** Devices that Intune manages as assets, linked with their users. */
export const devices = defineEntity<OfTenant<GraphDevice>>({
  name: 'Devices',
  description: 'Devices that Intune manages as assets at their user’s site, linked with the user.',
  resource: 'Asset',
  open: readDevices,
});

async function readDevices(context: EntityContext): Promise<OpenEntity<OfTenant<GraphDevice>>> {
  const { api, connection, settings, warn } = context;
  const { row } = connection;
  const directory = await readDirectory(context);
  const types = await createAssetTypes(context);
  const select = selectForDevices(row);
  const defaultSite = idIn(row['ACDefaultSite']);
  const status = idIn(row['acdefaultintunestatus']);
  const withoutSense = isOn(row['ACExcludeMSSenseDevices']);
  const isExcluded = ({ managementAgent }: GraphDevice): boolean =>
    withoutSense && managementAgent?.toLowerCase() === 'mssense';
  if (isOn(row['acintuneunlinkusers']))
    warn(
      `The connection "${connection.name}" unlinks users from assets in Halo (acintuneunlinkusers), which is not done: ` +
        'nothing in Halo tells who linked them.',
    );
  const deactivates = switchOf(settings, 'DeactivateDevices');
  const tenants = directory.tenants.filter(({ withoutDevices }) => !withoutDevices);
  const reading = openTenants(tenants, context);
  const tenantSites = new Map<string, number | undefined>();

  async function* readTenant(tenant: Tenant, from: string | undefined): AsyncGenerator<TenantPage> {
    tenantSites.set(tenant.id, await siteOfTenant(tenant, context));
    const start = { path: '/deviceManagement/managedDevices', query: { $select: select, $top: '999' } };
    yield* openGraph(context, tenant.id).pages(from ?? start);
  }

  /** Halo users by Entra's object id; of several with one id none is meant. */
  async function ownersOf(records: readonly OfTenant<GraphDevice>[]): Promise<ReadonlyMap<string, HaloObject>> {
    const ids = [...new Set(records.flatMap(({ record }) => record.userId || []))];
    const owners = new Map<string, HaloObject>();
    const several = new Set<string>();
    for (const user of await api.listBy('Users', 'azureoid', ids)) {
      const id = comparedText(user['azureoid']);
      if (owners.has(id)) several.add(id);
      owners.set(id, user);
    }
    for (const id of several) owners.delete(id);
    return owners;
  }

  function toAsset(
    { tenant, record: device }: OfTenant<GraphDevice>,
    owner: HaloObject | undefined,
  ): HaloRecord | Quarantined {
    const { id } = device;
    const name = nameOf(device);
    if (!id) return { quarantined: name ?? 'a device without a name', reason: 'Intune gives no id for it.' };
    const aside = (reason: string): Quarantined => ({
      quarantined: name ?? `device ${id}`,
      reason,
      third_party_id: id,
    });
    if (!name) return aside('Intune gives neither a name nor a serial number for it.');
    const type = types.typeOf(device);
    if (type === undefined) return aside('No asset type is mapped for it, and the connection has no default one.');
    const site = idIn(owner?.['site_id']) ?? tenantSites.get(tenant.id) ?? defaultSite;
    if (site === undefined)
      return aside('Its user is not in Halo, and neither the tenant’s client nor the connection says a site.');
    const ownerId = idIn(owner?.['id']);
    return {
      fields: {
        inventory_number: name,
        site_id: site,
        assettype_id: type,
        intune_id: id,
        azureTenantId: tenant.id,
        ...(status !== undefined && { status_id: status }),
        ...(deactivates && { inactive: false }),
        ...(ownerId !== undefined && { users: [ownerId] }),
      },
      third_party_id: id,
      third_party_desc: name,
    };
  }

  /** A device that the connection leaves out is there all the same: its asset is found, and nothing of it is written. */
  function leftOut(device: GraphDevice, linked: LinkedIds): HaloRecord | LeftOut {
    const { id } = device;
    if (!id || !(linked.has(id) || linked.several.has(id))) return { left_out: true };
    const name = nameOf(device);
    const known = { third_party_id: id, ...(name && { third_party_desc: name }) };
    return { fields: { intune_id: id }, ...known, update_only: true };
  }

  return {
    source: { shape: ofTenant(deviceShape), pages: () => reading.pages(readTenant) },
    mapping: {
      async toHalo(records) {
        const owners = await ownersOf(records);
        const excluded = records.flatMap(({ record }) => (isExcluded(record) && record.id ? [record.id] : []));
        const linked = await api.linkedIds('Asset', context.scope, excluded);
        return records.map((one) =>
          isExcluded(one.record)
            ? leftOut(one.record, linked)
            : toAsset(one, owners.get(comparedText(one.record.userId))),
        );
      },
    },
    target: {
      insertOnly: ['status_id', ...(isOn(row['acintunedontupdatetype']) ? ['assettype_id'] : [])],
      matchFields: [['intune_id'], ['site_id', 'inventory_number']],
    },
    missing: { settles: () => deactivates, part: { field: 'azureTenantId', values: reading.ended } },
  };
}

function nameOf(device: GraphDevice): string | undefined {
  return device.deviceName?.trim() || device.serialNumber?.trim() || undefined;
}
