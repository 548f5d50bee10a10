import { createTokenSource, withBearer } from '../../http/oauth-client-credentials.ts';
import type { EntityContext, VendorContext, VendorPage } from '../integration.ts';
import { failed, readPage, whole, type Pax8Page } from './pax8-page.ts';
import { pax8Address, pax8Credentials } from './pax8-settings.ts';

const PageSize = 200;
/** Requests under way at once; Pax8 allows 1,000 a minute. */
const RequestsAtOnce = 4;

type Query = Readonly<Record<string, string | number>>;

/** Pax8's API, signed in. */
export interface Pax8Client {
  /** The pages of a listing in order, asked for ahead, from the page number given. */
  pages<T>(path: string, query?: Query, from?: number): AsyncIterable<VendorPage<T>>;
  /** One small page, to see whether we are let in: how many records there are. */
  count(path: string): Promise<number | undefined>;
}

/** Opens Pax8's API for a connection. Throws MissingCredentialError. */
export function createPax8Client(context: VendorContext & Pick<EntityContext, 'sizeOfPage'>): Pax8Client {
  const { connection, settings, clock, signal } = context;
  const { clientId, clientSecret } = pax8Credentials(connection, settings);
  const { baseUrl, audience } = pax8Address(settings);
  const root = `${baseUrl}/v1`;
  const tokens = createTokenSource({
    http: context.http,
    clock,
    request: {
      method: 'POST',
      url: `${root}/token`,
      json: { client_id: clientId, client_secret: clientSecret, audience, grant_type: 'client_credentials' },
    },
  });
  const http = withBearer(context.http, tokens);

  async function page<T>(path: string, query: Query, stop = signal): Promise<Pax8Page<T>> {
    const url = root + path;
    return readPage<T>(await http.text({ url, query }, stop), url);
  }

  /** Pages in order. Once the first has told how many there are, the next ones are on their way while one is worked on. */
  async function* inOrder<T>(path: string, query: Query, from: number): AsyncGenerator<VendorPage<T>> {
    const url = root + path;
    const done = new AbortController();
    const stop = AbortSignal.any([signal, done.signal]);
    const underWay = new Map<number, Promise<Pax8Page<T>>>();
    const ask = (number: number): Promise<Pax8Page<T>> => {
      let answer = underWay.get(number);
      if (!answer) {
        answer = page<T>(path, { ...query, page: number, size: PageSize }, stop);
        // Raised when its turn comes; until then it must not count as unhandled.
        answer.catch(() => undefined);
        underWay.set(number, answer);
      }
      return answer;
    };
    let read = 0;
    let promised = 0;
    let previous: { readonly content: string | undefined; readonly ends: string | undefined } | undefined;
    try {
      for (let number = from; ; number++) {
        const answer = await ask(number);
        underWay.delete(number);
        if (answer.number !== undefined && answer.number !== number) {
          throw failed(url, `page ${number} was asked for and page ${answer.number} came`);
        }
        const { content } = answer;
        const known = content === undefined ? undefined : context.sizeOfPage?.(content);
        const size = known ?? answer.records.length;
        const ends = known === undefined ? endsOf(answer.records) : undefined;
        const same = (one: string | undefined, other: string | undefined): boolean =>
          one !== undefined && one === other;
        if (size > 0 && (same(content, previous?.content) || same(ends, previous?.ends)))
          throw failed(url, `page ${number} repeats the one before`);
        if (size > 0) previous = { content, ends };
        if (number === from) read = from * (answer.pageSize ?? PageSize);
        read += size;
        const { totalElements = 0 } = answer;
        // What goes while we read moves others to a page that was read before, and they pass by unseen.
        const shrank = totalElements < promised;
        promised = Math.max(promised, totalElements);
        const last = isLast(answer, size, number, read);
        for (let next = number + 1; next <= number + RequestsAtOnce && next < (answer.totalPages ?? 0); next++) {
          void ask(next);
        }
        yield pageOf(answer, size, last ? undefined : String(number + 1), shrank);
        if (!last) continue;
        // All that came is written, but the set is not whole.
        if (read < totalElements) throw failed(url, `${totalElements} records were promised and ${read} came`);
        return;
      }
    } finally {
      done.abort();
    }
  }

  return {
    pages: <T>(path: string, query: Query = {}, from = 0) => inOrder<T>(path, query, from),
    async count(path) {
      return (await page(path, { page: 0, size: 1 })).totalElements;
    },
  };
}

/** Tells a page from the one before it, without the cost of the whole page. */
function endsOf(records: readonly unknown[]): string {
  return JSON.stringify([records.length, records[0], records.at(-1)]);
}

/** A page as the sync takes it; its records stay unread until they are asked for. */
function pageOf<T>(page: Pax8Page<T>, size: number, cursor: string | undefined, incomplete: boolean): VendorPage<T> {
  return {
    get records() {
      return page.records;
    },
    content: page.content,
    size,
    total: page.totalElements,
    cursor,
    ...(incomplete && { incomplete }),
  };
}

/** The end is where the vendor says it is; only where it says nothing, an empty page is. */
function isLast(answer: Pax8Page<unknown>, size: number, number: number, read: number): boolean {
  if (answer.totalPages !== undefined) return number + 1 >= answer.totalPages;
  if (size === 0) return true;
  return answer.totalElements !== undefined && read >= answer.totalElements;
}

/** The page number a cursor stands for; a cursor that is none starts over. */
export function pageOfCursor(cursor: string | undefined): number {
  return whole(cursor) ?? 0;
}
