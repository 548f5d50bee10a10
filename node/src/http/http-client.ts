import type { FailedRequest } from '../errors/vendor-errors.ts';

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
  /** Sent as it is: neither JSON nor a form. */
  readonly content?: { readonly type: string; readonly text: string };
  /** False for requests that must not be repeated. Default: GET and token requests are. */
  readonly retry?: boolean;
  /** What no error may show, beside what is known to be a credential by its name. */
  readonly secrets?: readonly string[];
  /** Lets each attempt go when the vendor's limits allow it. */
  readonly pace?: Pace;
}

/** An answer that is no error. Header names are in lower case; of a header that came several times, all values. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
}

/** Holds requests back so that a vendor's limits are kept. */
export interface Pace {
  /**
   * Resolves when a request may be sent. What it gives back is called with the answer's status and headers, or with nothing where
   * there was no answer. Throws VendorThrottledError where that would take longer than a run should wait.
   */
  enter(request: FailedRequest, signal?: AbortSignal): Promise<(answer?: Omit<HttpAnswer, 'text'>) => void>;
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
  /** The answer with its headers, where those say something: the next page, what is left of a limit. */
  answer(request: HttpRequest, signal?: AbortSignal): Promise<HttpAnswer>;
  /** The answer's body as it is: a file, a message. */
  bytes(request: HttpRequest, signal?: AbortSignal): Promise<Uint8Array>;
}
