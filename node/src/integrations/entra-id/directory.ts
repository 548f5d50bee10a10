import type { EntityContext } from '../entity.ts';
import { namesPlace, type MappingFilter, type PersonMapping } from '../kit/kinds/people/person-mapping.ts';
import type { Tenant } from '../kit/sources/from-tenants.ts';
import { isGuid } from './entra-settings.ts';
import { idIn, isOn, textIn } from '../halo-row.ts';

/** Halo's tables that say what a connection reads, and the rights that takes. */
export const directoryTables = {
  AzureADMapping: ['SELECT'],
  AzureADFilter: ['SELECT'],
  AreaAzureTenant: ['SELECT'],
} as const;

/** A tenant that a connection reads. */
export interface EntraTenant extends Tenant {
  /** The Halo clients the tenant is mapped to. */
  readonly clientIds: readonly number[];
  /** The one it belongs to, where exactly one is mapped. */
  readonly clientId?: number;
  /** Its devices are not to be imported. */
  readonly withoutDevices: boolean;
}

/** A row of AzureADMapping. */
export interface Mapping extends PersonMapping {
  /** Empty: every tenant of the connection. */
  readonly tenantId: string;
}

/** What Halo says about a connection's tenants and mappings. */
export interface Directory {
  readonly tenants: readonly EntraTenant[];
  /** In the order in which they apply. */
  readonly mappings: readonly Mapping[];
}

/** The mappings that are about a tenant. */
export function mappingsOf({ id }: EntraTenant, mappings: readonly Mapping[]): readonly Mapping[] {
  return mappings.filter(({ tenantId }) => tenantId === '' || tenantId === id.toLowerCase());
}

/** Whether anything of a connection names clients: each tenant's users are then looked for among its own. */
export function namesClients({ tenants, mappings }: Directory): boolean {
  return tenants.some(({ clientIds }) => clientIds.length > 0) || mappings.some(namesPlace);
}

/** Reads AreaAzureTenant, AzureADMapping and AzureADFilter of the connection. */
export async function readDirectory({ api, connection, warn }: EntityContext): Promise<Directory> {
  const tenantRows = await api.settingsRows('AreaAzureTenant', { AATDetailsId: connection.id });
  const mappingRows = await api.settingsRows('AzureADMapping', { AMConnectionID: connection.id });
  const filterRows = mappingRows.length > 0 ? await api.settingsRows('AzureADFilter') : [];
  const mappings = mappingRows
    .toSorted(
      (a, b) =>
        Number(a['amsequenceid'] ?? 0) - Number(b['amsequenceid'] ?? 0) || Number(a['AMid']) - Number(b['AMid']),
    )
    .map((row) => mappingOf(row, filterRows));
  const tenants = tenantsOf(tenantRows);
  const own = textIn(connection.row['ACDirectoryID']);
  const wantsOwn =
    tenants.size === 0 || mappings.some(({ tenantId }) => tenantId === '' || tenantId === own?.toLowerCase());
  if (own && wantsOwn && !tenants.has(own.toLowerCase()))
    tenants.set(own.toLowerCase(), {
      id: own,
      name: textIn(connection.row['ACDomain']) ?? own,
      clientIds: [],
      withoutDevices: false,
    });
  if (tenants.size === 0) warn(`The connection "${connection.name}" names no tenant: nothing is read.`);
  return { tenants: [...tenants.values()], mappings };
}

function tenantsOf(rows: readonly Record<string, unknown>[]): Map<string, EntraTenant> {
  const tenants = new Map<string, EntraTenant>();
  for (const row of rows) {
    const id = textIn(row['AATAzureTenantId']);
    if (!isGuid(id)) continue;
    const known = tenants.get(id.toLowerCase());
    const clientId = idIn(row['AATAreaId']);
    const same = !known || known.clientId === clientId;
    tenants.set(id.toLowerCase(), {
      id,
      name: textIn(row['AATAzureTenantName']) ?? id,
      clientIds: [...(known?.clientIds ?? []), ...(clientId === undefined ? [] : [clientId])],
      ...(same && clientId !== undefined && { clientId }),
      withoutDevices: isOn(row['aatexcludefromintuneimport']) || known?.withoutDevices === true,
    });
  }
  return tenants;
}

function mappingOf(row: Record<string, unknown>, filterRows: readonly Record<string, unknown>[]): Mapping {
  const id = Number(row['AMid']);
  const own = filterRows.filter((filter) => Number(filter['AFMappingID']) === id);
  const rows = own.length > 0 ? own.map((one) => filterOf(one, 'AF')) : [filterOf(row, 'AM')];
  const [siteId, clientId, defaultSiteId] = ['AMSiteID', 'amclientid', 'amdefaultsiteid'].map((name) =>
    idIn(row[name]),
  );
  const groupName = textIn(row['AMGroupName']);
  const all = isOn(row['AMNoFilter']);
  return {
    label: textIn(row['amdescription']) ?? groupName ?? `mapping ${id}`,
    tenantId: (textIn(row['AMTenantId']) ?? '').toLowerCase(),
    guests: isOn(row['AMExternalUsers']),
    filters: all ? [] : rows.filter((filter) => filter !== undefined),
    groupName: all ? undefined : groupName,
    siteId,
    clientId,
    siteField: Number(row['amsitemappingtype'] ?? 0) === 0 ? undefined : textIn(row['amsitemappingfield']),
    defaultSiteId,
    forAgents: idIn(row['AMRoleID']) !== undefined && !siteId && !clientId && !defaultSiteId,
  };
}

function filterOf(row: Record<string, unknown>, prefix: 'AF' | 'AM'): MappingFilter | undefined {
  const field = textIn(row[`${prefix}FilterField`]);
  if (field === undefined) return undefined;
  return { field, type: String(row[`${prefix}FilterType`] ?? 0), value: textIn(row[`${prefix}FilterValue`]) ?? '' };
}
