import type { IncomingHttpHeaders } from 'node:http';
import { VendorAnswerError, VendorEncodingError, type FailedRequest } from '../errors/vendor-errors.ts';

/** How an answer may be packed, by what undici unpacks. */
const unpacked = new Set(['gzip', 'x-gzip', 'br', 'deflate', 'zstd']);
/** More than undici takes: whoever packs an answer again and again means no good. */
const mostPackings = 5;
/** How zlib, Brotli and Zstandard begin the code of what they cannot unpack. */
const brokenCode = /^(Z_(BUF|DATA)_ERROR|Z_NEED_DICT|ERR_(BROTLI)?_|ZSTD_error)/;
/** How often a broken answer is asked for again: a line may have cut it once, a server that packs wrongly does so always. */
const triesOfBroken = 2;

/**
 * The headers by which an answer is unpacked. Throws VendorEncodingError where it is packed in a way that nobody here unpacks, and
 * would be the next time; of an error, whose status says enough, the body is then read as it is.
 */
export function readablePacking(
  headers: IncomingHttpHeaders,
  status: number,
  request: () => FailedRequest,
): IncomingHttpHeaders {
  const said = headers['content-encoding'] as string | string[] | undefined;
  if (said === undefined) return headers;
  const others = { ...headers };
  delete others['content-encoding'];
  const packings = [said]
    .flat()
    .flatMap((one) => one.split(','))
    .map((one) => one.trim().toLowerCase())
    .filter((one) => one !== '' && one !== 'identity');
  if (packings.length === 0) return others;
  const strange = packings.find((one) => !unpacked.has(one));
  if (strange === undefined && packings.length <= mostPackings)
    return { ...others, 'content-encoding': packings.join(',') };
  if (status >= 300) return others;
  throw new VendorEncodingError(request(), strange ?? `${packings.length} times over`);
}

/** Whether a body was packed and cannot be unpacked. */
export function isBroken(error: unknown): boolean {
  return brokenCode.test(String((error as { readonly code?: unknown } | null)?.code));
}

/** The error of a broken answer that came broken often enough; undefined where asking again may help, or the trouble is another. */
export function brokenTrouble(error: unknown, tried: number, request: FailedRequest): VendorAnswerError | undefined {
  if (!isBroken(error) || tried < triesOfBroken) return undefined;
  return new VendorAnswerError(request, brokenWords, error);
}

/** What is said of such an answer. */
export const brokenWords = 'the answer is packed, and was cut or changed on its way, so that it cannot be unpacked';
