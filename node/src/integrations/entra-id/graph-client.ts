import { VendorAnswerError, VendorRefusedError } from '../../errors/vendor-errors.ts';
import type { HttpClient } from '../../http/http-client.ts';
import { createTokenSource, withBearer } from '../../http/oauth-client-credentials.ts';
import type { RecordShape } from '../../reading/record-shape.ts';
import type { VendorPage } from '../../reading/vendor-page.ts';
import { wholeList } from '../../reading/whole-list.ts';
import type { VendorContext } from '../connection.ts';
import { entraAddresses, entraCredentials } from './entra-settings.ts';
import { readBatched } from './graph-batch.ts';

/** A page of a listing; the last page of a delta carries the link for next time. */
export interface GraphPage {
  /** Unchecked. */
  readonly records: readonly unknown[];
  readonly next?: string;
  readonly delta?: string;
}

/** Where reading starts: a path with its query, or a link Graph gave. */
export type GraphStart = { readonly path: string; readonly query: Readonly<Record<string, string>> } | string;

/** Microsoft Graph for one tenant, signed in. */
export interface GraphClient {
  /** The pages from a start on, following Graph's own links to the end; an empty page is not the end. */
  pages(start: GraphStart): AsyncGenerator<GraphPage>;
  /** A whole listing that serves to look something up, page by page. Throws IncompleteListError. */
  list<T>(start: GraphStart, shape: RecordShape<T>): AsyncIterable<readonly T[]>;
  /** Many small reads, twenty a request (`$batch`), unchecked; undefined for what is not there. Paths are below the version. */
  readMany(paths: readonly string[]): Promise<readonly unknown[]>;
}

/** Opens Graph for a tenant by client credentials. Throws MissingCredentialError. */
export function openGraph(context: VendorContext, tenant: string): GraphClient {
  const { connection, settings, clock, signal } = context;
  const { clientId, clientSecret } = entraCredentials(connection, settings);
  const { login, graph } = entraAddresses(settings);
  const root = `${graph}/v1.0`;
  const tokens = createTokenSource({
    http: context.http,
    clock,
    request: {
      method: 'POST',
      url: `${login}/${encodeURIComponent(tenant)}/oauth2/v2.0/token`,
      form: {
        client_id: clientId,
        client_secret: clientSecret,
        scope: `${graph}/.default`,
        grant_type: 'client_credentials',
      },
    },
  });
  const http: HttpClient = withBearer(context.http, tokens);

  async function* pages(start: GraphStart): AsyncGenerator<GraphPage> {
    let request: { url: string; query?: Readonly<Record<string, string>> } =
      typeof start === 'string' ? { url: start } : { url: root + start.path, query: start.query };
    for (;;) {
      const { url } = request;
      // A token must not go to another host, whatever a link says.
      if (!URL.canParse(url)) throw failed(root, 'a link is no address');
      if (new URL(url).origin !== new URL(root).origin) throw failed(root, 'a link leads to another host');
      const page = pageOf(await http.json(request, signal), url);
      yield page;
      if (page.next === undefined) return;
      request = { url: page.next };
    }
  }

  return {
    pages,
    list: (start, shape) => wholeList(listed(pages(start)), shape),
    readMany: (paths) => readBatched(paths, { http, clock, signal, url: `${root}/$batch` }),
  };
}

/** Whether Graph refuses a link because it is too old: everything is to be read anew. */
export function isExpiredLink(error: unknown): boolean {
  if (!(error instanceof VendorRefusedError)) return false;
  return (
    error.status === 410 ||
    (error.status === 400 && /syncState|resyncRequired|(skip|delta|page) ?token|expiredPageToken/i.test(error.message))
  );
}

/** Whether following a link failed because of the link itself. */
export function isUnusableLink(error: unknown): error is VendorRefusedError | VendorAnswerError {
  return error instanceof VendorRefusedError || error instanceof VendorAnswerError;
}

/** Graph's pages as those of one list. */
async function* listed(pages: AsyncIterable<GraphPage>): AsyncGenerator<VendorPage> {
  for await (const { records, next } of pages)
    yield { records, cursor: next, list: { ...(next === undefined && { end: 'no-next' }) } };
}

function pageOf(body: unknown, url: string): GraphPage {
  const answer = (body ?? {}) as Record<string, unknown>;
  const { value } = answer;
  if (!Array.isArray(value)) throw failed(url, 'the answer has no list of records under "value"');
  const next = answer['@odata.nextLink'];
  const delta = answer['@odata.deltaLink'];
  return {
    records: value,
    ...(typeof next === 'string' && { next }),
    ...(typeof delta === 'string' && { delta }),
  };
}

function failed(url: string, trouble: string): VendorAnswerError {
  return new VendorAnswerError({ method: 'GET', url }, trouble);
}
