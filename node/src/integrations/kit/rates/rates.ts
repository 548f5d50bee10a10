/** A vendor's limits, as data. What the vendor does not say is left out; 429 with Retry-After is always obeyed. */
export interface Rates {
  /** So many requests in so many seconds; several where the vendor has several. */
  readonly windows?: readonly RateWindow[];
  /** So many requests under way at once. */
  readonly atOnce?: number;
  /** Headers that say what is left. */
  readonly headers?: RateHeaders;
  /**
   * The share of a limit from which on requests are spread over the time that is left, so that a vendor which slows down or blocks
   * those who use up their limit has no reason to. Default 0.9.
   */
  readonly slowFrom?: number;
}

/** So many requests in any stretch of so many seconds. */
export interface RateWindow {
  readonly requests: number;
  readonly seconds: number;
}

/** Names of the headers by which a vendor says what is left of a limit. */
export interface RateHeaders {
  /** Requests that are left. */
  readonly remaining: string;
  /** The limit itself, where it is said; without it nothing is slowed down before nothing is left. */
  readonly limit?: string;
  /** When the limit is full again. */
  readonly reset?: string;
  /** What the reset is written as. Default: seconds since 1970. */
  readonly resetAs?: 'epoch-seconds' | 'epoch-milliseconds' | 'seconds' | 'milliseconds' | 'date';
}
