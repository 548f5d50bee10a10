import type { HaloObject } from '../../../../halo-api/halo-api.ts';
import type { KindContext } from '../kind.ts';
import type { AssetRecord } from './asset-record.ts';
import { textOf } from './field-map.ts';
import { isOn } from '../../../halo-row.ts';

/** Which asset type a record's asset is. */
export interface TypeFinder {
  /** The fields that say its type; undefined where nothing does. */
  typeOf(record: AssetRecord): HaloObject | undefined;
  /** What of it others depend on. */
  readonly basis: unknown;
}

interface TypeMapping {
  readonly type: number;
  /** In lower case. */
  readonly value: string;
  readonly partial: boolean;
}

const numberIn = (value: unknown): number => (Number.isInteger(Number(value ?? 0)) ? Number(value ?? 0) : 0);

/**
 * A type is that of the first row of XTypeMapping that fits what the vendor says the device is, in the order of XMSeq (at one place, a row
 * that equals goes before one that is a part of it); else, where the connection takes types from a field, the one of that name, which is
 * made where there is none: in the default group, without one in that of the default type; else the connection's default type.
 *
 * @param fields fields that a type gets when it is made
 * @param modules modules whose mappings count beside those of the connection's own
 */
export async function createTypeFinder(
  context: KindContext,
  fields: readonly number[],
  modules: readonly number[] = [],
): Promise<TypeFinder> {
  const { told } = context;
  const mappings = await readMappings(context, modules);
  const fromField = told.typeChoice === 1;

  function saidType(record: AssetRecord): string {
    const wanted = told.typeField?.toLowerCase();
    const [, value] = Object.entries(record.fields ?? {}).find(([name]) => name.toLowerCase() === wanted) ?? [];
    return textOf(value) ?? textOf(record.type) ?? '';
  }

  return {
    typeOf(record) {
      const said = saidType(record);
      const lower = said.toLowerCase();
      const mapped = mappings.find(({ value, partial }) => (partial ? lower.includes(value) : lower === value));
      if (mapped) return { assettype_id: mapped.type };
      const otherwise = told.defaultType;
      if (fromField && said !== '')
        return {
          assettype_config: {
            name: said,
            fields,
            ...(told.defaultGroup !== undefined && { assetgroup_id: told.defaultGroup }),
            ...(otherwise !== undefined && { like: otherwise }),
          },
        };
      return otherwise === undefined ? undefined : { assettype_id: otherwise };
    },
    basis: { mappings, fields: fromField ? fields : [] },
  };
}

async function readMappings(
  { api, scope, warn }: KindContext,
  modules: readonly number[],
): Promise<readonly TypeMapping[]> {
  const all = [...new Set([scope.module_id, ...modules])];
  const rows = (await Promise.all(all.map((module) => api.settingsRows('XTypeMapping', { XMmsid: module }))))
    .flat()
    .filter((row) => [0, scope.details_id].includes(numberIn(row['XMDetailsId'])))
    .toSorted(
      (one, other) =>
        numberIn(one['XMSeq']) - numberIn(other['XMSeq']) ||
        Number(isOn(one['XMPartialMatch'])) - Number(isOn(other['XMPartialMatch'])) ||
        numberIn(one['XMid']) - numberIn(other['XMid']),
    );
  if (rows.some((row) => isOn(row['XMUseRules'])))
    warn('Mappings of asset types that go by rules are left out: how Halo reads them is not public.');
  const types = await api.listBy('AssetType', 'id', [...new Set(rows.map((row) => numberIn(row['XMTypeId'])))]);
  const known = new Set(types.map((type) => Number(type['id'])));
  return rows.flatMap((row): TypeMapping[] => {
    const type = numberIn(row['XMTypeId']);
    const value = textOf(row['XMValue'] as string | null) ?? textOf(row['XMThirdPartyName'] as string | null);
    if (value === undefined || isOn(row['XMUseRules'])) return [];
    if (known.has(type)) return [{ type, value: value.toLowerCase(), partial: isOn(row['XMPartialMatch']) }];
    warn(`XTypeMapping maps "${value}" to the asset type ${type}, which Halo has not: the row maps nothing.`);
    return [];
  });
}
