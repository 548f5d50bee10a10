import type { Row, Transaction } from '../../database/database.ts';
import type { ChangeClock } from '../writes/change-clock.ts';
import { inParts } from '../reads/in-parts.ts';
import type { SessionParts } from '../session-parts.ts';
import { writeAssetTraces } from '../writes/write-traces.ts';
import type { FieldChange } from './asset-fields.ts';
import { readFieldLayout } from './field-layout.ts';

const knownBy = ['Ikind', 'Isite', 'Inum', 'Iseq'] as const;

/** A value of an asset's field and what it is to be, by the key of its row. */
export interface FieldToPut {
  readonly row: { readonly key: Readonly<Record<string, unknown>> };
  readonly to: Row;
}

/** Writes values of assets' fields as rows of INFO, and leaves the history that any change of them leaves. */
export async function putAssetFields(
  transaction: Transaction,
  fields: readonly FieldToPut[],
  own: SessionParts,
  clock: ChangeClock,
  isNew: (field: FieldToPut) => boolean = () => false,
): Promise<void> {
  const keyOf = ({ row: { key } }: FieldToPut): [string, number, number, number] => [
    String(key['Ikind']),
    Number(key['Isite']),
    Number(key['Inum']),
    Number(key['Iseq']),
  ];
  const number = await clock.expected(transaction);
  const { created, updated } = await transaction.put({
    table: 'INFO',
    known: knownBy,
    columns: ['idata'],
    rows: fields.map((one) => [...keyOf(one), one.to['idata'] ?? null]),
    ...(number !== undefined && { stamps: { Ichangeseq: number } }),
  });
  const written = [...created.map((place) => ({ place, before: [] })), ...updated].map(({ place, before }) => ({
    one: fields[place] as FieldToPut,
    before: before[0] ?? '',
  }));
  clock.wroteStamped({
    table: 'INFO',
    counter: 'info',
    column: 'Ichangeseq',
    columns: knownBy,
    rows: written.map(({ one }) => keyOf(one)),
  });
  const assets = await assetsOf(transaction, [...new Set(written.map(({ one }) => keyOf(one)[1]))]);
  const layout = await readFieldLayout(transaction, new Set([...assets.values()].map(({ type }) => type)));
  const changes = written.flatMap(({ one, before }): FieldChange[] => {
    const [, site, place, seq] = keyOf(one);
    const asset = assets.get(`${site} ${place}`);
    const field = asset && [...layout.fieldsOf(asset.type)].find(([, at]) => at === seq)?.[0];
    const same = String(before) === String(one.to['idata'] ?? '');
    if (!asset || field === undefined || same || isNew(one)) return [];
    return [
      {
        asset: { ...asset, place: 0, isNew: false },
        field,
        before: String(before),
        after: String(one.to['idata'] ?? ''),
      },
    ];
  });
  await writeAssetTraces(transaction, [], changes, { ...own.traces(), ...own.besides });
}

async function assetsOf(transaction: Transaction, sites: readonly number[]) {
  const found = new Map<
    string,
    { readonly id: number; readonly site: number; readonly number: number; readonly type: number }
  >();
  for (const some of inParts(sites)) {
    const rows = await transaction.read({
      from: 'DEVICE',
      columns: ['Did', 'Dsite', 'ddevnum', 'Dtype'],
      where: { column: 'Dsite', is: 'in', values: some },
    });
    for (const { Did, Dsite, ddevnum, Dtype } of rows)
      found.set(`${Number(Dsite)} ${Number(ddevnum)}`, {
        id: Number(Did),
        site: Number(Dsite),
        number: Number(ddevnum),
        type: Number(Dtype),
      });
  }
  return found;
}
