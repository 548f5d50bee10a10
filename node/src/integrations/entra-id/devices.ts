import { isOn } from '../halo-row.ts';
import { entity } from '../kit/descriptor/described-entity.ts';
import type { AssetRecord } from '../kit/kinds/assets/asset-record.ts';
import { assets } from '../kit/kinds/assets/assets.ts';
import type { FoundSite } from '../kit/kinds/site-finder.ts';
import type { OfTenant } from '../kit/sources/from-tenants.ts';
import { directoryTables, readDirectory, type EntraTenant } from './directory.ts';
import { siteOfTenant } from './entra-people.ts';
import { deviceList, deviceProperty, openGraph, type GraphDevice } from './graph.ts';

const usualType = 'operatingSystem';

/** Devices that Intune manages as assets, linked with their users. */
export const devices = entity<OfTenant<GraphDevice, EntraTenant>, AssetRecord>({
  name: 'Devices',
  description: 'Devices that Intune manages as assets at their user’s site, linked with the user.',
  kind: assets({
    ownerIdField: 'azureoid',
    typeModules: ['Intune', 'Microsoft Intune'],
    deactivates: ({ settings }) => settings['DeactivateDevices'] === true,
  }),
  tables: directoryTables,
  endpoints: ['GET /deviceManagement/managedDevices'],
  permissions: ['DeviceManagementManagedDevices.Read.All for devices'],
  async prepare(context) {
    const { connection, settings, told, warn } = context;
    const { row } = connection;
    const tenants = (await readDirectory(context)).tenants.filter(({ withoutDevices }) => !withoutDevices);
    const reading = openGraph(tenants, context);
    const sites = new Map<string, FoundSite>();
    const type = told.typeField === undefined ? usualType : deviceProperty(told.typeField);
    if (type === undefined) warn(`The asset type goes by "${told.typeField}", which is no known property of devices.`);
    if (isOn(row['acintuneunlinkusers']))
      warn(
        `The connection "${connection.name}" unlinks users from assets in Halo (acintuneunlinkusers), which is not done: ` +
          'nothing in Halo tells who linked them.',
      );
    const list = deviceList(type ?? usualType);
    const withoutSense = isOn(row['ACExcludeMSSenseDevices']);

    for (const tenant of tenants) {
      const site = await siteOfTenant(tenant, context);
      if (site !== undefined) sites.set(tenant.id, { site_id: site, client_id: tenant.clientId ?? 0 });
    }

    return {
      source: () => reading.source(list),
      record({ tenant, record: device }, id) {
        const name = device.deviceName?.trim() || device.serialNumber?.trim();
        if (withoutSense && device.managementAgent?.toLowerCase() === 'mssense') return { untouched: id, name };
        const said = type === undefined ? undefined : device[type];
        return {
          id,
          name,
          type: typeof said === 'string' ? said : undefined,
          found: sites.get(tenant.id),
          owners: [device.userId],
          own: { azureTenantId: tenant.id },
        };
      },
      basis: { type: type ?? null, sites: [...sites] },
      missing: {
        settles: () => settings['DeactivateDevices'] === true,
        part: { field: 'azureTenantId', values: reading.ended },
      },
    };
  },
});
