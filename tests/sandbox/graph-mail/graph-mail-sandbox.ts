import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, GraphMailbox } from './graph-mailbox.ts';

/** The operations of Graph that the sandbox answers, with the query parameters the specification gives each. */
export const graphMailOperations = JSON.parse(
  readFileSync(new URL('graph-mail-operations.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, readonly string[]>>;

/** A Graph with one mailbox, and its sign-in service. */
export interface GraphMailSandbox {
  readonly url: string;
  readonly tenant: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly address: string;
  readonly mailbox: GraphMailbox;
  readonly requests: { readonly method: string; readonly path: string; readonly query: string }[];
  /** Called before a request is answered; a status refuses it, false drops the connection. */
  fault: ((method: string, path: string) => number | false | undefined) | undefined;
  /** What it says as it refuses for a fault. */
  words: string;
  /** The last page of a listing leads back to the first. */
  circle: boolean;
  /** Messages a delta query with a filter brings at most, as Graph limits them. */
  mostFiltered: number;
  /** Tokens of delta links handed out so far are no longer known. */
  forgetDeltas(): void;
  close(): Promise<void>;
}

interface Asked {
  readonly method: string;
  readonly parts: readonly string[];
  readonly query: URLSearchParams;
  readonly body: string;
  readonly pageSize: number;
}

/** Starts it on a free port of the loopback. */
export async function startGraphMailSandbox(): Promise<GraphMailSandbox> {
  const tenant = '7e1a0000-0000-4000-8000-00000000a001';
  const mailbox = new GraphMailbox();
  let token = '';
  let issued = 0;
  let generation = 1;

  function answerTo({ method, parts, query, body, pageSize }: Asked): unknown {
    const [, user, kind, id, ...rest] = parts;
    if (decodeURIComponent(user ?? '').toLowerCase() !== sandbox.address) return refusal(404, 'ErrorInvalidUser');
    if (kind === 'mailFolders' && id === undefined) {
      const name = /^displayName eq '(.*)'$/.exec(query.get('$filter') ?? '')?.[1]?.replaceAll("''", "'");
      const found = [...mailbox.folders].filter(([, displayName]) => displayName === name);
      return { value: found.map(([folder, displayName]) => ({ id: folder, displayName })) };
    }
    if (kind === 'mailFolders' && id !== undefined) {
      if (!mailbox.folders.has(id)) return refusal(404, 'ErrorItemNotFound');
      if (rest.join('/') === 'messages/delta()') return delta(id, query, pageSize);
      return { id, displayName: mailbox.folders.get(id), totalItemCount: mailbox.inFolder(id).length };
    }
    const message = mailbox.messages.get(decodeURIComponent(id ?? ''));
    if (!message) return refusal(404, 'ErrorItemNotFound');
    if (rest[0] === '$value') return message.given ?? message.source;
    if (rest[0] === 'move') {
      const target = String((JSON.parse(body) as Record<string, unknown>)['DestinationId']);
      if (!mailbox.folders.has(target)) return refusal(404, 'ErrorFolderNotFound');
      mailbox.move(message.id, target);
      return describe(message, []);
    }
    if (method === 'PATCH') mailbox.mark(message.id, (JSON.parse(body) as { isRead: boolean }).isRead);
    return describe(message, (query.get('$select') ?? '').split(',').filter(Boolean));
  }

  function delta(folder: string, query: URLSearchParams, pageSize: number): unknown {
    const state = query.get('$skiptoken') ?? query.get('$deltatoken');
    const [made, since = 0, until = mailbox.journal.length, skip = 0] = (state ?? `${generation}`)
      .split('.')
      .map(Number);
    if (made !== generation) return refusal(410, 'syncStateNotFound');
    const select = (query.get('$select') ?? query.get('select') ?? '').split(',').filter(Boolean);
    const filter = query.get('$filter') ?? query.get('filter') ?? '';
    const from = Date.parse(/^receivedDateTime ge (.+)$/.exec(filter)?.[1] ?? '');
    const isDelta = query.has('$deltatoken');
    const upTo = isDelta ? mailbox.journal.length : until;
    const changes = mailbox.changes(folder, since, select, query.get('changeType') === 'created');
    const all = Number.isNaN(from)
      ? changes
      : changes
          .filter((one) => Date.parse(String(one['receivedDateTime'])) >= from)
          .slice(0, isDelta ? undefined : sandbox.mostFiltered);
    const value = all.slice(skip, skip + pageSize);
    const more = skip + pageSize < all.length;
    const link = `${sandbox.url}/v1.0/users/${sandbox.address}/mailFolders/${folder}/messages/delta()?changeType=${query.get('changeType') ?? ''}&select=${select.join(',')}&filter=${encodeURIComponent(filter)}`;
    const next =
      more || sandbox.circle
        ? { '@odata.nextLink': `${link}&$skiptoken=${generation}.${since}.${upTo}.${more ? skip + pageSize : 0}` }
        : { '@odata.deltaLink': `${link}&$deltatoken=${generation}.${upTo}` };
    return { value, ...next };
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://sandbox');
    const body = await text(request);
    const method = request.method ?? 'GET';
    if (url.pathname === `/${tenant}/oauth2/v2.0/token`) {
      const form = new URLSearchParams(body);
      const good =
        form.get('client_id') === sandbox.clientId &&
        form.get('client_secret') === sandbox.clientSecret &&
        form.get('scope') === `${sandbox.url}/.default`;
      if (!good) return send(response, refusal(401, 'invalid_client'));
      token = `graph-mail-token-${++issued}`;
      return send(response, { access_token: token, expires_in: 3599, token_type: 'Bearer' });
    }
    const path = url.pathname.replace(/^\/v1\.0/, '');
    sandbox.requests.push({ method, path, query: url.search });
    const fault = sandbox.fault?.(method, path);
    if (fault === false) return void response.destroy();
    if (fault !== undefined) return send(response, refusal(fault, sandbox.words));
    if (request.headers.authorization !== `Bearer ${token}`)
      return send(response, refusal(401, 'InvalidAuthenticationToken'));
    const prefer = String(request.headers['prefer'] ?? '');
    if (!prefer.includes('IdType="ImmutableId"')) return send(response, refusal(400, 'SandboxWantsImmutableIds'));
    const wrong = queryFault(method, path, url.searchParams);
    if (wrong) return send(response, refusal(400, wrong));
    const pageSize = Number(/odata\.maxpagesize=(\d+)/.exec(prefer)?.[1] ?? 10);
    const parts = path.split('/').slice(1);
    send(response, answerTo({ method, parts, query: url.searchParams, body, pageSize }));
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => send(response, refusal(500, String(error))));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const sandbox: GraphMailSandbox = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tenant,
    clientId: 'graph-mail-client',
    clientSecret: 'graph~mail~secret',
    address: 'support@msp.example',
    mailbox,
    requests: [],
    fault: undefined,
    words: 'ErrorInternalServerError',
    circle: false,
    mostFiltered: 5000,
    forgetDeltas: () => void generation++,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
  return sandbox;
}

/** What the specification does not allow in a request; links of delta carry tokens of their own. */
function queryFault(method: string, path: string, query: URLSearchParams): string | undefined {
  const operation = Object.keys(graphMailOperations).find((name) => {
    const [verb, template = ''] = name.split(' ');
    const pattern = template.replaceAll(/[$()]/g, '\\$&').replaceAll(/\{[^}]+\}/g, '[^/]+');
    return verb === method && new RegExp(`^${pattern}$`).test(path);
  });
  if (operation === undefined) return `the specification has no ${method} ${path}`;
  if (query.has('$skiptoken') || query.has('$deltatoken')) return undefined;
  const unknown = [...query.keys()].filter((name) => !graphMailOperations[operation]?.includes(name));
  return unknown.length === 0 ? undefined : `${operation} has no ${unknown.join(', ')}`;
}

interface Refusal {
  readonly status: number;
  readonly error: { readonly code: string; readonly message: string };
}

function refusal(status: number, code: string): Refusal {
  return { status, error: { code, message: code } };
}

function send(response: ServerResponse, answer: unknown): void {
  if (Buffer.isBuffer(answer)) {
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': answer.length });
    return void response.end(answer);
  }
  const { status, ...error } = answer as Partial<Refusal>;
  const body = JSON.stringify(status === undefined ? answer : error);
  response.writeHead(status ?? 200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
