import { VendorAnswerError, VendorRefusedError } from '../../errors/vendor-errors.ts';
import type { HttpClient } from '../../http/http-client.ts';
import { createTokenSource, withBearer } from '../../http/oauth-client-credentials.ts';
import type { VendorContext } from '../integration.ts';
import { entraAddresses, entraCredentials } from './entra-settings.ts';
import { readBatched } from './graph-batch.ts';

/** A page of a listing; the last page of a delta carries the link for next time. */
export interface GraphPage<T> {
  readonly records: readonly T[];
  readonly next?: string;
  readonly delta?: string;
}

/** Where reading starts: a path with its query, or a link Graph gave. */
export type GraphStart = { readonly path: string; readonly query: Readonly<Record<string, string>> } | string;

/** Microsoft Graph for one tenant, signed in. */
export interface GraphClient {
  /** The pages from a start on, following Graph's own links to the end; an empty page is not the end. */
  pages<T>(start: GraphStart): AsyncGenerator<GraphPage<T>>;
  /** Many small reads, twenty a request (`$batch`); undefined for what is not there. Paths are below the version. */
  readMany<T>(paths: readonly string[]): Promise<readonly (T | undefined)[]>;
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

  async function* pages<T>(start: GraphStart): AsyncGenerator<GraphPage<T>> {
    let request: { url: string; query?: Readonly<Record<string, string>> } =
      typeof start === 'string' ? { url: start } : { url: root + start.path, query: start.query };
    const followed = new Set<string>();
    for (;;) {
      // A token must not go to another host, whatever a link says.
      if (new URL(request.url).origin !== new URL(root).origin) throw failed(root, 'a link leads to another host');
      const page = pageOf<T>(await http.json(request, signal), request.url);
      if (page.next === request.url || followed.has(page.next ?? ''))
        throw failed(request.url, 'its pages lead in a circle');
      yield page;
      if (page.next === undefined) return;
      followed.add(page.next);
      request = { url: page.next };
    }
  }

  return {
    pages,
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
export function isUnusableLink(error: unknown): boolean {
  return error instanceof VendorRefusedError || error instanceof VendorAnswerError;
}

function pageOf<T>(body: unknown, url: string): GraphPage<T> {
  const answer = (body ?? {}) as Record<string, unknown>;
  const { value } = answer;
  if (!Array.isArray(value)) throw failed(url, 'the answer has no list of records under "value"');
  const next = answer['@odata.nextLink'];
  const delta = answer['@odata.deltaLink'];
  return {
    records: value as T[],
    ...(typeof next === 'string' && { next }),
    ...(typeof delta === 'string' && { delta }),
  };
}

function failed(url: string, trouble: string): VendorAnswerError {
  return new VendorAnswerError({ method: 'GET', url }, trouble);
}
