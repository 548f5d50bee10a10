import type { CompletedRun } from './marked-source.ts';
import type { Source } from './source.ts';

/** A source that may bring only what changed since a moment, which is kept beside the instance. */
export interface ChangesSource<T = unknown> extends Source<T> {
  /** Whether this run brings only what changed: what does not come may well be there. Asked once the first page came. */
  onlyChanges(): boolean;
  /**
   * Keeps how far the vendor was read. Called once everything the vendor had is written and what is missing is settled, and only after
   * a read that nothing speaks against; never with what-if.
   */
  keepMark(run: CompletedRun): Promise<void>;
}
