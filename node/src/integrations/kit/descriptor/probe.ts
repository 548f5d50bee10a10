import { VendorAnswerError } from '../../../errors/vendor-errors.ts';
import { countOf, fieldAt } from '../field-path.ts';
import type { Descriptor, ProbeContext } from './descriptor.ts';

/** Asks the vendor something cheap; answers what an administrator is told. Throws what a request to the vendor throws. */
export async function askProbe({ probe, displayName }: Descriptor, context: ProbeContext): Promise<string> {
  if (typeof probe === 'function') return probe(context);
  const request = { url: probe.url, ...(probe.query && { query: probe.query }) };
  const { text } = await context.vendorApi().ask(request, context.signal);
  const answer = parsed(text);
  if (answer === undefined) {
    const url = await context.vendorApi().addressOf(probe.url);
    throw new VendorAnswerError({ method: 'GET', url }, `the answer of ${text.length} characters is not JSON`);
  }
  const count = probe.count && countOf(fieldAt(answer, probe.count.at));
  if (count === undefined) return `Signed in to ${displayName}.`;
  return `Signed in to ${displayName}; it lists ${count} ${probe.count?.of}.`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
