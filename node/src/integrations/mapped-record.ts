import type { HaloRecord } from '../halo-api/halo-api.ts';

/** What a vendor's record becomes: a record to write, or why it is not written. */
export type MappedRecord = HaloRecord | Quarantined | LeftOut;

/** A record that cannot be written, with its name and why. It is counted as rejected. */
export interface Quarantined {
  readonly quarantined: string;
  readonly reason: string;
  /** Where the vendor gave one: the record exists, so what is linked to it in Halo is not missing and must not be deactivated. */
  readonly third_party_id?: string;
}

/** A record that needs no writing, such as one that a later page brings anew. Not counted as rejected. */
export interface LeftOut {
  readonly left_out: true;
  /** What Halo has makes no difference to it: where the vendor says the same again, it need not be looked at. */
  readonly lasts?: boolean;
}
