import { isoDate } from '../../../../halo-api/values/iso-date.ts';
import type { HaloObject } from '../../../../halo-api/halo-api.ts';
import type { AssetFieldValue } from '../../../../halo-api/assets/asset-fields.ts';
import { asset } from '../../../../halo-api/resources/asset.ts';
import { filled } from '../given-fields.ts';
import type { KindContext } from '../kind.ts';
import type { AssetRecord, VendorFieldValue } from './asset-record.ts';
import { isOn } from '../../../halo-row.ts';

/** A row of IntegrationFieldMapping that maps a vendor's field to one of an asset. */
interface FieldMapping {
  /** The vendor's field, in lower case. */
  readonly from: string;
  /** FIELD.Yseq, or a field of the asset itself by Halo's name. */
  readonly to: { readonly field: number } | { readonly own: string };
  readonly when?: AssetFieldValue['when'];
  /** The vendor's type of devices that the row is about, in lower case; undefined where it is about all. */
  readonly ofType?: string;
}

/** What the administrator mapped a vendor's fields to. */
export interface FieldMap {
  /** The fields of asset types that something is mapped to (FIELD.Yseq), in the order of the rows. */
  readonly fields: readonly number[];
  /** The field of asset types that holds the serial number. */
  readonly serialField: number | undefined;
  /** What a record gives of each: values of its type's fields, and fields of its own. */
  valuesOf(record: AssetRecord): { readonly fields: readonly AssetFieldValue[]; readonly own: HaloObject };
  /** What of it others depend on. */
  readonly basis: unknown;
}

/** How Halo's screens call an asset's own fields, without anything but letters, beside Halo's names. */
const ownNames: Readonly<Record<string, string>> = {
  assettag: 'inventory_number',
  assetnumber: 'inventory_number',
  warrantyend: 'warranty_end',
  warrantyenddate: 'warranty_end',
  warrantyexpiry: 'warranty_end',
  purchasedate: 'supplier_purchasedate',
  supplierreference: 'supplier_reference',
};
const serialNames = ['serialnumber', 'serial', 'serialno'];

const plainOf = (name: unknown): string =>
  String(name ?? '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');
/** Fields of the asset itself that may be mapped: what a vendor decides otherwise (site, type, status, users) is not among them. */
const mappable = new Map(
  asset.fields
    .filter(({ json, readOnly, type }) => !readOnly && type !== 'boolean' && !/_id$|^inactive$/.test(json))
    .map(({ json, type }) => [json, type]),
);

/**
 * Reads the rows of a module. A row that names a field of asset types by number or name is one of those; one that names a field the
 * asset itself has is one of its own. What is neither is left out, with a warning.
 */
export async function readFieldMap(
  { api, scope, told, warn }: KindContext,
  given?: readonly Readonly<Record<string, unknown>>[],
): Promise<FieldMap> {
  const definitions = await api.settingsRows('FIELD', { Ykind: 'T' });
  const rows = (given ?? (await api.settingsRows('IntegrationFieldMapping', { IFMmsid: scope.module_id }))).toSorted(
    (one, other) => Number(one['IFMid']) - Number(other['IFMid']),
  );
  const byNumber = new Map(definitions.map((row) => [Number(row['Yseq']), plainOf(row['Yname'])]));
  const numbersOf = (name: string): readonly number[] =>
    [...byNumber].flatMap(([number, known]) => (known === name && name !== '' ? [number] : []));
  const mappings: FieldMapping[] = [];
  const unknown: string[] = [];
  for (const row of rows) {
    const to = targetOf(row, byNumber, numbersOf);
    const from = String(row['IFMThirdPartyName'] ?? '').trim();
    if (!to) {
      if (isOn(row['IFMIsAssetField'])) unknown.push(`"${from}" to "${String(row['IFMfiname'] ?? row['IFMfiid'])}"`);
      continue;
    }
    const when = whenOf(row);
    const ofType = String(row['IFMXMValue'] ?? '')
      .trim()
      .toLowerCase();
    mappings.push({ from: from.toLowerCase(), to, ...(when && { when }), ...(ofType !== '' && { ofType }) });
  }
  if (unknown.length > 0)
    warn(`Fields are mapped that Halo's asset types do not have, and are left out: ${unknown.join(', ')}.`);
  const fields = [...new Set(mappings.flatMap(({ to }) => ('field' in to ? [to.field] : [])))];
  const serialField =
    told.matchField !== undefined && told.matchField > 0 ? told.matchField : serialFieldIn(mappings, numbersOf);
  return {
    fields,
    serialField,
    valuesOf: (record) => valuesOf(record, mappings),
    basis: { mappings, serialField, layout: await layoutOf(api, fields) },
  };
}

/** Which types have the fields, and as what: what was left out because a type did not have it is to be written once it has. */
async function layoutOf(api: KindContext['api'], fields: readonly number[]): Promise<unknown> {
  const mapped = new Set(fields);
  return (await api.settingsRows('TYPEINFO', { Xkind: 'T' }))
    .map((row) => [Number(row['Xnum']), Number(row['Xseq']), Number(row['Xfieldnos'])] as const)
    .filter(([, , field]) => mapped.has(field))
    .toSorted(([type, seq], [other, second]) => type - other || seq - second);
}

function targetOf(
  row: Readonly<Record<string, unknown>>,
  byNumber: ReadonlyMap<number, string>,
  numbersOf: (name: string) => readonly number[],
): FieldMapping['to'] | undefined {
  const [number, name] = [Number(row['IFMfiid'] ?? 0), plainOf(row['IFMfiname'])];
  const marked = isOn(row['IFMIsAssetField']);
  if (byNumber.has(number) && (marked || byNumber.get(number) === name)) return { field: number };
  const own = ownNames[name] ?? [...mappable.keys()].find((json) => plainOf(json) === name);
  if (own !== undefined) return { own };
  const [only, second] = numbersOf(name);
  return only !== undefined && second === undefined ? { field: only } : undefined;
}

/** "New records only", and "do not update", which with "populate empty values" still fills what is empty. */
function whenOf(row: Readonly<Record<string, unknown>>): AssetFieldValue['when'] {
  if (isOn(row['IFMNewRecords'])) return 'new';
  if (!isOn(row['IFMDontUpdate'])) return undefined;
  return isOn(row['ifmpopulateemptyvalue']) ? 'empty' : 'new';
}

/** The field a vendor's serial number is mapped to, else the only one of that name. */
function serialFieldIn(
  mappings: readonly FieldMapping[],
  numbersOf: (name: string) => readonly number[],
): number | undefined {
  for (const { from, to } of mappings) if ('field' in to && serialNames.includes(lastPart(from))) return to.field;
  for (const name of serialNames) {
    const [only, second] = numbersOf(name);
    if (only !== undefined && second === undefined) return only;
  }
  return undefined;
}

/** `system.serialNumber` and `Serial Number` are one. */
function lastPart(name: string): string {
  return plainOf(name.split('.').at(-1));
}

function valuesOf(record: AssetRecord, mappings: readonly FieldMapping[]): ReturnType<FieldMap['valuesOf']> {
  const given = new Map(Object.entries(record.fields ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  const type = filled(record.type)?.toLowerCase();
  const fields = new Map<number, AssetFieldValue>();
  const own: Record<string, unknown> = {};
  for (const { from, to, when, ofType } of mappings) {
    if (ofType !== undefined && ofType !== type) continue;
    const value = given.get(from) ?? (serialNames.includes(lastPart(from)) ? record.serial : undefined);
    const text = textOf(value);
    // What the vendor leaves empty stays as it is in Halo: somebody may have filled it there.
    if (text === undefined) continue;
    if ('field' in to) fields.set(to.field, { id: to.field, value: text, ...(when && { when }) });
    else if (when === undefined) {
      const fit = ownValue(to.own, value, text);
      if (fit !== undefined) own[to.own] = fit;
    }
  }
  return { fields: [...fields.values()], own };
}

/** A value as Halo keeps it in a field of an asset: dates as dd/mm/yyyy. */
export function textOf(value: VendorFieldValue): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) return undefined;
    const two = (number: number): string => String(number).padStart(2, '0');
    const year = String(value.getUTCFullYear()).padStart(4, '0');
    return `${two(value.getUTCDate())}/${two(value.getUTCMonth() + 1)}/${year}`;
  }
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  const text = String(value).trim();
  return text === '' ? undefined : text;
}

/** Dates that vendors write beside ISO 8601, in UTC without a zone; Node would take any text with a number for one, in this machine's. */
const otherDate = /^([A-Z][a-z]{2}, \d|\d{1,2}\/\d{1,2}\/\d{4}\b)/;

function ownValue(json: string, value: VendorFieldValue, text: string): unknown {
  switch (mappable.get(json)) {
    case 'date': {
      const inUtc = /(?:Z|GMT|UTC|[+-]\d{2}:?\d{2})$/i.test(text) ? text : `${text} UTC`;
      const date =
        value instanceof Date ? value : (isoDate(text) ?? (otherDate.test(text) ? new Date(inUtc) : undefined));
      return date === undefined || Number.isNaN(date.getTime()) ? undefined : date;
    }
    case 'int':
    case 'double': {
      const number = Number(text);
      return Number.isFinite(number) ? number : undefined;
    }
    default:
      return text;
  }
}
