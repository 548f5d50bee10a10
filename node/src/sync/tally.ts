import type { HaloOutcome, HaloRecord } from '../halo-api/halo-api.ts';
import { shownLine } from '../shown-text.ts';
import type { RejectedRecord, SyncCounts } from './sync.ts';

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
  readonly #told: (rejection: RejectedRecord) => void;
  readonly #rejectedBefore: number;

  /** @param rejectedBefore by earlier runs of the same read */
  constructor(told: (rejection: RejectedRecord) => void, rejectedBefore = 0) {
    this.#told = told;
    this.#rejectedBefore = rejectedBefore;
  }

  /** Rejected by this read from its beginning on, be it in several runs. */
  get rejectedSoFar(): number {
    return this.#rejectedBefore + this.counts.rejected;
  }

  reject({ record, reason }: RejectedRecord): void {
    const rejection = { record: shownLine(record), reason: shownLine(reason, longestReason) };
    this.counts.rejected++;
    if (this.rejections.length < rejectionsKept) this.rejections.push(rejection);
    this.#told(rejection);
  }

  /** Counts what came of a batch. */
  count(outcomes: readonly HaloOutcome[], records: readonly HaloRecord[]): void {
    outcomes.forEach((outcome, index) => {
      if (outcome.outcome === 'rejected') this.reject({ record: nameOf(records[index]), reason: outcome.reason });
      else if (outcome.outcome === 'skipped') this.skipped++;
      else if (outcome.outcome === 'updated' && isDeactivation(records[index])) this.counts.deactivated++;
      else this.counts[outcome.outcome]++;
    });
  }
}

/** What a record is called where it is told of. */
export function nameOf(record: HaloRecord | undefined): string {
  const name = record?.fields['name'];
  return `${typeof name === 'string' ? name : ''}${record?.third_party_id ? ` (${record.third_party_id})` : ''}`.trim();
}

/** The vendor says outright that it is gone or switched off; that is not a guess from its absence. */
function isDeactivation(record: HaloRecord | undefined): boolean {
  return record?.update_only === true && (record.fields['inactive'] === true || record.fields['isdisabled'] === true);
}
