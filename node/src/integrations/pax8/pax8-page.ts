import { hash } from 'node:crypto';
import { VendorAnswerError } from '../../errors/vendor-errors.ts';

/** A page of a listing: where it stands among the others, and its records, which are read when they are asked for. */
export interface Pax8Page {
  /** Unchecked. */
  readonly records: readonly unknown[];
  /** A hash of the records as Pax8 wrote them; undefined where they cannot be told from the rest of the answer. */
  readonly content?: string;
  readonly number?: number | undefined;
  /** How many records a page takes, which may be fewer than were asked for. */
  readonly pageSize?: number | undefined;
  readonly totalElements?: number | undefined;
  readonly totalPages?: number | undefined;
}

/**
 * Reads where a page stands, and leaves its records for later. They are an array under "content", and beside it are the numbers
 * under "page" (Pax8's specification): what stands between the first bracket behind "content" and the last of all is the records.
 * Throws VendorAnswerError.
 */
export function readPage(text: string, url: string): Pax8Page {
  const begin = /"content"\s*:\s*\[/.exec(text);
  const from = begin ? begin.index + begin[0].length - 1 : 0;
  const to = text.lastIndexOf(']') + 1;
  const rest = begin && to > from ? parsed(text.slice(0, from) + '[]' + text.slice(to)) : undefined;
  // Without a place, or where something else has brackets, too, it is not cut where it should be.
  if (!isListing(rest) || !hasPlace(rest)) return wholePage(text, url);
  let unread = text;
  let records: readonly unknown[] | undefined;
  return {
    ...placeOf(rest),
    content: hash('sha256', text.slice(from, to), 'base64'),
    get records() {
      if (records) return records;
      const cut = parsed(unread.slice(from, to));
      records = Array.isArray(cut) ? (cut as unknown[]) : wholePage(unread, url).records;
      unread = '';
      return records;
    },
  };
}

function wholePage(text: string, url: string): Pax8Page {
  const body = parsed(text);
  if (body === undefined) throw failed(url, `the answer of ${text.length} characters is not JSON`);
  if (!isListing(body)) throw failed(url, 'the answer has no list of records under "content"');
  return { ...placeOf(body), records: body.content };
}

function hasPlace(body: Readonly<Record<string, unknown>>): boolean {
  return typeof (body['page'] ?? body['pageInfo']) === 'object';
}

function placeOf(body: Readonly<Record<string, unknown>>): Omit<Pax8Page, 'records'> {
  const place = (body['page'] ?? body['pageInfo'] ?? {}) as Record<string, unknown>;
  return {
    number: whole(place['number']),
    pageSize: whole(place['size']),
    totalElements: whole(place['totalElements']),
    totalPages: whole(place['totalPages']),
  };
}

function isListing(
  body: unknown,
): body is Readonly<Record<string, unknown>> & { readonly content: readonly unknown[] } {
  return Array.isArray((body as Record<string, unknown> | null | undefined)?.['content']);
}

/** Undefined for what is no JSON: the parser quotes what it stumbles on, and no error should. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A count as Pax8 may write it; undefined for anything else. */
export function whole(value: unknown): number | undefined {
  if (value === null || value === undefined || value === '') return undefined;
  const number = Number(value);
  return Number.isInteger(number) && number >= 0 ? number : undefined;
}

/** An answer to a request for a listing that is not what it should be. */
export function failed(url: string, trouble: string): VendorAnswerError {
  return new VendorAnswerError({ method: 'GET', url }, trouble);
}
