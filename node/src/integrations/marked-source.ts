import type { SettingsRow } from '../halo-api/halo-api.ts';
import type { Source } from './source.ts';

/** A source that goes by what changed since a mark which Halo has a place for (a delta link). */
export interface MarkedSource<T = unknown> extends Source<T> {
  /**
   * How far the vendor was read. Asked once everything the vendor had is written, and committed with the last batch; after the
   * missing records where a whole read settles those. Should it not come to this, the same records are read again, which changes
   * nothing twice.
   */
  readMark(run: CompletedRun): readonly SettingsRow[];
}

/** What came of a run that read everything the vendor had to say. */
export interface CompletedRun {
  readonly rejected: number;
  /** Records may be missing at the vendor, and were left active. */
  readonly missingLeft: boolean;
}
