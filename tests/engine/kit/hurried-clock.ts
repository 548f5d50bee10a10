import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../../../node/src/environment.ts';

/**
 * The machine's clock, but for waits, which are over at once: the clock is put on by as much. Whoever asks afterwards sees that the time
 * has passed, as a rate window must, and waits that overlap pass together.
 */
export function hurriedClock(): Clock {
  let ahead = 0;
  const now = (): number => Date.now() + ahead;
  return {
    now: () => new Date(now()),
    async sleep(milliseconds, signal) {
      signal?.throwIfAborted();
      const until = now() + milliseconds;
      await turn(undefined, signal && { signal });
      ahead += Math.max(0, until - now());
    },
  };
}
