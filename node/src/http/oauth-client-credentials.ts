import type { Clock } from '../environment.ts';
import { VendorAnswerError, VendorAuthError } from '../errors/vendor-errors.ts';
import type { HttpClient, HttpRequest } from './http-client.ts';
import { createRenewingTokens, type TokenSource } from './token-source.ts';

export type { TokenSource } from './token-source.ts';

/** What a token source is made from. */
export interface TokenSourceParts {
  readonly http: HttpClient;
  readonly clock: Clock;
  /** The token request, in the vendor's own form (JSON or form). */
  readonly request: HttpRequest;
}

/** Tokens by the client-credentials grant. */
export function createTokenSource({ http, clock, request }: TokenSourceParts): TokenSource {
  return createRenewingTokens({
    clock,
    async ask(signal) {
      const answer = await http.json({ retry: true, ...request }, signal);
      const fields = (typeof answer === 'object' && answer !== null ? answer : {}) as Record<string, unknown>;
      const value = fields['access_token'];
      if (typeof value !== 'string' || value === '') {
        throw new VendorAnswerError(
          { method: request.method ?? 'POST', url: request.url },
          'the answer holds no token',
        );
      }
      const told = Number(fields['expires_in']);
      return { value, lifetime: Number.isFinite(told) && told > 0 ? told * 1000 : undefined };
    },
  });
}

/** The same client with a bearer token on each request; a token refused once (401) is renewed and the request repeated. */
export function withBearer(http: HttpClient, tokens: TokenSource): HttpClient {
  async function send<T>(
    request: HttpRequest,
    signal: AbortSignal | undefined,
    ask: (request: HttpRequest, signal?: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const bearing = (token: string): HttpRequest => ({
      ...request,
      headers: { ...request.headers, authorization: `Bearer ${token}` },
    });
    const token = await tokens.token(signal);
    try {
      return await ask(bearing(token), signal);
    } catch (error) {
      if (!(error instanceof VendorAuthError)) throw error;
      tokens.discard(token);
      return ask(bearing(await tokens.token(signal)), signal);
    }
  }
  return {
    json: (request, signal) => send(request, signal, (one, stop) => http.json(one, stop)),
    text: (request, signal) => send(request, signal, (one, stop) => http.text(one, stop)),
    answer: (request, signal) => send(request, signal, (one, stop) => http.answer(one, stop)),
    bytes: (request, signal) => send(request, signal, (one, stop) => http.bytes(one, stop)),
  };
}
