import type { HaloDatabaseSettings } from '../config/settings.ts';

/**
 * What is not public about Halo's database and therefore assumed; docs/halo-database.md gives the evidence, and
 * `Halo` in appsettings.json sets each right. ExternalLink.ELTableId says which kind of record a link belongs to.
 */
const assumedTableIds: Readonly<Record<string, number>> = {
  Client: 1,
  Site: 2,
  Users: 3,
  Item: 4,
  SoftwareLicence: 5,
  Supplier: 6,
  Asset: 7,
  Agent: 8,
};

/**
 * LCFieldId and UCFieldId, from public reports written for Halo. What a user's move between sites is, is not public.
 */
const knownHistoryIds: Readonly<Record<string, number>> = {
  LicenceCreated: -1,
  LicenceCount: 1,
  UserCreated: -1,
  UserInactive: 2,
};

/** The field id of a history: the setting, else what is known; undefined where none is, or where the setting is 0. */
export function historyFieldId(name: string, settings: HaloDatabaseSettings): number | undefined {
  return (settings.HistoryFieldIds?.[name] ?? knownHistoryIds[name]) || undefined;
}

/** The resources whose links are kept, and whose table id can be set. */
export const linkedResources: readonly string[] = Object.keys(assumedTableIds);

/** ADDRESSSTORE.AStype of a site's delivery address: the setting, else the column's own default. */
export function deliveryAddressType(settings: HaloDatabaseSettings): number {
  return settings.DeliveryAddressType ?? 0;
}

/** ELTableId of a resource's links: the setting, else the assumed number; undefined where links are not kept. */
export function linkTableId(resource: string, settings: HaloDatabaseSettings): number | undefined {
  return settings.ExternalLinkTableIds?.[resource] ?? assumedTableIds[resource];
}
