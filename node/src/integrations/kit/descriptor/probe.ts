import { VendorAnswerError } from '../../../errors/vendor-errors.ts';
import type { HttpRequest } from '../../../http/http-client.ts';
import { cutText } from '../../../shown-text.ts';
import { countOf, fieldAt } from '../field-path.ts';
import type { VendorApi } from '../vendor-api.ts';
import type { Descriptor, ProbeContext } from './descriptor.ts';

/** Asks the vendor something cheap; answers what an administrator is told. Throws what a request to the vendor throws. */
export async function askProbe({ probe, displayName }: Descriptor, context: ProbeContext): Promise<string> {
  if (typeof probe === 'function') return probe(context);
  const { url, json, query, errors } = probe;
  const method = json ? 'POST' : 'GET';
  const request = { method, url, retry: true, ...(query && { query }), ...(json && { json }) } as const;
  const answer = await askJson(request, context.vendorApi(), context.signal);
  const refused = errors === undefined ? undefined : fieldAt(answer, errors);
  if (refused)
    throw new VendorAnswerError(
      { method, url: await context.vendorApi().addressOf(url) },
      `the answer says: ${cutText(JSON.stringify(refused), 200)}`,
    );
  const counted = probe.count && fieldAt(answer, probe.count.at);
  const count = Array.isArray(counted) ? counted.length : countOf(counted);
  if (count === undefined) return `Signed in to ${displayName}.`;
  return `Signed in to ${displayName}; it lists ${count} ${probe.count?.of}.`;
}

/** The JSON of an answer. Throws VendorAnswerError where it is none, and what a request to the vendor throws. */
export async function askJson(request: HttpRequest, api: VendorApi, signal: AbortSignal): Promise<unknown> {
  const { text } = await api.ask(request, signal);
  const answer = parsed(text);
  if (answer !== undefined) return answer;
  const url = await api.addressOf(request.url);
  throw new VendorAnswerError(
    { method: request.method ?? 'GET', url },
    `the answer of ${text.length} characters is not JSON`,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
