import { VendorAnswerError } from '../../../errors/vendor-errors.ts';
import type { HttpClient, HttpRequest } from '../../../http/http-client.ts';
import type { Clock } from '../../../environment.ts';
import type { TokenSource } from '../../../http/token-source.ts';
import type { KeptTexts } from '../../kept-texts.ts';
import type { Values } from '../fill-in.ts';

/** Puts on a request what lets it in. */
export interface Signer {
  sign(request: HttpRequest, signal?: AbortSignal): Promise<HttpRequest>;
  /** Told that a request was refused (401); whether signing it anew may help. */
  refused(request: HttpRequest): boolean;
}

/** What signers are made from. */
export interface SignerParts {
  /** The integration, as errors name it. */
  readonly integration: string;
  readonly values: Values;
  /** Sends requests as they are, without credentials. */
  readonly http: HttpClient;
  readonly clock: Clock;
  /** The API's own address; what begins with `/` is below it. */
  readonly address: string;
  /** Keeps what the next run needs; absent where nothing can be kept. */
  readonly kept?: KeptTexts | undefined;
}

/** Signs by the headers given, which do not change. */
export function headerSigner(headers: Readonly<Record<string, string>>, secrets: readonly string[]): Signer {
  return {
    sign: async (request) => withHeaders(request, headers, secrets),
    refused: () => false,
  };
}

/** Signs by a token in a header; one that is refused is renewed. */
export function tokenSigner(tokens: TokenSource, header = 'authorization', prefix = 'Bearer '): Signer {
  const name = header.toLowerCase();
  return {
    async sign(request, signal) {
      const token = await tokens.token(signal);
      return withHeaders(request, { [name]: prefix + token }, [token]);
    },
    refused(request) {
      const sent = request.headers?.[name];
      if (sent === undefined) return false;
      tokens.discard(sent.slice(prefix.length));
      return true;
    },
  };
}

/** A request with headers in place of those of the same name, and with more that must not be shown. */
export function withHeaders(
  request: HttpRequest,
  headers: Readonly<Record<string, string>>,
  secrets: readonly string[],
): HttpRequest {
  return {
    ...request,
    headers: { ...request.headers, ...headers },
    secrets: [...(request.secrets ?? []), ...secrets],
  };
}

/** The whole address of a declared one. */
export function addressOf(url: string, address: string): string {
  return url.startsWith('/') ? address.replace(/\/+$/, '') + url : url;
}

/** Says that an answer to a sign-in holds no token; never what it holds. */
export function noToken(request: HttpRequest): VendorAnswerError {
  return new VendorAnswerError({ method: request.method ?? 'POST', url: request.url }, 'the answer holds no token');
}
