import type { ActualTable, Transaction, Value } from '../../database/database.ts';
import type { ChangeClock } from '../writes/change-clock.ts';
import { cut } from '../values/cut-text.ts';
import type { AssetRow } from './asset-row.ts';
import type { FieldLayout } from './field-layout.ts';

/** INFO.Ikind of an asset's fields. */
const kind = 'D';
const knownBy = ['Ikind', 'Isite', 'Inum', 'Iseq'] as const;
/** Assets whose fields are written in one set, so that memory stays flat however many fields they have. */
const assetsAtOnce = 250;

/** The value of one field of an asset's type. */
export interface AssetFieldValue {
  /** FIELD.Yseq. */
  readonly id: number;
  /** As Halo keeps it: text, a date as dd/mm/yyyy. */
  readonly value: string | null;
  /** Written only where the asset is new, or has nothing there yet; otherwise always. */
  readonly when?: 'new' | 'empty';
}

/** A value of an asset that was there before, and what it was. */
export interface FieldChange {
  readonly asset: AssetRow;
  readonly field: number;
  readonly before: string;
  readonly after: string;
}

/** What writing fields needs. */
export interface FieldParts {
  readonly info: ActualTable;
  readonly layout: FieldLayout;
  readonly clock: ChangeClock;
  readonly whatIf: boolean;
  /** Told of a value whose field the asset's type does not have. */
  notOnType(type: number | undefined, field: number): void;
}

/** An asset and the values it is to have. */
export interface AssetWithFields {
  readonly asset: AssetRow;
  readonly values: readonly AssetFieldValue[];
}

interface Placed {
  readonly asset: AssetRow;
  readonly field: number;
  readonly seq: number;
  readonly value: string | null;
}

/** Reads `{id, value, when}` objects; a text is the reason why they are none. */
export function fieldValuesIn(given: unknown): readonly AssetFieldValue[] | string {
  if (given === undefined || given === null) return [];
  if (!Array.isArray(given)) return 'the field "fields" should be a list';
  for (const one of given as unknown[]) {
    const { id, value, when } = (one ?? {}) as Record<string, unknown>;
    const fits = Number.isInteger(id) && (value === null || typeof value === 'string');
    if (!fits || (when !== undefined && when !== 'new' && when !== 'empty'))
      return `the field "fields" has ${JSON.stringify(one)?.slice(0, 60)}, which is no number of a field with a text`;
  }
  return given as readonly AssetFieldValue[];
}

/**
 * Writes the values of assets' fields as rows of INFO, all of them as sets; those of an asset whose type changed move to their fields'
 * numbers on the new type first. Answers what changed of assets that were there before.
 */
export async function writeAssetFields(
  transaction: Transaction,
  assets: readonly AssetWithFields[],
  parts: FieldParts,
): Promise<readonly FieldChange[]> {
  const changes: FieldChange[] = [];
  for (let from = 0; from < assets.length; from += assetsAtOnce) {
    const some = assets.slice(from, from + assetsAtOnce);
    await moveValues(transaction, some, parts);
    const [always, ifEmpty] = placed(some, parts);
    const filled = await ofEmpty(transaction, ifEmpty);
    changes.push(...(await putFields(transaction, [...always, ...filled], parts)));
  }
  return changes;
}

/** The values with their fields' numbers on the type: those to be written in any case, and those only where there is nothing yet. */
function placed(assets: readonly AssetWithFields[], parts: FieldParts): readonly [always: Placed[], ifEmpty: Placed[]] {
  const [always, ifEmpty]: [Placed[], Placed[]] = [[], []];
  const length = parts.info.columns.get('idata')?.length;
  for (const { asset, values } of assets) {
    const bySeq = new Map<number, Placed & { readonly when: AssetFieldValue['when'] }>();
    for (const { id: field, value, when } of values) {
      const seq = parts.layout.seqOf(asset.type, field);
      if (seq === undefined) parts.notOnType(asset.type, field);
      else if (when !== 'new' || asset.isNew)
        bySeq.set(seq, { asset, field, seq, value: value === null ? null : cut(value, length), when });
    }
    for (const one of bySeq.values()) (one.when === 'empty' && !asset.isNew ? ifEmpty : always).push(one);
  }
  return [always, ifEmpty];
}

async function putFields(
  transaction: Transaction,
  rows: readonly Placed[],
  { clock, whatIf }: FieldParts,
): Promise<FieldChange[]> {
  if (rows.length === 0) return [];
  const number = whatIf ? undefined : await clock.expected(transaction);
  const values = rows.map(({ asset, seq, value }) => [...keyOf(asset, seq), value]);
  const { created, updated } = await transaction.put({
    table: 'INFO',
    known: knownBy,
    columns: ['idata'],
    rows: values,
    ...(number !== undefined && { stamps: { Ichangeseq: number } }),
    whatIf,
  });
  const at = (place: number): Placed => rows[place] as Placed;
  if (!whatIf)
    clock.wroteStamped({
      table: 'INFO',
      counter: 'info',
      column: 'Ichangeseq',
      columns: knownBy,
      rows: [...created, ...updated.map(({ place }) => place)].map((place) => values[place] ?? []),
    });
  const change = (place: number, before: Value | undefined): FieldChange[] => {
    const { asset, field, value } = at(place);
    const [old, after] = [before === null || before === undefined ? '' : String(before), value ?? ''];
    return asset.isNew || old === after ? [] : [{ asset, field, before: old, after }];
  };
  return [
    ...created.flatMap((place) => change(place, '')),
    ...updated.flatMap(({ place, before }) => change(place, before[0])),
  ];
}

function keyOf({ site, number }: AssetRow, seq: number): [string, number, number, number] {
  return [kind, site, number, seq];
}

/** Those whose fields have nothing yet. */
async function ofEmpty(transaction: Transaction, rows: readonly Placed[]): Promise<readonly Placed[]> {
  const there = await valuesAt(transaction, rows);
  return rows.filter((_, at) => !there[at]);
}

/** What stands at these places; undefined where there is no row. What differs from nothing is asked for, and answered with its value. */
async function valuesAt(
  transaction: Transaction,
  rows: readonly { readonly asset: AssetRow; readonly seq: number }[],
): Promise<readonly (string | null | undefined)[]> {
  if (rows.length === 0) return [];
  const { created, updated } = await transaction.put({
    table: 'INFO',
    known: knownBy,
    columns: ['idata'],
    rows: rows.map(({ asset, seq }) => [...keyOf(asset, seq), null]),
    whatIf: true,
  });
  const found = new Array<string | null | undefined>(rows.length).fill(null);
  for (const place of created) found[place] = undefined;
  for (const { place, before } of updated) found[place] = String(before[0]);
  return found;
}

/**
 * Where an asset's type changed, each value goes to its field's number on the new type: the same number is another field's there. What
 * stands at a number that is now a field's without a value is emptied; values of fields that the new type does not have stay behind.
 */
async function moveValues(
  transaction: Transaction,
  assets: readonly AssetWithFields[],
  parts: FieldParts,
): Promise<void> {
  const moved = assets.flatMap(({ asset }) => {
    const { type, typeBefore } = asset;
    return type === undefined || typeBefore === undefined ? [] : [{ asset, type, typeBefore }];
  });
  const looked = moved.flatMap(({ asset, type, typeBefore }) =>
    [...new Set([type, typeBefore].flatMap((one) => [...parts.layout.fieldsOf(one).values()]))].map((seq) => ({
      asset,
      seq,
    })),
  );
  const there = new Map<AssetRow, Map<number, string | null>>();
  const values = await valuesAt(transaction, looked);
  for (const [at, { asset, seq }] of looked.entries()) {
    const value = values[at];
    const known = there.get(asset) ?? new Map<number, string | null>();
    there.set(asset, known);
    if (value !== undefined) known.set(seq, value);
  }
  const rows = moved.flatMap(({ asset, type, typeBefore }) =>
    [...parts.layout.fieldsOf(type)].flatMap(([field, seq]): Placed[] => {
      const before = parts.layout.seqOf(typeBefore, field);
      const value = (before === undefined ? undefined : there.get(asset)?.get(before)) ?? null;
      return (there.get(asset)?.get(seq) ?? null) === value ? [] : [{ asset, field, seq, value }];
    }),
  );
  await putFields(transaction, rows, parts);
}
