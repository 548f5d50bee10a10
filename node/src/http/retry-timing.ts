const FirstWait = 500;
const LongestWait = 30_000;
const LongestRetryAfter = 300_000;

/** What decides how long to wait before trying again. */
export interface RetryOccasion {
  /** 0 before the first retry. */
  readonly attempt: number;
  /** The Retry-After header: seconds or an HTTP date. */
  readonly retryAfter?: string | null;
  readonly now: Date;
  /** A number from 0 to 1; full jitter keeps many instances from coming back together. */
  readonly random: number;
}

/**
 * Milliseconds to wait before the next attempt: exponential with full jitter, and never less than the vendor asks for. Undefined
 * where that is longer than a run should wait: trying before would only be refused again.
 */
export function retryWait(occasion: RetryOccasion): number | undefined {
  const asked = retryAfterMilliseconds(occasion.retryAfter, occasion.now);
  if (asked > LongestRetryAfter) return undefined;
  return Math.max(asked, Math.round(occasion.random * Math.min(LongestWait, FirstWait * 2 ** occasion.attempt)));
}

/** Retry-After (RFC 9110, 10.2.3) as milliseconds from now; 0 when absent, unreadable or over. Of several, the first one. */
export function retryAfterMilliseconds(header: string | null | undefined, now: Date): number {
  const text = header?.trim() ?? '';
  const [, seconds] = /^(\d+(?:\.\d+)?)\s*(?:,|$)/.exec(text) ?? [];
  if (seconds !== undefined) return Math.round(Number(seconds) * 1000);
  // Dates begin with the day's name; anything else that can be read as one is none.
  const date = /^[A-Z][a-z]{2}/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(date) ? 0 : Math.max(0, date - now.getTime());
}

/** Whether an answer with this status may be different next time. */
export function isWorthRetrying(status: number): boolean {
  return status === 408 || status === 429 || (status >= 500 && status !== 501);
}
