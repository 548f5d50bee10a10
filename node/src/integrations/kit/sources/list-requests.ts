import type { HttpAnswer, HttpRequest } from '../../../http/http-client.ts';
import { isObject, withField } from '../field-path.ts';
import { fillIn, fillInAll, type Values } from '../fill-in.ts';
import type { VendorApi } from '../vendor-api.ts';
import type { DeclaredSource } from './declared-source.ts';
import type { Place } from './paging.ts';
import { readAnswer, type PageAnswer } from './read-answer.ts';

/** Parameters of one page. */
export type PageParameters = Readonly<Record<string, string | number | boolean>>;

/** Asks for the pages of one declared list. */
export interface ListRequests {
  /** A page by its parameters. */
  page(parameters: PageParameters, signal?: AbortSignal): Promise<PageAnswer>;
  /** A page by its whole address. */
  pageAt(url: string, signal?: AbortSignal): Promise<PageAnswer>;
  /** An answer that is no page. */
  raw(request: HttpRequest): Promise<HttpAnswer>;
  /** Reads an answer that came otherwise. */
  read(answer: HttpAnswer, url: string): PageAnswer;
  /** An address with what is filled in, parts of it encoded. */
  address(url: string, more?: Values): Promise<string>;
  /** The declared request itself, with these parameters. */
  request(parameters: PageParameters): Promise<HttpRequest>;
}

/**
 * @param values what is filled in beside the settings: the parent, the moment of changes
 * @param needs places that pages are gone on by
 */
export function createListRequests(
  api: VendorApi,
  source: DeclaredSource,
  values: Values,
  needs: readonly (Place | undefined)[],
): ListRequests {
  const { integration } = api;
  const method = source.method ?? 'GET';
  const all: Values = { ...api.values, ...values };
  const fill = (text: string): string => fillIn(integration, text, all);
  const accept = source.format === 'xml' ? 'application/xml, text/xml' : source.format ? 'text/csv, */*' : undefined;
  const headers = {
    ...(accept !== undefined && source.format !== 'json' && { accept }),
    ...Object.fromEntries(Object.entries(source.headers ?? {}).map(([name, text]) => [name, fill(text)])),
  };

  const address = (url: string, more: Values = {}): Promise<string> =>
    // What begins with a value is a whole address, of a host of the parent's own.
    api.addressOf(fillIn(integration, url, { ...all, ...more }, /^\{/.test(url) ? encodedPath : encodeURIComponent));

  async function request(parameters: PageParameters): Promise<HttpRequest> {
    const declared = Object.entries(source.query ?? {}).map(([name, value]) => [
      name,
      typeof value === 'string' ? fill(value) : value,
    ]);
    const body = source.json && fillInAll(integration, source.json, all);
    const query = { ...Object.fromEntries(declared), ...(!body && parameters) } as HttpRequest['query'];
    const json = isObject(body)
      ? Object.entries(parameters).reduce(
          (object, [path, value]) => withField({ ...object }, path, value),
          body as object,
        )
      : undefined;
    // Reading a list by POST changes nothing, so it may be repeated.
    return { method, url: await address(source.url), query, headers, retry: true, ...(json && { json }) };
  }

  const read = (answer: HttpAnswer, url: string): PageAnswer => readAnswer(answer, { source, needs, url, method });

  return {
    async page(parameters, signal) {
      const asked = await request(parameters);
      return read(await api.ask(asked, signal), asked.url);
    },
    async pageAt(url, signal) {
      return read(await api.ask({ url, headers, retry: true }, signal), url);
    },
    raw: (one) => api.ask({ ...one, headers: { ...headers, ...one.headers } }),
    read,
    address,
    request,
  };
}

function encodedPath(value: string): string {
  return URL.canParse(value) ? value.replace(/\/+$/, '') : encodeURIComponent(value);
}
