import { entraSignInAdvice } from '../errors/entra-sign-in.ts';
import { systemReason } from '../errors/reason-of.ts';
import { isUtf8 } from 'node:buffer';
import type { Clock } from '../environment.ts';
import { IntegratorError } from '../errors/integrator-error.ts';
import {
  VendorAnswerError,
  VendorAnswerSizeError,
  VendorAuthError,
  VendorForbiddenError,
  VendorRefusedError,
  VendorRequestError,
  VendorThrottledError,
  VendorUnreachableError,
} from '../errors/vendor-errors.ts';
import type { FailedRequest } from '../errors/vendor-errors.ts';
import type { HttpAnswer, HttpClient, HttpRequest } from './http-client.ts';
import { KnownSecrets } from '../secrets/known-secrets.ts';
import { defaultAnswerBounds, isTooLarge, mostBytes, sizeTrouble, type AnswerBounds } from './answer-bounds.ts';
import { brokenTrouble, brokenWords, isBroken } from './packed-answers.ts';
import { parseExactly } from '../exact-json.ts';
import { cutText } from '../shown-text.ts';
import { nestsDeeper } from '../json-nesting.ts';
import { secretsIn, tokensIn } from './request-secrets.ts';
import { isWorthRetrying, retryWait } from './retry-timing.ts';
import type { Send, Sent } from './send.ts';

const DefaultRetryLimit = 5;
const AnswerTimeout = 100_000;
const DepthSetting = 'Sync.MaxAnswerDepth';

/** What the HTTP client is made from. */
export interface HttpClientParts {
  readonly send: Send;
  readonly clock: Clock;
  /** Told of every retry, one line. */
  readonly log?: (message: string) => void;
  /** How often a failed request is tried again. Default 5. */
  readonly retryLimit?: number;
  readonly bounds?: AnswerBounds;
  /** Told what requests and sign-ins bring, and asked to hide it where a vendor quotes it. */
  readonly secrets?: KnownSecrets;
}

interface Answer {
  readonly status: number;
  /** The body of an answer that is an error, or of any where text is asked for. */
  readonly text: string;
  readonly bytes?: Uint8Array;
  readonly headers: HttpAnswer['headers'];
  readonly retryAfter: string | undefined;
}

/** The HTTP client: what is passed in sends, and the retries are timed by the clock that is passed in. */
export function createHttpClient(parts: HttpClientParts): HttpClient {
  const {
    send,
    clock,
    log,
    retryLimit = DefaultRetryLimit,
    bounds = defaultAnswerBounds,
    secrets = new KnownSecrets(),
  } = parts;

  async function attempt(
    request: HttpRequest,
    failed: FailedRequest,
    raw: boolean,
    signal?: AbortSignal,
  ): Promise<Answer> {
    const timeout = AbortSignal.timeout(AnswerTimeout);
    const { statusCode, headers, body } = await send(failed.url, {
      method: request.method ?? 'GET',
      ...contentOf(request, raw ? '*/*' : 'application/json'),
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      mostBytes: mostBytes(raw, bounds),
    });
    const retryAfter = [headers['retry-after']].flat()[0];
    const head = { status: statusCode, headers, retryAfter };
    if (statusCode >= 300) {
      // What the vendor says of an error is worth no more than its status where it says too much.
      const said = await body.bytes().catch((error: unknown) => {
        if (!isTooLarge(error) && !isBroken(error)) throw error;
        return new Uint8Array();
      });
      return { ...head, text: nestsDeeper(said, bounds.depth) ? '' : decoded(said) };
    }
    const bytes = await body.bytes();
    if (raw) return { ...head, text: '', bytes };
    if (nestsDeeper(bytes, bounds.depth))
      throw new VendorAnswerSizeError(failed, `the answer nests deeper than ${bounds.depth} levels`, DepthSetting);
    if (!isUtf8(bytes))
      log?.(
        `${failed.method} ${new URL(failed.url).pathname}: the answer is not all UTF-8; what is not is read as \ufffd`,
      );
    return { ...head, text: decoded(bytes) };
  }

  /** Sends until there is an answer that is no reason to try again. */
  async function ask(request: HttpRequest, raw: boolean, signal?: AbortSignal): Promise<[Answer, FailedRequest]> {
    const url = withQuery(request);
    const failed: FailedRequest = { method: request.method ?? 'GET', url };
    secrets.learn(secretsIn(request));
    const tries = (request.retry ?? failed.method === 'GET') ? retryLimit : 0;
    for (let tried = 0; ; tried++) {
      signal?.throwIfAborted();
      let answer: Answer | undefined;
      let lost: unknown;
      const leave = await request.pace?.enter(failed, signal);
      try {
        answer = await attempt(request, failed, raw, signal);
      } catch (error) {
        signal?.throwIfAborted();
        const lasting =
          sizeTrouble(error, failed, raw, bounds) ??
          brokenTrouble(error, tried, failed) ??
          headerTrouble(error, failed);
        if (lasting) throw lasting;
        if (error instanceof IntegratorError && !error.retryable) throw error;
        lost = error;
      } finally {
        leave?.(answer);
      }
      if (answer && !isWorthRetrying(answer.status)) {
        if (answer.status >= 300) throw refusal(answer, failed, tried + 1, secrets);
        // Nobody asked for a part.
        if (answer.status === 206) throw new VendorAnswerError(failed, 'only a part of the answer came (status 206)');
        return [answer, failed];
      }
      const retryAfter = answer?.retryAfter;
      const wait = retryWait({ attempt: tried, retryAfter, now: clock.now(), random: Math.random() });
      if (tried >= tries || wait === undefined)
        throw answer ? refusal(answer, failed, tried + 1, secrets) : unreachable(failed, lost);
      log?.(`${failed.method} ${new URL(url).pathname}: ${trouble(answer, lost)}; trying again in ${wait} ms`);
      await clock.sleep(wait, signal);
    }
  }

  return {
    async json(request, signal) {
      const answer = read(...(await ask(request, false, signal)));
      secrets.learn(tokensIn(answer));
      return answer;
    },
    async text(request, signal) {
      return (await ask(request, false, signal))[0].text;
    },
    async answer(request, signal) {
      const [{ status, headers, text }] = await ask(request, false, signal);
      return { status, headers, text };
    },
    async bytes(request, signal) {
      return (await ask(request, true, signal))[0].bytes ?? new Uint8Array();
    },
  };
}

/** As text; a byte order mark goes, and what is no UTF-8 becomes U+FFFD. */
function decoded(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** The body and the headers of a request; those it brings itself count before ours. */
function contentOf({ json, form, content, headers }: HttpRequest, accept: string): Pick<Sent, 'headers' | 'body'> {
  if (content !== undefined)
    return { body: content.text, headers: { accept, 'content-type': content.type, ...headers } };
  if (json !== undefined)
    return { body: JSON.stringify(json), headers: { accept, 'content-type': 'application/json', ...headers } };
  if (form === undefined) return { headers: { accept, ...headers } };
  const type = 'application/x-www-form-urlencoded;charset=UTF-8';
  return { body: new URLSearchParams({ ...form }).toString(), headers: { accept, 'content-type': type, ...headers } };
}

function withQuery({ url, query }: HttpRequest): string {
  const full = new URL(url);
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) full.searchParams.set(name, String(value));
  }
  return full.href;
}

function read(answer: Answer, failed: FailedRequest): unknown {
  try {
    return parseExactly(answer.text);
  } catch (error) {
    // The parser quotes the text it stumbles on; a token answer must not get into a log that way.
    const length = answer.text.length;
    const kind = error instanceof SyntaxError ? 'not JSON' : 'unreadable';
    throw new VendorAnswerError(failed, `the answer of ${length} characters is ${kind}`);
  }
}

function refusal(answer: Answer, failed: FailedRequest, attempts: number, secrets: KnownSecrets): Error {
  // Some vendors quote what they refuse. Half a secret is none that could be found again, so the text is cut afterwards.
  const whole = secrets.text(vendorMessage(answer.text));
  const said = whole && ` ("${cutText(whole, 300)}")`;
  const entra = entraSignInAdvice(whole);
  if (entra !== undefined) return new VendorAuthError(failed, said, entra);
  // What OAuth's token endpoints say of a client that may not sign in comes with 400 as often as with 401.
  if (answer.status === 401 || (answer.status === 400 && refusesClient(answer.text)))
    return new VendorAuthError(failed, said);
  if (answer.status === 403) return new VendorForbiddenError(failed, said);
  if (answer.status === 429) return new VendorThrottledError(failed, attempts, answer.retryAfter);
  if (answer.status === 408 || answer.status >= 500) {
    return new VendorUnreachableError(failed, `the vendor answered status ${answer.status}${said}`);
  }
  return new VendorRefusedError(failed, answer.status, said);
}

/** A header that cannot be sent, which it could not the next time. */
function headerTrouble(error: unknown, failed: FailedRequest): VendorRequestError | undefined {
  const { code, message } = (error ?? {}) as { readonly code?: unknown; readonly message?: unknown };
  const [, header] = /^invalid ([\w-]+) header$/.exec(String(message)) ?? [];
  return code === 'UND_ERR_INVALID_ARG' && header !== undefined ? new VendorRequestError(failed, header) : undefined;
}

function unreachable(failed: FailedRequest, error: unknown): VendorUnreachableError {
  return new VendorUnreachableError(failed, trouble(undefined, error), error);
}

function trouble(answer: Answer | undefined, error: unknown): string {
  if (answer) return `status ${answer.status}`;
  // Several addresses' reasons come as an error with a code only.
  const { code, message, name, cause } = error as Readonly<Record<string, unknown>>;
  const text = typeof message === 'string' ? message : '';
  if (isBroken(error)) return brokenWords;
  if (/redirect/i.test(text)) return 'its redirections lead nowhere';
  if (name === 'TimeoutError') return `it did not answer within ${AnswerTimeout / 1000} seconds`;
  return (
    systemReason(error) ??
    systemReason(cause) ??
    (text.replace(/\.$/, '') || (typeof code === 'string' ? code : String(error)))
  );
}

function vendorMessage(text: string): string {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body !== 'object' || body === null) return '';
    const { message, error_description: description, error } = body as Record<string, unknown>;
    // Microsoft Graph wraps code and message in "error".
    const { code, message: inner } = (typeof error === 'object' && error !== null ? error : {}) as Record<
      string,
      unknown
    >;
    const wrapped = typeof inner === 'string' ? [code, inner].filter((one) => typeof one === 'string').join(': ') : '';
    const said = [message, description, error, wrapped || undefined].find((one) => typeof one === 'string');
    return typeof said === 'string' ? said : '';
  } catch {
    // An error page in HTML says nothing an administrator could use; the status does.
    return '';
  }
}

/** RFC 6749, 5.2: the client, or what it brings, is not accepted. */
function refusesClient(text: string): boolean {
  try {
    const { error } = (JSON.parse(text) ?? {}) as { error?: unknown };
    return error === 'invalid_client' || error === 'invalid_grant' || error === 'unauthorized_client';
  } catch {
    return false;
  }
}
