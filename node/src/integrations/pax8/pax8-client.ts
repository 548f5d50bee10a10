import { createTokenSource, withBearer } from '../../http/oauth-client-credentials.ts';
import type { RecordShape } from '../../reading/record-shape.ts';
import type { ListEnd, ListFacts, VendorPage } from '../../reading/vendor-page.ts';
import { wholeList } from '../../reading/whole-list.ts';
import type { VendorContext } from '../connection.ts';
import type { EntityContext } from '../entity.ts';
import { failed, readPage, whole, type Pax8Page } from './pax8-page.ts';
import { pax8Address, pax8Credentials } from './pax8-settings.ts';

const PageSize = 200;
/** Requests under way at once; Pax8 allows 1,000 a minute. */
const RequestsAtOnce = 4;

type Query = Readonly<Record<string, string | number>>;

/** Pax8's API, signed in. */
export interface Pax8Client {
  /** The pages of a listing in order, asked for ahead, from the page number given. */
  pages(path: string, query?: Query, from?: number): AsyncIterable<VendorPage>;
  /** A whole listing that serves to look something up, page by page. Throws IncompleteListError. */
  list<T>(path: string, shape: RecordShape<T>, query?: Query): AsyncIterable<readonly T[]>;
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

  async function page(path: string, query: Query, stop = signal): Promise<Pax8Page> {
    const url = root + path;
    return readPage(await http.text({ url, query }, stop), url);
  }

  /** Pages in order. Once the first has told how many there are, the next ones are on their way while one is worked on. */
  async function* inOrder(path: string, query: Query, from: number): AsyncGenerator<VendorPage> {
    const done = new AbortController();
    const stop = AbortSignal.any([signal, done.signal]);
    const underWay = new Map<number, Promise<Pax8Page>>();
    const ask = (number: number): Promise<Pax8Page> => {
      let answer = underWay.get(number);
      if (!answer) {
        answer = page(path, { ...query, page: number, size: PageSize }, stop);
        // Raised when its turn comes; until then it must not count as unhandled.
        answer.catch(() => undefined);
        underWay.set(number, answer);
      }
      return answer;
    };
    let read = 0;
    try {
      for (let number = from; ; number++) {
        const answer = await ask(number);
        underWay.delete(number);
        if (answer.number !== undefined && answer.number !== number) {
          throw failed(root + path, `page ${number} was asked for and page ${answer.number} came`);
        }
        const { content } = answer;
        const size = (content === undefined ? undefined : context.sizeOfPage?.(content)) ?? answer.records.length;
        if (number === from) read = from * (answer.pageSize ?? PageSize);
        const position = read;
        read += size;
        const end = endOf(answer, size, number, read);
        for (let next = number + 1; next <= number + RequestsAtOnce && next < (answer.totalPages ?? 0); next++) {
          void ask(next);
        }
        yield pageOf(answer, size, end ? undefined : String(number + 1), {
          begins: number === 0,
          total: answer.totalElements,
          position,
          end,
        });
        if (end) return;
      }
    } finally {
      done.abort();
    }
  }

  return {
    pages: (path, query = {}, from = 0) => inOrder(path, query, from),
    list: (path, shape, query = {}) => wholeList(inOrder(path, query, 0), shape),
    async count(path) {
      return (await page(path, { page: 0, size: 1 })).totalElements;
    },
  };
}

/** A page as the sync takes it; its records stay unread until they are asked for. */
function pageOf(page: Pax8Page, size: number, cursor: string | undefined, list: ListFacts): VendorPage {
  return {
    get records() {
      return page.records;
    },
    content: page.content,
    size,
    cursor,
    list,
  };
}

/** The end is where the vendor says it is; only where it says nothing, an empty page is. */
function endOf(answer: Pax8Page, size: number, number: number, read: number): ListEnd | undefined {
  if (answer.totalPages !== undefined) return number + 1 >= answer.totalPages ? 'last-page' : undefined;
  if (size === 0) return 'empty-page';
  return answer.totalElements !== undefined && read >= answer.totalElements ? 'total' : undefined;
}

/** The page number a cursor stands for; a cursor that is none starts over. */
export function pageOfCursor(cursor: string | undefined): number {
  return whole(cursor) ?? 0;
}
