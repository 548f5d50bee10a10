/** What goes wrong with one request. */
export type GraphFault =
  | { readonly kind: 'throttle'; readonly retryAfter?: string }
  | { readonly kind: 'server-error'; readonly status?: number }
  | { readonly kind: 'drop' }
  /** The token is refused, and every other one given so far. */
  | { readonly kind: 'expired-token' }
  | { readonly kind: 'malformed' };

/** Trouble on demand. */
export interface GraphFaults {
  /** One fault for each of the next requests to the API. */
  readonly queue: GraphFault[];
  /** Delta links given so far are refused: with 410, or as identity resources do it, with 400. */
  expiredDelta?: 'gone' | 'bad-request';
  /** Tenants whose delta links given so far are refused with 410. */
  readonly expiredTenants: Set<string>;
  /** So many requests within batches are answered "too many requests". */
  throttledInBatch: number;
  /** Pages of users and devices are no longer than this, whatever is asked for. */
  pageSizeCap?: number;
  /** Links to further pages lead to this origin. */
  linksTo?: string;
  /** The last page of a listing leads back to the first. */
  circle?: boolean;
  /** Whether a throttled request within a batch is told how long to wait; it is by default. */
  silentBatch?: boolean;
  /** Tenants that refuse to sign the application in. */
  readonly refusingTenants: Set<string>;
  /** Every answer to a path (below `/v1.0`) that is listed here has this fault. */
  readonly always: Map<string, GraphFault>;
  /** Every token given so far is refused from now on. */
  expireTokens(): void;
}
