/** A request to a vendor's API. */
export interface HttpRequest {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as a form. */
  readonly form?: Readonly<Record<string, string>>;
  /** False for requests that must not be repeated. Default: GET and token requests are. */
  readonly retry?: boolean;
}

/**
 * HTTP with retry: 429 with or without Retry-After, 408, 5xx and lost connections are tried again with full jitter.
 * Throws VendorUnreachableError, VendorAuthError, VendorForbiddenError, VendorThrottledError, VendorRefusedError, VendorAnswerError.
 */
export interface HttpClient {
  /** The answer's JSON body. */
  json(request: HttpRequest, signal?: AbortSignal): Promise<unknown>;
  /** The answer's JSON body as it came, to be read later or not at all. */
  text(request: HttpRequest, signal?: AbortSignal): Promise<string>;
  /** The answer's body as it is: a file, a message. */
  bytes(request: HttpRequest, signal?: AbortSignal): Promise<Uint8Array>;
}
