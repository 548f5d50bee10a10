import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { indexOf } from './pax8-data.ts';
import type { Pax8Kind, Pax8Record, Pax8Sizes } from './pax8-data.ts';
import type { Pax8Fault, Pax8Faults } from './pax8-faults.ts';
import { openPax8Listing } from './pax8-listing.ts';
import type { ListingRequest } from './pax8-listing.ts';
import { operationOf, queryFaults, readReducedSpec } from './reduced-spec.ts';
import type { SpecOperation } from './reduced-spec.ts';

const RememberedRequests = 20_000;

/** A request the sandbox was sent, and how it was answered (0: the connection was dropped). */
export interface SandboxRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  status: number;
}

/** A Pax8 to test against: answers as the specification says, refuses what it refuses. */
export interface Pax8Sandbox {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly requests: SandboxRequest[];
  readonly faults: Pax8Faults;
  /** Changes fields of a record by its index, or removes it (`null`). */
  change(kind: Exclude<Pax8Kind, 'contacts'>, index: number, fields: Pax8Record | null): void;
  close(): Promise<void>;
}

/** Starts a sandbox on the loopback; without a port, on a free one. */
export async function startPax8Sandbox(
  options: Pax8Sizes & { readonly port?: number; readonly cachedPages?: number },
): Promise<Pax8Sandbox> {
  const spec = readReducedSpec();
  const listing = openPax8Listing(options, options.cachedPages);
  const clientId = `sandbox-client-${options.seed}`;
  const clientSecret = `sandbox-secret-${options.seed}`;
  const tokens = new Set<string>();
  const requests: SandboxRequest[] = [];
  let issued = 0;
  const cutOff = new Set<string>();
  const faults: Pax8Faults = {
    queue: [],
    expireTokens: () => tokens.clear(),
    malformed: (path) => void cutOff.add(path),
  };

  function giveToken(body: string, response: ServerResponse): void {
    const asked = parse(body);
    const audiences = ['https://api.pax8.com', 'api://p8p.client', 'api://provisioning', 'api://usage'];
    if (asked['grant_type'] !== 'client_credentials' || !audiences.includes(String(asked['audience']))) {
      return refuse(response, 400, 'grant_type or audience is not valid');
    }
    if (asked['client_id'] !== clientId || asked['client_secret'] !== clientSecret) {
      return refuse(response, 401, 'Unauthorized');
    }
    const token = `sandbox-token-${++issued}`;
    tokens.add(token);
    const lifetime = faults.tokenLifetime ?? 86_400;
    answer(response, 200, JSON.stringify({ access_token: token, expires_in: lifetime, token_type: 'Bearer' }));
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://sandbox');
    const method = request.method ?? 'GET';
    const remembered: SandboxRequest = { method, path: url.pathname, query: url.search, status: 0 };
    if (requests.length >= RememberedRequests) requests.shift();
    requests.push(remembered);
    response.on('finish', () => {
      remembered.status = response.statusCode;
    });
    const body = await text(request);
    const found = operationOf(spec, method, url.pathname);
    if (!found) return refuse(response, 404, 'Not found');
    const { operation, parts } = found;
    const wrong = queryFaults(operation, url.searchParams);
    if (operation.body) return wrong.length > 0 ? refuse(response, 400, wrong.join(' ')) : giveToken(body, response);
    await faults.holds?.(url.searchParams);
    const fault = cutOff.has(url.pathname) ? ({ kind: 'malformed' } as const) : faults.queue.shift();
    if (fault && (await misbehave(fault, response))) return;
    const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (bearer === undefined || !tokens.has(bearer)) return refuse(response, 401, 'Unauthorized');
    if (wrong.length > 0) return refuse(response, 400, wrong.join(' '));
    const asked = listingOf(operation, parts, url.searchParams, options);
    if (!asked) return refuse(response, 404, 'Company not found');
    answer(response, 200, listing.page(asked, faults));
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (!response.headersSent) refuse(response, 500, String(error));
      else response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    clientId,
    clientSecret,
    requests,
    faults,
    change: listing.change,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

function listingOf(
  operation: SpecOperation,
  parts: Readonly<Record<string, string>>,
  query: URLSearchParams,
  sizes: Pax8Sizes,
): ListingRequest | undefined {
  const kind = operation.path.split('/').at(-1) as Pax8Kind;
  const company = parts['companyId'] === undefined ? undefined : indexOf(sizes, 'companies', parts['companyId']);
  if (kind === 'contacts' && (company === undefined || company >= sizes.companies)) return undefined;
  const filter = Object.fromEntries([...query].filter(([name]) => !['page', 'size', 'sort', 'search'].includes(name)));
  return { kind, company, page: Number(query.get('page') ?? 0), size: Number(query.get('size') ?? 10), filter };
}

/** Plays a fault; true when the request is answered (or lost) by it. */
async function misbehave(fault: Pax8Fault, response: ServerResponse): Promise<boolean> {
  if (fault.kind === 'slow') {
    await sleep(fault.milliseconds);
    return false;
  }
  if (fault.kind === 'drop') response.destroy();
  else if (fault.kind === 'malformed') answer(response, 200, '{"content": [{"id": "cut o');
  else if (fault.kind === 'server-error') refuse(response, fault.status ?? 500, 'Internal error');
  else if (fault.kind === 'throttle') {
    if (fault.retryAfter !== undefined) response.setHeader('retry-after', fault.retryAfter);
    refuse(response, 429, 'Too many requests');
  } else {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{"content": [');
    await sleep(20);
    response.destroy();
  }
  return true;
}

function answer(response: ServerResponse, status: number, body: string | Buffer): void {
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

function refuse(response: ServerResponse, status: number, message: string): void {
  answer(response, status, JSON.stringify({ type: 'SANDBOX', message, instance: '/v1', status, details: [] }));
}

function parse(body: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    // Not JSON: refused below like an empty request.
    return {};
  }
}
