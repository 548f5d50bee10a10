import type { HaloOutcome, HaloRecord, HaloSession } from '../halo-api/halo-api.ts';

/**
 * Writes batches in place of the upsert, where a record is rows of several resources that belong together (a mail: ticket, action,
 * attachments). What it is to write is still mapped, counted and told like everything else.
 */
export interface BatchWriter<T = unknown> {
  /** Each page is a batch of its own: its records are large. */
  readonly pageIsBatch?: boolean;
  /**
   * Whether it is told of a what-if, and writes nothing then: what it does reaches beyond Halo's database. One that is not told writes as
   * ever, to copies of Halo's tables.
   */
  readonly looksItself?: boolean;
  /** Writes and commits the records; answers each in order. With what-if it writes nothing and answers what would come of them. */
  write(
    session: HaloSession,
    records: readonly HaloRecord[],
    options: { readonly whatIf: boolean },
  ): Promise<readonly HaloOutcome[]>;
  /** Settles with the vendor what was committed: a mail is moved or deleted there. Never called with what-if. */
  settle?(records: readonly T[]): Promise<void>;
  /** Gives back what source and writer hold together (a connection), however the run ended. */
  close?(): Promise<void>;
}
