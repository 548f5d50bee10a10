const FirstWait = 500;
const LongestWait = 30_000;
const LongestRetryAfter = 120_000;

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

/** Milliseconds to wait before the next attempt: what the vendor asks for, else exponential with full jitter; both capped. */
export function retryWait(occasion: RetryOccasion): number {
  const asked = retryAfterMilliseconds(occasion.retryAfter, occasion.now);
  if (asked !== undefined) return Math.min(asked, LongestRetryAfter);
  return Math.round(occasion.random * Math.min(LongestWait, FirstWait * 2 ** occasion.attempt));
}

/** Retry-After as milliseconds from now; undefined when absent or unreadable. */
function retryAfterMilliseconds(header: string | null | undefined, now: Date): number | undefined {
  const text = header?.trim();
  if (!text) return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Math.round(Number(text) * 1000);
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now.getTime());
}

/** Whether an answer with this status may be different next time. */
export function isWorthRetrying(status: number): boolean {
  return status === 408 || status === 429 || (status >= 500 && status !== 501);
}
