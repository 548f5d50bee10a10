import type { Transaction } from '../../database/database.ts';

/** Types named in one condition. */
const typesAtOnce = 500;

/** Which number a field has on an asset type: INFO.iseq is TYPEINFO.Xseq, not the field's own number. */
export interface FieldLayout {
  /** TYPEINFO.Xseq of a field (FIELD.Yseq) on a type (XTYPE.TTypenum); undefined where the type does not have the field. */
  seqOf(type: number | undefined, field: number): number | undefined;
  /** The fields of a type with their numbers on it. */
  fieldsOf(type: number): ReadonlyMap<number, number>;
}

/** Reads which fields these types have (TYPEINFO with Xkind 'T'). Of a field that stands on a type twice, the first counts. */
export async function readFieldLayout(
  transaction: Pick<Transaction, 'read'>,
  types: ReadonlySet<number>,
): Promise<FieldLayout> {
  const layout = new Map<number, Map<number, number>>();
  const all = [...types];
  for (let from = 0; from < all.length; from += typesAtOnce) {
    const rows = await transaction.read({
      from: 'TYPEINFO',
      columns: ['Xnum', 'Xseq', 'Xfieldnos'],
      where: {
        all: [
          { column: 'Xkind', is: 'equal', value: 'T' },
          { column: 'Xnum', is: 'in', values: all.slice(from, from + typesAtOnce) },
        ],
      },
      orderBy: [{ column: 'Xnum' }, { column: 'Xseq' }],
    });
    for (const { Xnum, Xseq, Xfieldnos } of rows) {
      const fields = layout.get(Number(Xnum)) ?? new Map<number, number>();
      layout.set(Number(Xnum), fields);
      if (!fields.has(Number(Xfieldnos))) fields.set(Number(Xfieldnos), Number(Xseq));
    }
  }
  const none: ReadonlyMap<number, number> = new Map();
  return {
    seqOf: (type, field) => (type === undefined ? undefined : layout.get(type)?.get(field)),
    fieldsOf: (type) => layout.get(type) ?? none,
  };
}
