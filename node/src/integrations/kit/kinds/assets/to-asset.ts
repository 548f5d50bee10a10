import type { HaloObject, HaloRecord } from '../../../../halo-api/halo-api.ts';
import type { MappedRecord, Quarantined } from '../../../mapped-record.ts';
import type { ConnectionSettings } from '../../descriptor/connection-settings.ts';
import { filled } from '../given-fields.ts';
import type { FoundSite } from '../site-finder.ts';
import type { AssetRecord } from './asset-record.ts';
import type { AssetStatuses } from './asset-status.ts';
import type { FieldMap } from './field-map.ts';
import type { FoundAsset, Identifier } from './identify.ts';
import type { AssetOwner } from './owner-finder.ts';
import type { TypeFinder } from './type-finder.ts';

/** What assets of a connection go by. */
export interface AssetRules {
  readonly told: ConnectionSettings;
  readonly vendor: string;
  readonly fields: FieldMap;
  readonly types: TypeFinder;
  readonly statuses: AssetStatuses;
  /** Whether what is gone at the vendor is set inactive. */
  readonly deactivates: boolean;
  readonly ownIdField?: string;
  readonly ownScope?: Readonly<Record<string, string | number>>;
  ownId?(record: AssetRecord): string | number | undefined;
}

/** A device, where it is and whose. */
export interface PlacedAsset {
  readonly record: AssetRecord;
  readonly site: FoundSite;
  readonly owner: AssetOwner | undefined;
}

/** What is known of a record however it is written. */
type Known = Pick<HaloRecord, 'third_party_id' | 'third_party_desc' | 'third_party_url'>;

/** A vendor's device as the asset it is: a new one, one that Halo has, one out of use; or why it is not brought. */
export function toAsset(placed: PlacedAsset, identifier: Identifier, rules: AssetRules): MappedRecord {
  const { record } = placed;
  const { vendor, told } = rules;
  const name = filled(record.name) ?? filled(record.serial);
  const aside = (reason: string): Quarantined => ({
    quarantined: name ?? `device ${record.id}`,
    reason,
    third_party_id: record.id,
  });
  const own = rules.ownId?.(record);
  const site = siteOf(placed, rules);
  const identified = identifier.identify({
    id: record.id,
    own: own === undefined ? undefined : String(own),
    serial: filled(record.serial),
    name,
    site_id: site,
    retired: record.retired,
  });
  if ('reason' in identified) return aside(identified.reason);
  const { asset } = identified;
  const [url, known] = [filled(record.url), { third_party_id: record.id, ...(name && { third_party_desc: name }) }];
  const links: Known = { ...known, ...(url !== undefined && { third_party_url: url }) };
  if (record.retired) return retired(asset, links, rules);
  if (!asset && told.noNew === true) return { left_out: true };
  if (name === undefined) return aside(`${vendor} gives neither a name nor a serial number for it.`);
  const fields = {
    ...(rules.ownIdField !== undefined && own !== undefined && { [rules.ownIdField]: own, ...rules.ownScope }),
    ...valuesOf(placed, rules),
  };
  if (asset) {
    const type = told.dontChangeType === true ? undefined : rules.types.typeOf(record);
    const tag = asset.takesTag(name) && { inventory_number: name };
    return { fields: { id: asset.id, ...tag, ...type, ...back(asset, rules), ...fields }, ...links, update_only: true };
  }
  const type = rules.types.typeOf(record);
  if (!type) return aside('No asset type is mapped for it, and the connection has no default one.');
  if (site === undefined)
    return aside('unmatched' in placed.site ? placed.site.unmatched : 'Nothing says where it is.');
  const { ofNew } = rules.statuses;
  const status = ofNew !== undefined && { status_id: ofNew };
  return { fields: { inventory_number: name, site_id: site, ...type, ...status, ...fields }, ...links };
}

/** Its user's site, where the connection asks for that or nothing else says one. */
function siteOf({ site, owner }: PlacedAsset, { told }: AssetRules): number | undefined {
  if (told.usersSite === true && owner) return owner.site_id;
  return 'site_id' in site ? site.site_id : owner?.site_id;
}

/** One that is out of use: found again, and made inactive where the connection asks for that. */
function retired(asset: FoundAsset | undefined, links: Known, { deactivates, statuses }: AssetRules): MappedRecord {
  if (!asset) return { left_out: true, lasts: true };
  const status = statuses.ofRetired !== undefined && { status_id: statuses.ofRetired };
  return { ...links, fields: { id: asset.id, ...(deactivates && { inactive: true }), ...status }, update_only: true };
}

/** One that was retired, and is not any more, has the status of a new one. */
function back(asset: FoundAsset, { statuses: { ofNew, ofRetired } }: AssetRules): HaloObject {
  return ofNew !== undefined && asset.status_id === ofRetired ? { status_id: ofNew } : {};
}

/** What is written of a new asset and of one that Halo has alike. */
function valuesOf({ record, owner }: PlacedAsset, { told, fields, deactivates }: AssetRules): HaloObject {
  const values = fields.valuesOf(record);
  const withSoftware = told.skipSoftware !== true && told.importSoftware !== false;
  return {
    ...record.own,
    ...values.own,
    ...(deactivates && { inactive: false }),
    ...(owner && { users: [owner.id] }),
    ...(values.fields.length > 0 && { fields: values.fields }),
    ...(withSoftware && record.software && { software: record.software.flatMap(programOf) }),
  };
}

function programOf({ name, version }: NonNullable<AssetRecord['software']>[number]): HaloObject[] {
  const [called, its] = [filled(name), filled(version)];
  return called === undefined ? [] : [{ name: called, ...(its !== undefined && { version: its }) }];
}
