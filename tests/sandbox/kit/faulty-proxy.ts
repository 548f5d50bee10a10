import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { isFirstPage, listingOf, type Listing } from './listings.ts';
import { faultOf, type Fault, type FaultName, type Passing } from './faults.ts';

/** Stands between the engine and a vendor's sandbox and lets things go wrong on the way, the same for every vendor. */
export interface FaultyProxy {
  readonly url: string;
  /** Paths of listings that the fault at play was seen on. */
  readonly touched: ReadonlySet<string>;
  /** Requests that went through or were answered, in order: method and path with query. */
  readonly requests: string[];
  /** Lets a fault play from now on; without one, everything goes through. */
  play(fault?: FaultName | Fault): void;
  close(): Promise<void>;
}

/** Headers that are each connection's own. */
const ofConnection = new Set([
  'host',
  'accept-encoding',
  'connection',
  'content-length',
  'content-encoding',
  'transfer-encoding',
  'keep-alive',
]);

/** Starts such a proxy on the loopback. Addresses within bodies are its own on one side, and the vendor's on the other. */
export async function startFaultyProxy(vendor: string, listings: readonly Listing[]): Promise<FaultyProxy> {
  let fault: Fault | undefined;
  let own = '';
  let memory = new Map<string, unknown>();
  const touched = new Set<string>();
  const requests: string[] = [];

  const swap = (text: string, from: string, to: string): string =>
    text.replaceAll(from, to).replaceAll(encodeURIComponent(from), encodeURIComponent(to));

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const sent = (await buffer(request)).toString('utf8');
    const url = new URL(swap(request.url ?? '/', own, vendor), vendor);
    requests.push(`${request.method} ${url.pathname}${url.search}`);
    const listing = listingOf(listings, request.method ?? 'GET', url.pathname, sent);
    const passing = listing && fault ? passingOf(listing, request, url, sent) : undefined;
    const instead = passing && fault?.instead?.(passing);
    if (instead === 'drop') {
      response.destroy();
      return;
    }
    if (instead) {
      response.writeHead(instead.status, { 'content-type': 'application/json', ...instead.headers });
      response.end(instead.body);
      return;
    }
    const answer = await fetch(url, {
      method: request.method ?? 'GET',
      headers: Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
        value === undefined || ofConnection.has(name) ? [] : [[name, [value].flat().join(', ')]],
      ),
      ...(sent !== '' && { body: swap(sent, own, vendor) }),
    });
    let text = swap(await answer.text(), vendor, own);
    const answered: Record<string, string> = {};
    for (const [name, value] of answer.headers) if (!ofConnection.has(name)) answered[name] = swap(value, vendor, own);
    if (passing && fault && answer.status === 200) text = changed(passing, fault, text, answered);
    response.writeHead(answer.status, answered);
    response.end(text);
  }

  function passingOf(listing: Listing, request: IncomingMessage, url: URL, sent: string): Passing {
    return {
      listing,
      path: url.pathname,
      first: isFirstPage(listing, url, sent),
      authorization: JSON.stringify([request.headers.authorization, request.headers['x-api-key']]),
      memory,
      touch: () => void touched.add(listing.path),
    };
  }

  /** A body with its fault; headers are changed in place. */
  function changed(passing: Passing, played: Fault, text: string, headers: Record<string, string>): string {
    const { edit, rewrite, applies } = played;
    // A vendor pages one list so, and another otherwise.
    if (!applies(passing.listing)) return text;
    const isJson = (passing.listing.format ?? 'json') === 'json';
    if (rewrite) return rewrite(passing, text, isJson ? (JSON.parse(text) as unknown) : undefined);
    if (!edit || !isJson) return text;
    const body = edit(passing, JSON.parse(text) as unknown, headers);
    return JSON.stringify(body);
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(502, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ message: String(error) }));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  own = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: own,
    touched,
    requests,
    play(next) {
      fault = typeof next === 'string' ? faultOf(next) : next;
      memory = new Map();
      touched.clear();
      requests.length = 0;
    },
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}
