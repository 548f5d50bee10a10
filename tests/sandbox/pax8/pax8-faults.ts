/** What goes wrong with one request. */
export type Pax8Fault =
  | { readonly kind: 'throttle'; readonly retryAfter?: string }
  | { readonly kind: 'server-error'; readonly status?: number }
  | { readonly kind: 'drop' }
  | { readonly kind: 'drop-midway' }
  | { readonly kind: 'slow'; readonly milliseconds: number }
  | { readonly kind: 'malformed' };

/** Trouble on demand. */
export interface Pax8Faults {
  /** One fault for each of the next requests to a listing. */
  readonly queue: Pax8Fault[];
  /** Asked for each page of a listing, with its query: the answer waits for what this gives. */
  holds?: (query: URLSearchParams) => Promise<void> | undefined;
  /** Pages are smaller than asked, and the envelope says so. */
  pageSizeCap?: number;
  /** The page of this number is empty, and the records go on after it. */
  emptyPageAt?: number;
  /** The page of this number, and each after it, is the one before once more. */
  repeatPageFrom?: number;
  /** So many records fewer come than the envelope promises. */
  missingRecords?: number;
  /** The envelope comes under `pageInfo`. */
  pageInfo?: boolean;
  /** Subscriptions come without a product name. */
  withoutProductNames?: boolean;
  /** Seconds a token is said to live. */
  tokenLifetime?: number;
  /** Every token given so far is refused from now on. */
  expireTokens(): void;
  /** Every answer to this path (with `/v1`) is cut off in the middle of its JSON from now on. */
  malformed(path: string): void;
}
