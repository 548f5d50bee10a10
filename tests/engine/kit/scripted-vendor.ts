import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Clock } from '../../../node/src/environment.ts';
import { createHttpClient } from '../../../node/src/http/retrying-http-client.ts';
import { createSend } from '../../../node/src/http/send.ts';
import { recordShape } from '../../../node/src/reading/record-shape.ts';
import type { VendorPage } from '../../../node/src/reading/vendor-page.ts';
import { ListProof, type ProofSoFar } from '../../../node/src/reading/list-proof.ts';
import type { DeclaredSource } from '../../../node/src/integrations/kit/sources/declared-source.ts';
import { openSource } from '../../../node/src/integrations/kit/sources/open-source.ts';
import type { VendorContext } from '../../../node/src/integrations/connection.ts';
import { openApi, type DeclaredApi } from '../../../node/src/integrations/kit/vendor-api.ts';

/** A request as the vendor got it. */
export interface GotRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What the vendor says to it: text as it is, anything else as JSON. */
export interface Said {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A vendor on the loopback that answers as it is told to. */
export interface ScriptedVendor extends AsyncDisposable {
  readonly url: string;
  readonly requests: GotRequest[];
}

/** Starts such a vendor. */
export async function scriptedVendor(answer: (request: GotRequest) => Said): Promise<ScriptedVendor> {
  const requests: GotRequest[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const url = new URL(request.url ?? '/', 'http://vendor');
      const got: GotRequest = {
        method: request.method ?? '',
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        headers: request.headers,
        body,
      };
      requests.push(got);
      const said = answer(got);
      response.writeHead(said.status ?? 200, said.headers);
      response.end(typeof said.body === 'string' ? said.body : JSON.stringify(said.body ?? {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
    },
  };
}

/** A clock whose waits take no time and are remembered. */
export function skippingClock(): Clock & { waits: number[]; time: number } {
  const clock = {
    waits: [] as number[],
    time: Date.parse('2026-01-01T00:00:00Z'),
    now: () => new Date(clock.time),
    sleep(milliseconds: number, signal?: AbortSignal) {
      signal?.throwIfAborted();
      clock.waits.push(milliseconds);
      clock.time += milliseconds;
      return Promise.resolve();
    },
  };
  return clock;
}

/** What an API is opened with, for settings. */
export function apiContext(settings: Record<string, unknown>, more: Partial<VendorContext> = {}): VendorContext {
  const clock = more.clock ?? skippingClock();
  return {
    connection: { id: 1, name: 'Acme', moduleId: 1, enabled: true, row: {} },
    settings,
    http: createHttpClient({ send: createSend({}), clock }),
    signal: new AbortController().signal,
    clock,
    ...more,
  };
}

/** Records with an id and a name, as most lists here have them. */
export const named = recordShape({ id: 'id', name: 'text' }, { id: 'id', name: ['name'] });

/** A declared list of such records. */
export type NamedSource = Omit<DeclaredSource, 'shape'> & { readonly shape?: DeclaredSource['shape'] };

/** What came of reading a list. */
export interface ReadList {
  readonly ids: readonly string[];
  readonly pages: readonly VendorPage[];
  readonly warnings: readonly string[];
  /** Why it may not be whole. */
  readonly doubts: readonly string[];
  /** Where a reading would stop after each page. */
  readonly stops: readonly Stop[];
}

/** Where a reading stopped, and what its proof knew by then. */
export interface Stop {
  readonly cursor: string | undefined;
  readonly proof: ProofSoFar;
}

/** Reads a declared list from a vendor and proves that it is whole. Throws what reading throws. */
export async function readList(
  vendor: Pick<ScriptedVendor, 'url'>,
  source: NamedSource,
  options: {
    readonly from?: Stop;
    readonly api?: Partial<DeclaredApi>;
    readonly context?: Partial<VendorContext>;
    readonly settings?: Record<string, unknown>;
    readonly sizeOfPage?: (content: string) => number | undefined;
  } = {},
): Promise<ReadList> {
  const declared: DeclaredApi = { integration: 'Acme', address: vendor.url, signIn: { style: 'none' }, ...options.api };
  const api = openApi(declared, apiContext(options.settings ?? {}, options.context));
  const warnings: string[] = [];
  const whole: DeclaredSource = { shape: named, ...source };
  const { from, sizeOfPage } = options;
  const warn = (message: string): void => void warnings.push(message);
  const open = openSource(whole, api, { cursor: from?.cursor, sizeOfPage, warn });
  const proof = new ListProof(open.shape, () => false, from?.proof);
  const pages: VendorPage[] = [];
  const stops: Stop[] = [];
  for await (const page of open.pages()) {
    proof.take(page);
    pages.push(page);
    proof.settle(page);
    stops.push({ cursor: page.cursor, proof: proof.soFar() });
  }
  proof.end();
  const ids = pages.flatMap(({ records }) => records.map((record) => String((record as { id: unknown }).id)));
  return { ids, pages, warnings, doubts: proof.doubts, stops };
}

/** Records numbered from 1 on. */
export function records(count: number): { id: number; name: string }[] {
  return Array.from({ length: count }, (_, index) => ({ id: index + 1, name: `Record ${index + 1}` }));
}
