import type { Clock } from '../../../environment.ts';
import {
  VendorAnswerError,
  VendorForbiddenError,
  VendorRefusedError,
  VendorThrottledError,
  VendorUnreachableError,
} from '../../../errors/vendor-errors.ts';
import { isWorthRetrying, retryWait } from '../../../http/retry-timing.ts';
import { parseExactly } from '../../../exact-json.ts';
import { countOf, isObject, textOf } from '../field-path.ts';
import type { VendorApi } from '../vendor-api.ts';

const tries = 6;

/** How a vendor takes many requests in one (OData's JSON batch, as Microsoft Graph has it). */
export interface JsonBatch {
  /** Where batches go, below the API's address. */
  readonly url: string;
  /** The most requests a batch may hold. */
  readonly atOnce: number;
}

/** The answer to one request of a batch, unchecked. */
type Response = Readonly<Record<string, unknown>>;

/**
 * GETs as batches, unchecked and in order; what is not found is undefined. Paths are below the API's address. A batch is answered even where
 * some of its requests are throttled, so those alone are asked again after the longest wait any of them names.
 */
export async function readBatched(paths: readonly string[], batch: JsonBatch, api: VendorApi): Promise<unknown[]> {
  const found: unknown[] = [];
  for (let from = 0; from < paths.length; from += batch.atOnce)
    found.push(...(await readSome(paths.slice(from, from + batch.atOnce), batch, api)));
  return found;
}

async function readSome(paths: readonly string[], { url }: JsonBatch, api: VendorApi): Promise<unknown[]> {
  const { clock, signal } = api;
  const found = new Array<unknown>(paths.length);
  let open = paths.map((_, at) => at);
  for (let attempt = 0; open.length > 0; attempt++) {
    const requests = open.map((at) => ({ id: String(at), method: 'GET', url: paths[at] }));
    const byId = await answersTo(requests, url, api);
    const again: number[] = [];
    let wait = 0;
    for (const at of open) {
      const response = byId.get(String(at));
      const status = countOf(response?.['status']) ?? 0;
      if (status === 200) found[at] = response?.['body'];
      else if (status !== 404) {
        const asked = isWorthRetrying(status) && attempt + 1 < tries ? waitOf(response, attempt, clock) : undefined;
        if (asked === undefined) {
          const request = { method: 'GET', url: await api.addressOf(paths[at] ?? '') };
          throw refusalOf(request, status, attempt + 1);
        }
        again.push(at);
        wait = Math.max(wait, asked);
      }
    }
    open = again;
    if (open.length > 0) await clock.sleep(wait, signal);
  }
  return found;
}

/** The answers to a batch by the requests' ids. */
async function answersTo(
  requests: readonly object[],
  url: string,
  api: VendorApi,
): Promise<ReadonlyMap<string | undefined, Response>> {
  // Only reads: sending them once more changes nothing.
  const { text } = await api.ask({ method: 'POST', url, json: { requests }, retry: true });
  const answer = parsed(text);
  const responses = isObject(answer) ? answer['responses'] : undefined;
  if (Array.isArray(responses))
    return new Map((responses as unknown[]).filter(isObject).map((response) => [textOf(response['id']), response]));
  throw new VendorAnswerError({ method: 'POST', url: await api.addressOf(url) }, 'the batch has no responses');
}

function parsed(text: string): unknown {
  try {
    return parseExactly(text);
  } catch {
    return undefined;
  }
}

function waitOf(response: Response | undefined, attempt: number, clock: Clock): number | undefined {
  const headers = response?.['headers'];
  const said = Object.entries(isObject(headers) ? headers : {});
  const [, value] = said.find(([name]) => name.toLowerCase() === 'retry-after') ?? [];
  return retryWait({ attempt, retryAfter: textOf(value) ?? null, now: clock.now(), random: Math.random() });
}

function refusalOf(request: { method: string; url: string }, status: number, attempts: number): Error {
  if (status === 429) return new VendorThrottledError(request, attempts);
  if (status === 403) return new VendorForbiddenError(request, '');
  if (status === 0) return new VendorAnswerError(request, 'the batch’s answer lacks it');
  if (status >= 500) return new VendorUnreachableError(request, `the vendor answered status ${status}`);
  return new VendorRefusedError(request, status, '');
}
