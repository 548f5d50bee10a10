import type { Row, Transaction } from '../../database/database.ts';
import { onlyColumns } from '../../database/row.ts';
import { comparedText } from '../values/compared-text.ts';
import { cut } from '../values/cut-text.ts';
import type { HaloRecord } from '../halo-api.ts';
import type { WriteParts } from '../writes/write-parts.ts';

/** XTYPE.tdesc. */
const longestName = 100;

/** A type by its name, which is made where Halo has none of that name. */
export interface NamedAssetType {
  readonly name: string;
  /** GENERIC.Ggeneric of a type that is made; one of the name in this group is meant before one in another. */
  readonly assetgroup_id?: number;
  /** XTYPE.TTypenum of the type in whose group it is made where no group is named; without either it is made in none. */
  readonly like?: number;
  /** Fields (FIELD.Yseq) that a type gets when it is made, in this order. */
  readonly fields?: readonly number[];
}

/**
 * Gives records that name their type by its name the type's number, and makes the types that Halo has not, with their fields. Names are
 * compared as the database compares them. With what-if, a type that is to be made has no number, and the record none either. A record whose
 * type may be one of several is answered by the reason why it is not written.
 */
export async function withAssetTypes(
  transaction: Transaction,
  records: readonly HaloRecord[],
  field: string,
  parts: WriteParts,
): Promise<readonly (HaloRecord | string)[]> {
  const named = new Map<string, NamedAssetType>();
  for (const { fields } of records) {
    const type = namedTypeIn(fields[field]);
    if (type && !named.has(keyOf(type))) named.set(keyOf(type), type);
  }
  if (named.size === 0) return records;
  const known = await typesByName(transaction);
  const ids = new Map<string, number>();
  const several = new Map<string, string>();
  const groups = new Map([...known.values()].flat().map(({ id, group }) => [id, group]));
  const missing: [key: string, type: NamedAssetType, group: number | undefined][] = [];
  for (const [key, type] of named) {
    const group = type.assetgroup_id ?? (groups.get(type.like ?? 0) || undefined);
    const found = known.get(comparedText(type.name)) ?? [];
    const inGroup = found.filter((other) => other.group === group);
    const meant = inGroup.length > 0 ? inGroup : found;
    const [one] = meant;
    if (meant.length > 1)
      several.set(
        key,
        `Halo has ${meant.length} asset types "${type.name}" (${meant.map(({ id }) => id).join(', ')}): map the vendor's type to one of them, or rename the others`,
      );
    else if (one) ids.set(key, one.id);
    else missing.push([key, type, group]);
  }
  if (missing.length > 0 && !parts.options.whatIf) {
    const made = await makeTypes(
      transaction,
      missing.map(([, type, group]) => ({ ...type, ...(group !== undefined && { assetgroup_id: group }) })),
      parts,
    );
    for (const [, { name }, group] of missing)
      if (group === undefined)
        parts.warnOnce(
          `The asset type "${name}" is made in no group, since the connection has no default asset group: choose one for it in Halo.`,
        );
    for (const [at, [key]] of missing.entries()) ids.set(key, made[at] ?? 0);
  }
  return records.map((record) => {
    const { [field]: given, ...fields } = record.fields;
    const type = namedTypeIn(given);
    const unsure = type && several.get(keyOf(type));
    if (unsure !== undefined) return unsure;
    const id = type && ids.get(keyOf(type));
    return { ...record, fields: id === undefined ? fields : { ...fields, assettype_id: id } };
  });
}

/** With its name as Halo has room for it: one that is longer is found again by what was kept of it. */
function namedTypeIn(given: unknown): NamedAssetType | undefined {
  const { name } = (given ?? {}) as Partial<NamedAssetType>;
  const kept = typeof name === 'string' ? cut(name.trim(), longestName).trim() : '';
  return kept === '' ? undefined : { ...(given as NamedAssetType), name: kept };
}

function keyOf({ name, assetgroup_id }: NamedAssetType): string {
  return `${assetgroup_id ?? 0} ${comparedText(name)}`;
}

async function typesByName(
  transaction: Transaction,
): Promise<ReadonlyMap<string, readonly { readonly id: number; readonly group: number }[]>> {
  const types = new Map<string, { readonly id: number; readonly group: number }[]>();
  const rows = await transaction.read({
    from: 'XTYPE',
    columns: ['TTypenum', 'tdesc', 'Tgeneric'],
    orderBy: [{ column: 'TTypenum' }],
  });
  for (const { TTypenum, tdesc, Tgeneric } of rows) {
    const name = comparedText(String(tdesc ?? '').trim());
    types.set(name, [...(types.get(name) ?? []), { id: Number(TTypenum), group: Number(Tgeneric ?? 0) }]);
  }
  return types;
}

async function makeTypes(
  transaction: Transaction,
  types: readonly NamedAssetType[],
  { clock, tableOf, toWrite }: WriteParts,
): Promise<readonly number[]> {
  const number = await clock.expected(transaction);
  const stamp = (column: string): Row => (number === undefined ? {} : { [column]: number });
  const kept = await Promise.all(
    (['XTYPE', 'TYPEINFO'] as const).map(async (name) => {
      const table = await tableOf(name);
      return (row: Row): Row => onlyColumns(row, toWrite(table, Object.keys(row)));
    }),
  );
  const [type, info] = kept as [(row: Row) => Row, (row: Row) => Row];
  const ids = await transaction.insert(
    'XTYPE',
    types.map(({ name, assetgroup_id }) =>
      type({
        tdesc: name,
        ...(assetgroup_id !== undefined && { Tgeneric: assetgroup_id }),
        ...stamp('Tchangeseq'),
      }),
    ),
    { column: 'TTypenum' },
  );
  const fields = types.flatMap(({ fields: list = [] }, at) =>
    [...new Set(list)].map((field, place): Row => ({
      Xkind: 'T',
      Xnum: ids[at] ?? 0,
      Xseq: place + 1,
      Xfieldnos: field,
      xsortseq: place + 1,
      ...stamp('XTchangeseq'),
    })),
  );
  if (fields.length > 0) await transaction.insert('TYPEINFO', fields.map(info));
  clock.wroteStamped({
    table: 'XTYPE',
    counter: 'xtype',
    column: 'Tchangeseq',
    columns: ['TTypenum'],
    rows: ids.map((id) => [id]),
  });
  clock.wroteStamped({
    table: 'TYPEINFO',
    counter: 'typeinfo',
    column: 'XTchangeseq',
    columns: ['Xkind', 'Xnum', 'Xseq'],
    rows: fields.map(({ Xnum, Xseq }) => ['T', Number(Xnum), Number(Xseq)]),
  });
  return ids;
}
