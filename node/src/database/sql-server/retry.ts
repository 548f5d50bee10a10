import type { Clock } from '../../environment.ts';
import { IntegratorError } from '../../errors/integrator-error.ts';
import { isKeyTaken, isTransient } from './transient-errors.ts';

/** Tries in all, and the waits between them in milliseconds: together about 20 seconds, 45 at most, as a failover may take. */
const attempts = 8;
const firstWait = 250;
const longestWait = 15_000;
/** A statement that ran into its own time limit is slow rather than unlucky. */
const triesAfterTimeout = 2;

/** What a repetition is timed and ended by. */
export interface RetryOccasion {
  readonly clock: Clock;
  /** No further try is made after it, and a wait ends at once. */
  readonly signal?: AbortSignal | undefined;
  /** Told of each failure that another try follows, before the wait for it. */
  again?(repetition: Repetition): Promise<void> | void;
}

/** Another try of work that failed. */
export interface Repetition {
  readonly failure: unknown;
  /** Which try is to come, and how many there are at most. */
  readonly attempt: number;
  readonly of: number;
  /** Milliseconds until then. */
  readonly wait: number;
}

/** A failure that is told at once: waiting does not make it better, or was tried. */
export class FinalFailure extends Error {
  readonly failure: unknown;

  constructor(failure: unknown) {
    super(failure instanceof Error ? failure.message : String(failure));
    this.failure = failure;
  }
}

/** The failure itself. */
export function unwrapped(error: unknown): unknown {
  return error instanceof FinalFailure ? error.failure : error;
}

/** Whether doing the same again, whole and on a new connection where that is gone, may help. */
export function mayRetry(error: unknown): boolean {
  if (error instanceof FinalFailure) return false;
  if (error instanceof IntegratorError) return error.retryable;
  return isTransient(error) || isKeyTaken(error);
}

/** Full jitter: anything between no wait and one twice as long as the last could be. */
export function waitBefore(attempt: number, random: number): number {
  return Math.round(random * Math.min(longestWait, firstWait * 2 ** attempt));
}

/** Does the work again while its failures are transient; throws the last of them. */
export async function retrying<T>({ clock, signal, again }: RetryOccasion, work: () => Promise<T>): Promise<T> {
  let timeouts = 0;
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      if ((error as { code?: string } | undefined)?.code === 'ETIMEOUT') timeouts++;
      if (attempt === attempts || timeouts === triesAfterTimeout || !mayRetry(error)) throw error;
      const wait = waitBefore(attempt, Math.random());
      await again?.({ failure: error, attempt: attempt + 1, of: timeouts > 0 ? triesAfterTimeout : attempts, wait });
      await clock.sleep(wait, signal);
    }
  }
}
