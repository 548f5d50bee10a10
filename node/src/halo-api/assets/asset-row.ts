import type { Row, Transaction } from '../../database/database.ts';
import type { RowOutcome } from '../../database/upsert.ts';

/** An asset as a write left it: where it is, and what it was before. */
export interface AssetRow {
  /** Its place among the records. */
  readonly place: number;
  /** DEVICE.Did. */
  readonly id: number;
  /** DEVICE.Dsite and ddevnum, by which everything that belongs to it is found. */
  readonly site: number;
  readonly number: number;
  /** DEVICE.Dtype; undefined where it has none. */
  readonly type: number | undefined;
  readonly isNew: boolean;
  /** The type it had, where that was another one. */
  readonly typeBefore?: number;
  /** What became of it, where that changed: true is inactive. */
  readonly inactive?: boolean;
}

/** What is left of an asset's row after a write; `leftAlone` are columns that an update does not write. */
export function assetRow(
  place: number,
  outcome: RowOutcome & { readonly key: number },
  values: Row,
  leftAlone: ReadonlySet<string>,
): AssetRow {
  const { key: id } = outcome;
  if (outcome.outcome === 'created')
    return {
      place,
      id,
      site: Number(values['Dsite']),
      number: outcome.number ?? 0,
      type: numberIn(values['Dtype']),
      isNew: true,
    };
  const before = ('before' in outcome && outcome.before) || {};
  const after = (column: string): Row[string] | undefined =>
    column in values && !leftAlone.has(column) ? values[column] : before[column];
  const [typeBefore, type] = [numberIn(before['Dtype']), numberIn(after('Dtype'))];
  const [wasInactive, inactive] = [before['dinactive'] === true, after('dinactive') === true];
  return {
    place,
    id,
    site: Number(before['Dsite']),
    number: Number(before['ddevnum']),
    type,
    isNew: false,
    ...(typeBefore !== undefined && typeBefore !== type && { typeBefore }),
    ...(wasInactive !== inactive && { inactive }),
  };
}

function numberIn(value: Row[string] | undefined): number | undefined {
  const number = Number(value ?? 0);
  return number === 0 ? undefined : number;
}

/** Assets that were just made inactive, by DEVICE.Did. */
export async function assetsAt(
  transaction: Transaction,
  ids: readonly number[],
): Promise<readonly Pick<AssetRow, 'id' | 'site' | 'number' | 'inactive'>[]> {
  const rows = await transaction.read({
    from: 'DEVICE',
    columns: ['Did', 'Dsite', 'ddevnum'],
    where: { column: 'Did', is: 'in', values: ids },
    orderBy: [{ column: 'Did' }],
  });
  return rows.map(({ Did, Dsite, ddevnum }) => ({
    id: Number(Did),
    site: Number(Dsite),
    number: Number(ddevnum),
    inactive: true,
  }));
}
