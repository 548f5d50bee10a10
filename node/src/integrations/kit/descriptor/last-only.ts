import type { RecordShape } from '../../../reading/record-shape.ts';
import type { Mapping } from '../../entity.ts';

/** A mapping that leaves out records which come again behind, among those that are mapped together. */
export function lastOnly<T>(mapping: Mapping<T>, shape: RecordShape<T>): Mapping<T> {
  return {
    ...mapping,
    eachPage: false,
    async toHalo(records) {
      const last = new Map(records.map((record, at) => [shape.idOf(record) ?? at, at]));
      const counts = (record: T, at: number): boolean => last.get(shape.idOf(record) ?? at) === at;
      const mapped = await mapping.toHalo(records.filter(counts));
      let next = 0;
      return records.map((record, at) =>
        counts(record, at) ? (mapped[next++] ?? { left_out: true }) : { left_out: true },
      );
    },
  };
}
