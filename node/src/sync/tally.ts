import type { HaloOutcome, HaloRecord } from '../halo-api/halo-api.ts';
import { shownLine } from '../shown-text.ts';
import type { RejectedRecord, Rejection, SyncCounts } from './sync.ts';

/** Rejections kept in a result; the rest are in the log only. */
const rejectionsKept = 100;
/** Characters of why a record was rejected; what a vendor gave may be in it. */
const longestReason = 500;

/** Counts what came of an entity's records, and tells of each that was rejected. */
export class Tally {
  readonly counts: SyncCounts = { read: 0, created: 0, updated: 0, unchanged: 0, rejected: 0, deactivated: 0 };
  readonly rejections: RejectedRecord[] = [];
  /** Update-only records that Halo has not. */
  skipped = 0;
  readonly #told: (rejection: Rejection) => void;
  readonly #rejectedBefore: number;

  /** @param rejectedBefore by earlier runs of the same read */
  constructor(told: (rejection: Rejection) => void, rejectedBefore = 0) {
    this.#told = told;
    this.#rejectedBefore = rejectedBefore;
  }

  /** Rejected by this read from its beginning on, be it in several runs. */
  get rejectedSoFar(): number {
    return this.#rejectedBefore + this.counts.rejected;
  }

  reject({ record, reason, name, id }: Rejection): void {
    const rejection = { record: shownLine(record), reason: shownLine(reason, longestReason) };
    this.counts.rejected++;
    if (this.rejections.length < rejectionsKept) this.rejections.push(rejection);
    this.#told({
      ...rejection,
      ...(name !== undefined && { name: shownLine(name) }),
      ...(id !== undefined && { id: shownLine(id) }),
    });
  }

  /**
   * Counts what came of a batch.
   * @param idOf the vendor's id of a record, by its place
   */
  count(
    outcomes: readonly HaloOutcome[],
    records: readonly HaloRecord[],
    idOf: (at: number) => string | undefined = (at) => records[at]?.third_party_id,
  ): void {
    outcomes.forEach((outcome, index) => {
      const record = records[index];
      if (outcome.outcome === 'rejected')
        this.reject({
          record: nameOf(record) || (idOf(index) ?? 'a record without a name'),
          reason: outcome.reason,
          name: bareNameOf(record),
          id: idOf(index),
        });
      else if (outcome.outcome === 'skipped') this.skipped++;
      else if (outcome.outcome === 'updated' && isDeactivation(records[index])) this.counts.deactivated++;
      else this.counts[outcome.outcome]++;
    });
  }
}

/** What a record is called where it is told of. */
export function nameOf(record: HaloRecord | undefined): string {
  return `${bareNameOf(record) ?? ''}${record?.third_party_id ? ` (${record.third_party_id})` : ''}`.trim();
}

function bareNameOf(record: HaloRecord | undefined): string | undefined {
  const name = record?.fields['name'];
  return typeof name === 'string' ? name : record?.third_party_desc;
}

/** The vendor says outright that it is gone or switched off; that is not a guess from its absence. */
function isDeactivation(record: HaloRecord | undefined): boolean {
  return record?.update_only === true && (record.fields['inactive'] === true || record.fields['isdisabled'] === true);
}
