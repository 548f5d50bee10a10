import { VendorAnswerSizeError, type FailedRequest } from '../errors/vendor-errors.ts';

const megabyte = 1024 * 1024;
/** Megabytes of a file or a message; Exchange Online takes none larger. */
const largestFile = 150;
const sizeSetting = 'Sync.MaxAnswerMegabytes';

/** How much of an answer is taken; more than that is an error and no reason to ask again. */
export interface AnswerBounds {
  /** Megabytes of an answer that is data, both as it comes and unpacked. Default 32. */
  readonly megabytes: number;
  /** How deep lists and objects may lie in one another. Default 64. */
  readonly depth: number;
}

/** What holds where nothing else is set. */
export const defaultAnswerBounds: AnswerBounds = { megabytes: 32, depth: 64 };

/** How many bytes of an answer are read, of data or of a file as it is. */
export function mostBytes(raw: boolean, { megabytes }: AnswerBounds): number {
  return (raw ? largestFile : megabytes) * megabyte;
}

/** Whether a body was not read on, since it is larger than that. */
export function isTooLarge(error: unknown): boolean {
  return codeOf(error) === 'UND_ERR_RES_EXCEEDED_MAX_SIZE';
}

/** The error of an answer that is too large, which it would be again; undefined where the trouble is another. */
export function sizeTrouble(
  error: unknown,
  request: FailedRequest,
  raw: boolean,
  { megabytes }: AnswerBounds,
): VendorAnswerSizeError | undefined {
  if (codeOf(error) === 'UND_ERR_HEADERS_OVERFLOW')
    return new VendorAnswerSizeError(request, 'the headers of the answer are larger than 16 KB');
  if (!isTooLarge(error)) return undefined;
  if (raw) return new VendorAnswerSizeError(request, `the file is larger than ${largestFile} MB`);
  return new VendorAnswerSizeError(request, `the answer is larger than ${megabytes} MB`, sizeSetting);
}

function codeOf(error: unknown): unknown {
  return (error as { readonly code?: unknown } | null)?.code;
}
