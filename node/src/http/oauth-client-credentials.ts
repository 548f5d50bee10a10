import type { Clock } from '../environment.ts';
import { VendorAnswerError, VendorAuthError } from '../errors/vendor-errors.ts';
import type { HttpClient, HttpRequest } from './http-client.ts';

const RenewBeforeExpiry = 120_000;
const AssumedLifetimeSeconds = 600;

/** Where tokens come from: reused until shortly before they expire, asked for once however many wait. */
export interface TokenSource {
  token(signal?: AbortSignal): Promise<string>;
  /** Forgets a token the vendor no longer accepts, unless a newer one is there already. */
  discard(token: string): void;
}

/** What a token source is made from. */
export interface TokenSourceParts {
  readonly http: HttpClient;
  readonly clock: Clock;
  /** The token request, in the vendor's own form (JSON or form). */
  readonly request: HttpRequest;
}

interface Token {
  readonly value: string;
  readonly renewAt: number;
}

/** Tokens by the client-credentials grant. */
export function createTokenSource({ http, clock, request }: TokenSourceParts): TokenSource {
  let current: Token | undefined;
  let flight: Promise<Token> | undefined;

  async function ask(signal?: AbortSignal): Promise<Token> {
    const asked = clock.now().getTime();
    const answer = await http.json({ retry: true, ...request }, signal);
    const fields = (typeof answer === 'object' && answer !== null ? answer : {}) as Record<string, unknown>;
    const value = fields['access_token'];
    if (typeof value !== 'string' || value === '') {
      throw new VendorAnswerError({ method: request.method ?? 'POST', url: request.url }, 'the answer holds no token');
    }
    const told = Number(fields['expires_in']);
    const lifetime = (Number.isFinite(told) && told > 0 ? told : AssumedLifetimeSeconds) * 1000;
    return { value, renewAt: asked + lifetime - Math.min(RenewBeforeExpiry, lifetime / 2) };
  }

  return {
    async token(signal) {
      if (current && clock.now().getTime() < current.renewAt) return current.value;
      flight ??= ask(signal).finally(() => {
        flight = undefined;
      });
      current = await flight;
      return current.value;
    },
    discard(token) {
      if (current?.value === token) current = undefined;
    },
  };
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
