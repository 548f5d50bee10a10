import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { directoryRoutes } from './directory-routes.ts';
import { TenantData, type GraphSizes } from './graph-data.ts';
import type { GraphFault, GraphFaults } from './graph-faults.ts';
import { queryFaults, refusal, routeOf } from './graph-routes.ts';
import type { GraphAnswer, GraphRoute } from './graph-routes.ts';

const RememberedRequests = 20_000;
const Version = '/v1.0';

/** A request the sandbox was sent, and how it was answered (0: the connection was dropped). */
export interface SandboxRequest {
  readonly method: string;
  /** Below `/v1.0`; requests for tokens with their whole path. */
  readonly path: string;
  readonly query: string;
  readonly body: string;
  status: number;
}

/** A Graph and its sign-in service to test against: answers as the specification says, refuses what it refuses. */
export interface GraphSandbox {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The tenants, the first one being the application's own. */
  readonly tenants: readonly TenantData[];
  readonly requests: SandboxRequest[];
  readonly faults: GraphFaults;
  close(): Promise<void>;
}

/** What a sandbox is started with; further routes are asked before the directory's own. */
export interface GraphOptions extends GraphSizes {
  readonly tenants?: number;
  readonly port?: number;
  readonly routes?: readonly GraphRoute[];
}

/** Starts a sandbox on the loopback; without a port, on a free one. */
export async function startGraphSandbox(options: GraphOptions): Promise<GraphSandbox> {
  const tenants = Array.from(
    { length: options.tenants ?? 1 },
    (_, at) => new TenantData(`7e1a0000-0000-4000-8000-00000000${(0xa001 + at).toString(16)}`, options),
  );
  const byId = new Map(tenants.map((tenant) => [tenant.id, tenant]));
  const clientId = `5a9db0c5-0000-4000-8000-${String(options.seed).padStart(12, '0')}`;
  const clientSecret = `sandbox~secret.${options.seed}`.padEnd(40, 'x');
  const tokens = new Map<string, string>();
  const requests: SandboxRequest[] = [];
  let issued = 0;
  let root = '';
  const faults: GraphFaults = {
    queue: [],
    throttledInBatch: 0,
    refusingTenants: new Set(),
    expiredTenants: new Set(),
    always: new Map(),
    expireTokens: () => tokens.clear(),
  };
  const routes = [...(options.routes ?? []), ...directoryRoutes(byId, faults)];

  function giveToken(tenant: string, body: string): GraphAnswer {
    const form = new URLSearchParams(body);
    const refuse = (error: string, description: string, status: number): GraphAnswer => ({
      status,
      body: { error, error_description: description },
    });
    if (!byId.has(tenant)) return refuse('invalid_request', `AADSTS90002: Tenant '${tenant}' not found.`, 400);
    if (form.get('grant_type') !== 'client_credentials' || form.get('scope') !== `${root}/.default`)
      return refuse('invalid_scope', 'AADSTS1002012: The provided value for scope is not valid.', 400);
    if (form.get('client_id') !== clientId || form.get('client_secret') !== clientSecret)
      return refuse('invalid_client', 'AADSTS7000215: Invalid client secret provided.', 401);
    if (faults.refusingTenants.has(tenant))
      return refuse('unauthorized_client', 'AADSTS700016: Application was not found in the directory.', 400);
    const token = `sandbox-token-${++issued}`;
    tokens.set(token, tenant);
    return {
      status: 200,
      body: { token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599, access_token: token },
    };
  }

  async function dispatch(
    tenant: string,
    method: string,
    url: URL,
    headers: IncomingMessage['headers'],
    body: string,
  ): Promise<GraphAnswer> {
    const found = routeOf(routes, method, url.pathname);
    if (!found) return refusal(404, 'Request_ResourceNotFound', `Resource not found for ${method} ${url.pathname}.`);
    const wrong = queryFaults(found.route.operation, url.searchParams);
    if (wrong.length > 0) return refusal(400, 'Request_BadRequest', wrong.join(' '));
    return found.route.handle({
      tenant,
      parts: found.parts,
      query: url.searchParams,
      headers,
      body,
      root: `${faults.linksTo ?? root}${Version}`,
      dispatch: (inner, target) => dispatch(tenant, inner, new URL(target, 'http://sandbox'), headers, ''),
    });
  }

  async function answerTo(request: IncomingMessage, url: URL, body: string): Promise<GraphAnswer | GraphFault> {
    const signIn = /^\/([^/]+)\/oauth2\/v2\.0\/token$/.exec(url.pathname);
    if (signIn) return giveToken(signIn[1] ?? '', body);
    if (!url.pathname.startsWith(`${Version}/`)) return refusal(404, 'BadRequest', 'Invalid version.');
    url.pathname = url.pathname.slice(Version.length);
    const fault = faults.always.get(url.pathname) ?? faults.queue.shift();
    if (fault?.kind === 'expired-token') tokens.clear();
    else if (fault) return fault;
    const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    const tenant = bearer === undefined ? undefined : tokens.get(bearer);
    if (tenant === undefined)
      return refusal(401, 'InvalidAuthenticationToken', 'Access token has expired or is not yet valid.');
    return dispatch(tenant, request.method ?? 'GET', url, request.headers, body);
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', root);
    const body = await text(request);
    const remembered: SandboxRequest = {
      method: request.method ?? 'GET',
      path: url.pathname.startsWith(`${Version}/`) ? url.pathname.slice(Version.length) : url.pathname,
      query: url.search,
      body: url.pathname.endsWith('/token') ? '' : body,
      status: 0,
    };
    if (requests.length >= RememberedRequests) requests.shift();
    requests.push(remembered);
    response.on('finish', () => {
      remembered.status = response.statusCode;
    });
    const answer = await answerTo(request, url, body);
    if ('kind' in answer) misbehave(answer, response);
    else send(response, answer);
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (!response.headersSent) send(response, refusal(500, 'InternalServerError', String(error)));
      else response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: root,
    clientId,
    clientSecret,
    tenants,
    requests,
    faults,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

function misbehave(fault: GraphFault, response: ServerResponse): void {
  if (fault.kind === 'drop' || fault.kind === 'expired-token') response.destroy();
  else if (fault.kind === 'malformed') send(response, { status: 200, body: '{"value": [{"id": "cut o' });
  else if (fault.kind === 'server-error')
    send(response, refusal(fault.status ?? 500, 'InternalServerError', 'Something went wrong.'));
  else {
    const headers = fault.retryAfter === undefined ? undefined : { 'retry-after': fault.retryAfter };
    send(response, refusal(429, 'TooManyRequests', 'Too many requests.', headers));
  }
}

function send(response: ServerResponse, { status, body, headers }: GraphAnswer): void {
  const content =
    typeof body === 'string' || body instanceof Uint8Array ? body : body === undefined ? '' : JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    ...headers,
    'content-length': Buffer.byteLength(content),
  });
  response.end(content);
}
