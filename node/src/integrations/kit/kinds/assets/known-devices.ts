import type { KindContext } from '../kind.ts';
import type { AssetRecord } from './asset-record.ts';
import { AssetIndex } from './asset-index.ts';
import { createIdentifier, type Identifier } from './identify.ts';
import type { AssetRules } from './to-asset.ts';

/**
 * Tells which assets devices are, from all that Halo has, read once a run. Their serial numbers are read too where there is a device that
 * no id or link tells.
 */
export function openIdentifiers(
  { api, scope, vendor }: KindContext,
  { fields: { serialField }, ownIdField, ownId, ownScope }: AssetRules,
): (records: readonly AssetRecord[]) => Promise<Identifier> {
  let byId: Promise<Identifier> | undefined;
  let bySerial: Promise<Identifier> | undefined;

  async function read(field: number | undefined): Promise<Identifier> {
    const request = {
      ...(ownIdField !== undefined && { ownIdField }),
      ...(ownScope && { ownScope }),
      ...(field !== undefined && { field }),
    };
    const known = await AssetIndex.of(api.knownAssets(request), api.assetLinks(scope));
    return createIdentifier(known, vendor);
  }

  return async (records) => {
    if (bySerial) return bySerial;
    const known = await (byId ??= read(undefined));
    const isKnown = (record: AssetRecord): boolean => {
      const own = ownId?.(record);
      return known.knows({ id: record.id, own: own === undefined ? undefined : String(own) });
    };
    if (serialField === undefined || records.every(isKnown)) return known;
    byId = undefined;
    return (bySerial = read(serialField));
  };
}
