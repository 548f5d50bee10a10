import { hash } from 'node:crypto';
import { VendorAnswerError } from '../../../errors/vendor-errors.ts';
import type { HttpAnswer } from '../../../http/http-client.ts';
import { parseExactly } from '../../../exact-json.ts';
import { cutText } from '../../../shown-text.ts';
import { fieldAt, isObject, textOf } from '../field-path.ts';
import { readCsv, readXml } from './other-formats.ts';
import type { DeclaredSource } from './declared-source.ts';
import { isHeader, type Place } from './paging.ts';

/** A page's answer, read as far as it must be. */
export interface PageAnswer {
  /** Read when they are asked for. Throws VendorAnswerError. */
  readonly records: readonly unknown[];
  /** A hash of the records as the vendor wrote them. */
  readonly content: string;
  /** What the answer says at a place. */
  at(place: Place | undefined): unknown;
  /** Where it came from. */
  readonly url: string;
  /** An error about this page. */
  failed(trouble: string): VendorAnswerError;
}

/** What an answer is read by. */
export interface AnswerReading {
  readonly source: Pick<DeclaredSource, 'format' | 'records' | 'errors'>;
  /** Places in the body that are needed, so that an answer which lacks one is read as a whole. */
  readonly needs: readonly (Place | undefined)[];
  /** Named in errors. */
  readonly url: string;
  readonly method: string;
}

/** Reads an answer by its format. Throws VendorAnswerError. */
export function readAnswer(answer: HttpAnswer, reading: AnswerReading): PageAnswer {
  const { format = 'json', records: path = '' } = reading.source;
  // A list may come in several lines; anything else that does has said what it says with the first.
  const header = (name: string): string | undefined => {
    const lines = [answer.headers[name.toLowerCase()]].flat();
    return name.toLowerCase() === 'link' && lines.length > 1 ? lines.join(', ') : lines[0];
  };
  const withPlaces = (body: unknown, page: Pick<PageAnswer, 'records' | 'content'>): PageAnswer => ({
    // The records stay unread until they are asked for.
    get records() {
      return page.records;
    },
    content: page.content,
    url: reading.url,
    failed: (trouble) => failed(reading, trouble),
    at: (place) =>
      place === undefined ? undefined : isHeader(place) ? header(place.header) : saidAt(body, [place].flat()),
  });
  if (format === 'xml') {
    const { body, records } = readXml(answer.text, path, (trouble) => failed(reading, trouble));
    return withPlaces(body, { records, content: hashOf(answer.text) });
  }
  if (format !== 'json') {
    const records = readCsv(answer.text, format, (trouble) => failed(reading, trouble));
    return withPlaces({}, { records, content: hashOf(answer.text) });
  }
  const cut = path === '' || reading.source.errors !== undefined ? undefined : cutOut(answer.text, path, reading);
  if (cut) return withPlaces(cut.rest, cut);
  const body = parsed(answer.text);
  if (body === undefined) throw failed(reading, `the answer of ${answer.text.length} characters is not JSON`);
  throwErrors(body, reading);
  const records = listIn(body, path, reading);
  return withPlaces(body, { records, content: hashOf(path === '' ? answer.text : JSON.stringify(records)) });
}

/** An answer that is not what it should be. */
export function failed({ method, url }: Pick<AnswerReading, 'method' | 'url'>, trouble: string): VendorAnswerError {
  return new VendorAnswerError({ method, url }, trouble);
}

/**
 * Cuts the records out of an answer and leaves them unread: what stands between the first bracket behind their name and the last of
 * all. Undefined where what is left is no JSON, or lacks something that is needed; then something else has brackets, too.
 */
function cutOut(
  text: string,
  path: string,
  reading: AnswerReading,
): (Pick<PageAnswer, 'records' | 'content'> & { readonly rest: unknown }) | undefined {
  const name = path.split('.').at(-1) ?? path;
  const begin = new RegExp(
    `${JSON.stringify(name).replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}\\s*:\\s*\\[`,
  ).exec(text);
  const from = begin ? begin.index + begin[0].length - 1 : 0;
  const to = text.lastIndexOf(']') + 1;
  const rest = begin && to > from ? parsed(text.slice(0, from) + '[]' + text.slice(to)) : undefined;
  if (!isObject(rest) || !Array.isArray(fieldAt(rest, path))) return undefined;
  const lacks = (place: Place | undefined): boolean =>
    place !== undefined && !isHeader(place) && saidAt(rest, [place].flat()) === undefined;
  if (reading.needs.some(lacks)) return undefined;
  let unread = text;
  let records: readonly unknown[] | undefined;
  return {
    rest,
    content: hashOf(text.slice(from, to)),
    get records() {
      if (records) return records;
      const list = parsed(unread.slice(from, to));
      records = Array.isArray(list) ? list : listIn(parsed(unread), path, reading);
      unread = '';
      return records;
    },
  };
}

/** What a body says at the first of several paths where it says something. */
function saidAt(body: unknown, paths: readonly string[]): unknown {
  return paths.map((path) => fieldAt(body, path)).find((value) => value !== undefined);
}

function listIn(body: unknown, path: string, reading: AnswerReading): readonly unknown[] {
  const list = fieldAt(body, path);
  if (Array.isArray(list)) return list;
  const where = path === '' ? '' : ` under "${path}"`;
  throw failed(reading, body === undefined ? 'the answer is not JSON' : `the answer has no list of records${where}`);
}

/** A status of 200 with errors inside is one of GraphQL's ways to refuse. */
function throwErrors(body: unknown, reading: AnswerReading): void {
  const errors = reading.source.errors === undefined ? undefined : fieldAt(body, reading.source.errors);
  const first: unknown = Array.isArray(errors) ? errors[0] : errors;
  if (first === undefined || first === null || first === '' || first === false) return;
  const said = textOf(isObject(first) ? first['message'] : first);
  throw failed(
    reading,
    `the vendor says that it could not answer${said === undefined ? '' : ` ("${cutText(said, 300)}")`}`,
  );
}

function hashOf(text: string): string {
  return hash('sha256', text, 'base64');
}

/** Undefined for what is no JSON: the parser quotes what it stumbles on, and no error should. */
function parsed(text: string): unknown {
  try {
    return parseExactly(text);
  } catch {
    return undefined;
  }
}
