import type { Clock } from '../../environment.ts';
import {
  VendorAnswerError,
  VendorForbiddenError,
  VendorRefusedError,
  VendorThrottledError,
  VendorUnreachableError,
} from '../../errors/vendor-errors.ts';
import type { HttpClient } from '../../http/http-client.ts';
import { isWorthRetrying, retryWait } from '../../http/retry-timing.ts';

/** The most requests a batch may hold (Microsoft's limit). */
const RequestsInBatch = 20;
const Tries = 6;

/** What sending batches needs. */
export interface BatchParts {
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Where batches go. */
  readonly url: string;
}

interface Response {
  readonly id?: string;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/**
 * GETs as `$batch` requests, in order; what is not found is undefined. A batch is answered even where some of its requests
 * are throttled, so those alone are asked again after the longest wait any of them names.
 */
export async function readBatched(paths: readonly string[], parts: BatchParts): Promise<unknown[]> {
  const found: unknown[] = [];
  for (let from = 0; from < paths.length; from += RequestsInBatch) {
    found.push(...(await readSome(paths.slice(from, from + RequestsInBatch), parts)));
  }
  return found;
}

async function readSome(paths: readonly string[], parts: BatchParts): Promise<unknown[]> {
  const { http, clock, signal, url } = parts;
  const found = new Array<unknown>(paths.length);
  let open = paths.map((_, at) => at);
  for (let attempt = 0; open.length > 0; attempt++) {
    const requests = open.map((at) => ({ id: String(at), method: 'GET', url: paths[at] }));
    // Only reads: sending them once more changes nothing.
    const answer = await http.json({ method: 'POST', url, json: { requests }, retry: true }, signal);
    const { responses } = (answer ?? {}) as { responses?: unknown };
    if (!Array.isArray(responses)) throw new VendorAnswerError({ method: 'POST', url }, 'the batch has no responses');
    const byId = new Map((responses as Response[]).map((response) => [response.id, response]));
    const again: number[] = [];
    let wait = 0;
    for (const at of open) {
      const response = byId.get(String(at));
      const status = response?.status ?? 0;
      if (status === 200) found[at] = response?.body;
      else if (status !== 404) {
        const asked = isWorthRetrying(status) && attempt + 1 < Tries ? waitOf(response, attempt, clock) : undefined;
        if (asked === undefined) throw refusalOf({ method: 'GET', url: urlOf(url, paths[at]) }, status, attempt + 1);
        again.push(at);
        wait = Math.max(wait, asked);
      }
    }
    open = again;
    if (open.length > 0) await clock.sleep(wait, signal);
  }
  return found;
}

function waitOf(response: Response | undefined, attempt: number, clock: Clock): number | undefined {
  const headers = Object.entries(response?.headers ?? {});
  const retryAfter = headers.find(([name]) => name.toLowerCase() === 'retry-after')?.[1];
  return retryWait({ attempt, retryAfter, now: clock.now(), random: Math.random() });
}

function urlOf(batch: string, path: string | undefined): string {
  return batch.replace(/\/\$batch$/, path ?? '');
}

function refusalOf(request: { method: string; url: string }, status: number, attempts: number): Error {
  if (status === 429) return new VendorThrottledError(request, attempts);
  if (status === 403) return new VendorForbiddenError(request, '');
  if (status === 0) return new VendorAnswerError(request, 'the batch’s answer lacks it');
  if (status >= 500) return new VendorUnreachableError(request, `the vendor answered status ${status}`);
  return new VendorRefusedError(request, status, '');
}
