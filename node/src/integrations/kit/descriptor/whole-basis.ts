import { hash } from 'node:crypto';
import type { HaloConnection } from '../../connection.ts';
import type { MappingBasis } from '../../entity.ts';

/** Columns that change with each run. */
const ofRuns = /last_?(sync|error)/i;

interface Value {
  readonly row: string;
  readonly prepared: unknown;
  readonly kind: unknown;
  readonly joined: unknown;
}

/**
 * All that a declared entity's records are mapped by: Halo's row of the connection, which both the kind and the function that maps a
 * record may go by, what was prepared for the run, what the kind looked up, and the joined lists.
 */
export function wholeBasis(
  { row, prepared = null }: Pick<HaloConnection, 'row'> & { readonly prepared?: unknown },
  kind: MappingBasis,
  joined: MappingBasis | undefined,
): MappingBasis {
  const own = hashOf(row);
  return {
    value: async (): Promise<Value> => ({
      row: own,
      prepared,
      kind: await kind.value(),
      joined: (await joined?.value()) ?? null,
    }),
    async lookUpAgain(earlier) {
      const before = earlier as Value;
      // Where these say something else, nothing is as it was anyway.
      if (before.row !== own || JSON.stringify(before.prepared) !== JSON.stringify(prepared)) return;
      await joined?.lookUpAgain(before.joined);
      await kind.lookUpAgain(before.kind);
    },
  };
}

/** A hash, since a row may hold what nothing that is kept should. Moments in it are of runs, or of tokens. */
function hashOf(row: HaloConnection['row']): string {
  const lasting = Object.entries(row).filter(([column, value]) => !(value instanceof Date) && !ofRuns.test(column));
  return hash('sha256', JSON.stringify(lasting.sort(([one], [other]) => (one < other ? -1 : 1))), 'base64');
}
