import type { FollowUps } from './follow-ups.ts';
import type { LinkScope, BatchMark, HeldRecords } from './halo-records.ts';

export interface HaloUpsertOptions {
  readonly scope?: LinkScope;
  /** Fields written when the record is new and left alone afterwards. */
  readonly insertOnly?: readonly string[];
  /** How unlinked records are matched to existing ones, by field names; each in turn, only where exactly one fits. */
  readonly matchFields?: readonly (readonly string[])[];
  /** Field of the vendor's own id: a record that has another one there is somebody else's, and only this field finds it. */
  readonly ownIdField?: string;
  readonly whatIf?: boolean;
  /** Values of an asset's fields stay at their numbers when its type changes: they are written by themselves. */
  readonly fieldsStay?: boolean;
  /** Remember the keys seen in this session set, for deactivateMissing. */
  readonly rememberAs?: string;
  /** What hangs on these records, committed with them or not at all. */
  readonly followUps?: FollowUps;
  /** What is to be committed with these records or not at all. */
  readonly mark?: BatchMark;
  /**
   * Told after the commit how Halo holds the records, where that is all there is to them: each is linked and was written or found
   * unchanged, and is one row with its link.
   */
  readonly held?: (state: HeldRecords) => void;
  /** The fingerprint they had before, where `stillHolds` of a session has just found it again. */
  readonly fingerprintBefore?: string | undefined;
}
