import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fieldAt } from '../../../node/src/integrations/kit/field-path.ts';
import { openSpecData, type DataSizes, type SpecData, type VendorRecord } from './spec-data.ts';
import { bodyOf, pageOf, type Asked } from './spec-paging.ts';
import {
  operationOf,
  parameterFaults,
  type SpecOperation,
  type TokenOperation,
  type VendorSpec,
} from './vendor-spec.ts';
import { csvOf, xmlOf } from './written-formats.ts';

/** A request the sandbox was sent, and how it was answered. */
export interface SandboxRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly body: string;
  status: number;
}

/** A vendor to test against, made from its description: it answers what is described, and refuses all else. */
export interface SpecServer {
  readonly url: string;
  readonly data: SpecData;
  readonly requests: SandboxRequest[];
  /** What was refused as not described, one sentence each. */
  readonly refused: string[];
  /** Every token given so far is refused from now on. */
  expireTokens(): void;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Starts such a vendor on the loopback. */
export async function startSpecServer(spec: VendorSpec, sizes: DataSizes): Promise<SpecServer> {
  const data = openSpecData(spec, sizes);
  const requests: SandboxRequest[] = [];
  const refused: string[] = [];
  const named = new Map<string, number>();
  let issued = 0;
  let token: string | undefined;
  let root = '';

  const refuse = (status: number, message: string): Answer => {
    if (status !== 401) refused.push(message);
    return { status, body: JSON.stringify({ message }) };
  };

  function giveToken(asked: TokenOperation, request: IncomingMessage, body: string): Answer {
    const fields = asked.sends === 'form' ? Object.fromEntries(new URLSearchParams(body)) : (parsed(body) ?? {});
    const wrong =
      Object.entries(asked.headers ?? {}).filter(([name, value]) => request.headers[name.toLowerCase()] !== value)
        .length > 0 || JSON.stringify(sorted(withAny(fields, asked))) !== JSON.stringify(sorted(asked.fields));
    if (wrong) return { status: 401, body: JSON.stringify({ error: 'invalid_client' }) };
    token = `sandbox-token-${++issued}`;
    return { status: 200, body: JSON.stringify(asked.answers).replaceAll('{token}', token) };
  }

  function isLetIn(request: IncomingMessage, query: URLSearchParams): boolean {
    const { headers = {}, query: parameters = {} } = spec.letsIn;
    const filled = (value: string): string => value.replaceAll('{token}', token ?? '\u0000');
    return (
      Object.entries(headers).every(([name, value]) => request.headers[name.toLowerCase()] === filled(value)) &&
      Object.entries(parameters).every(([name, value]) => query.get(name) === filled(value))
    );
  }

  function answerTo(request: IncomingMessage, url: URL, body: string): Answer {
    const method = request.method ?? 'GET';
    const { token: tokens, query: keys = {} } = spec.letsIn;
    if (tokens && method === 'POST' && url.pathname === spec.base + tokens.path)
      return giveToken(tokens, request, body);
    if (!isLetIn(request, url.searchParams)) return refuse(401, 'Unauthorized');
    const found = operationOf(spec, method, url.pathname, body);
    if (!found) return refuse(404, `${method} ${url.pathname} is not described.`);
    const { operation, parts } = found;
    const sent = operation.body ? parsed(body) : undefined;
    if (operation.body && !sent) return refuse(400, `${method} ${url.pathname} needs a body of JSON.`);
    const own = linkParameter(operation);
    const given = [...url.searchParams].filter(([name]) => !(name in keys) && name !== own);
    const wrong = [
      ...parameterFaults(operation.query, given),
      ...parameterFaults(operation.body, sent ? leavesOf(sent, Object.keys(operation.body ?? {})) : []),
    ];
    if (wrong.length > 0) return refuse(400, `${url.pathname}: ${wrong.join(' ')}`);
    const asked: Asked = (name) => {
      if (name.startsWith('header:')) return [request.headers[name.slice('header:'.length)]].flat()[0];
      const value = operation.body && name in operation.body ? fieldAt(sent, name) : url.searchParams.get(name);
      return value === null || value === undefined ? undefined : String(value);
    };
    return operation.lists === undefined
      ? { status: 200, body: JSON.stringify(operation.answers ?? {}) }
      : list(operation, operation.lists, parts, asked, url);
  }

  function list(
    operation: SpecOperation,
    schema: string,
    parts: Readonly<Record<string, string>>,
    asked: Asked,
    url: URL,
  ): Answer {
    const { of } = operation;
    const value = of && parts[of.part];
    if (of && !data.all(of.schema).some((one) => idsOf(one).includes(value ?? '')))
      return { status: 404, body: JSON.stringify({ message: 'Not found' }) };
    const own = of ? data.all(schema).filter((one) => String(fieldAt(one, of.field)) === value) : data.all(schema);
    const chosen = sortedBy(filtered(own, operation, asked), operation, asked);
    const link = (parameter: string, to: string): string => {
      const next = new URL(url.pathname + url.search, root);
      next.searchParams.set(parameter, to);
      return next.href;
    };
    const page = pageOf(chosen, operation.paging ?? { style: 'whole' }, asked, link, named);
    if (!page) return refuse(400, `${url.pathname}: the cursor is not one of ours.`);
    const { format = 'json' } = operation;
    if (format === 'csv') return { status: 200, headers: { 'content-type': 'text/csv' }, body: csvOf(page.records) };
    const body = bodyOf(page.records, operation.records, page, operation.answers);
    return {
      status: 200,
      headers: { 'content-type': format === 'xml' ? 'application/xml' : 'application/json', ...page.headers },
      body: format === 'xml' ? xmlOf(body) : JSON.stringify(body),
    };
  }

  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const url = new URL(request.url ?? '/', root);
      const answer = answerTo(request, url, body);
      const { method = 'GET' } = request;
      requests.push({ method, path: url.pathname, query: url.search, body, status: answer.status });
      send(response, answer);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: root,
    data,
    requests,
    refused,
    expireTokens: () => (token = undefined),
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    ...headers,
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

/** Fields whose value does not matter, with the sign for that. */
function withAny(fields: object, asked: TokenOperation): object {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, asked.fields[name] === '*' ? '*' : (value as unknown)]),
  );
}

/** Filters really filter. */
function filtered(
  records: readonly VendorRecord[],
  { filters = {} }: SpecOperation,
  asked: Asked,
): readonly VendorRecord[] {
  return Object.entries(filters).reduce((left, [parameter, { field, by = 'equal' }]) => {
    const wanted = asked(parameter);
    if (wanted === undefined) return left;
    return left.filter((record) => {
      const value = String(fieldAt(record, field) ?? '');
      if (by === 'any') return wanted.split(',').includes(value);
      return by === 'since' ? Date.parse(value) >= Date.parse(wanted) : value === wanted;
    });
  }, records);
}

function sortedBy(records: readonly VendorRecord[], { sort }: SpecOperation, asked: Asked): readonly VendorRecord[] {
  const field = sort && asked(sort.parameter);
  if (!sort || field === undefined) return records;
  const down = sort.direction !== undefined && asked(sort.direction) === 'desc';
  const compared = (one: VendorRecord, other: VendorRecord): number => {
    const [a, b] = [fieldAt(one, field), fieldAt(other, field)];
    return typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), 'en');
  };
  return [...records].sort((one, other) => (down ? compared(other, one) : compared(one, other)));
}

/** The parameter that only a link of the vendor's own has. */
function linkParameter({ paging }: SpecOperation): string | undefined {
  return paging?.style === 'link' ? paging.parameter : undefined;
}

function idsOf(record: VendorRecord): readonly string[] {
  return [record['id'], record['uid']].filter((id) => id !== undefined).map(String);
}

/** A body's values by their paths, down to those that are described. */
function leavesOf(body: unknown, described: readonly string[], path = ''): readonly (readonly [string, unknown])[] {
  if (path !== '' && described.includes(path)) return [[path, body]];
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return path === '' ? [] : [[path, body]];
  return Object.entries(body).flatMap(([name, value]) =>
    leavesOf(value, described, path === '' ? name : `${path}.${name}`),
  );
}

function sorted(fields: object): unknown {
  return Object.entries(fields).sort(([one], [other]) => (one < other ? -1 : 1));
}

function parsed(body: string): object | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
