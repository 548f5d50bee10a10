import type { EntityContext } from '../entity.ts';
import type { GraphDevice } from './graph-records.ts';
import { idIn, isOn, textIn } from '../halo-row.ts';

const Properties = [
  'id',
  'deviceName',
  'serialNumber',
  'manufacturer',
  'model',
  'operatingSystem',
  'managementAgent',
  'userId',
] as const;
/** Properties that ACAssetTypeField may name beyond those. */
const TypeProperties = [
  'deviceCategoryDisplayName',
  'deviceEnrollmentType',
  'managedDeviceOwnerType',
  'osVersion',
  'enrollmentProfileName',
] as const;
const DefaultProperty = 'operatingSystem';
const IntuneNames = ['Intune', 'Microsoft Intune'];

/** Which asset type a device is. */
export interface AssetTypes {
  typeOf(device: GraphDevice): number | undefined;
}

interface TypeMapping {
  readonly type: number;
  readonly value: string;
  readonly partial: boolean;
}

function typeProperty(row: Readonly<Record<string, unknown>>): string | undefined {
  const named = textIn(row['ACAssetTypeField']);
  if (named === undefined) return DefaultProperty;
  return [...Properties, ...TypeProperties].find((name) => name.toLowerCase() === named.toLowerCase());
}

/** Properties of devices to select. */
export function selectForDevices(row: Readonly<Record<string, unknown>>): string {
  return [...new Set([...Properties, typeProperty(row) ?? DefaultProperty])].join(',');
}

/**
 * The type the administrator mapped to the value of the connection's type field (XTypeMapping, in XMSeq order), else the
 * connection's default type. Mappings that go by rules are not understood and left out with a warning.
 */
export async function createAssetTypes({ api, connection, warn }: EntityContext): Promise<AssetTypes> {
  const { row } = connection;
  const otherwise = idIn(row['ACDefaultAssetType']);
  const property = typeProperty(row);
  if (property === undefined) {
    warn(`The asset type goes by "${String(row['ACAssetTypeField'])}", which is no known property of devices.`);
    return { typeOf: () => otherwise };
  }
  const modules = new Set([connection.moduleId]);
  for (const name of IntuneNames) {
    const id = await api.moduleId(name);
    if (id !== undefined) modules.add(id);
  }
  const rows = (await api.settingsRows('XTypeMapping'))
    .filter((one) => modules.has(Number(one['XMmsid'])))
    .filter((one) => !idIn(one['XMDetailsId']) || Number(one['XMDetailsId']) === connection.id)
    .toSorted((a, b) => Number(a['XMSeq'] ?? 0) - Number(b['XMSeq'] ?? 0) || Number(a['XMid']) - Number(b['XMid']));
  if (rows.some((one) => isOn(one['XMUseRules'])))
    warn('Mappings of asset types that go by rules are left out: how Halo reads them is not public.');
  const mappings = rows.flatMap((one): TypeMapping[] => {
    const type = idIn(one['XMTypeId']);
    const value = textIn(one['XMValue']) ?? textIn(one['XMThirdPartyName']);
    if (type === undefined || value === undefined || isOn(one['XMUseRules'])) return [];
    return [{ type, value: value.toLowerCase(), partial: isOn(one['XMPartialMatch']) }];
  });
  return {
    typeOf(device) {
      const given = device[property];
      const value = typeof given === 'string' ? given.trim().toLowerCase() : '';
      const found = mappings.find((one) => (one.partial ? value.includes(one.value) : value === one.value));
      return found?.type ?? otherwise;
    },
  };
}
