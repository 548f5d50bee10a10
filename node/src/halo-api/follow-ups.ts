import type { HaloOutcome, HaloRecord } from './halo-records.ts';
import type { HaloReads } from './reads/look-ups.ts';

/** Records of another resource that follow from a set, to be upserted under the same link scope. */
export interface FollowUp {
  readonly resource: string;
  readonly records: readonly HaloRecord[];
  readonly insertOnly?: readonly string[];
  readonly matchFields?: readonly (readonly string[])[];
}

/** What hangs on the records of a set, and is committed with them or not at all: a client's main site, the place of a licence that moved. */
export interface FollowUps {
  /**
   * Asked inside the transaction, once the records are written, and again where that is repeated. Rows are to be read through `halo`
   * alone, which sees what was written; other connections would wait for it.
   */
  of(records: readonly HaloRecord[], outcomes: readonly HaloOutcome[], halo: HaloReads): Promise<readonly FollowUp[]>;
  /** Told after the commit what came of each. */
  written(followUp: FollowUp, outcomes: readonly HaloOutcome[]): void;
}
