import type { GraphFaults } from './graph-faults.ts';
import type { GraphRecord, TenantData } from './graph-data.ts';
import { refusal, type GraphAnswer, type GraphRequest, type GraphRoute } from './graph-routes.ts';
import { operationOf, readDirectorySpec } from './reduced-spec.ts';

const DefaultTop = 100;

interface Token {
  readonly skip: number;
  readonly select: string | null;
  readonly top: number;
  /** Delta only: the version the caller has, and the one it will have at the end. */
  readonly from?: number;
  readonly to?: number;
}

/** Users, groups' members, licences, Intune's devices and `$batch`. */
export function directoryRoutes(tenants: ReadonlyMap<string, TenantData>, faults: GraphFaults): readonly GraphRoute[] {
  const spec = readDirectorySpec();
  const dataOf = ({ tenant }: GraphRequest): TenantData => {
    const data = tenants.get(tenant);
    if (!data) throw new Error(`There is no tenant ${tenant}`);
    return data;
  };
  const get = (path: string, handle: GraphRoute['handle']): GraphRoute => ({
    operation: operationOf(spec, 'GET', path),
    handle,
  });
  const members: GraphRoute['handle'] = (request) =>
    page(request, `/groups/${request.parts['groupId']}/members`, [
      ...dataOf(request).members(request.parts['groupId'] ?? ''),
    ]);

  return [
    get('/users', (request) => listing(request, '/users', dataOf(request), 'users', faults)),
    get('/users/delta()', (request) => delta(request, dataOf(request), faults)),
    get('/users/{userId}', (request) => {
      const data = dataOf(request);
      const index = data.indexOf('users', request.parts['userId'] ?? '');
      const user = index === undefined ? undefined : data.record('users', index);
      if (!user) return refusal(404, 'Request_ResourceNotFound', 'The resource does not exist.');
      return { status: 200, body: chosen(user, request.query.get('$select')) };
    }),
    get('/groups/{groupId}/members', members),
    get('/groups/{groupId}/transitiveMembers', members),
    get('/subscribedSkus', (request) => ({ status: 200, body: { value: dataOf(request).skus() } })),
    get('/deviceManagement/managedDevices', (request) =>
      listing(request, '/deviceManagement/managedDevices', dataOf(request), 'devices', faults),
    ),
    { operation: operationOf(spec, 'POST', '/$batch'), handle: (request) => batch(request, faults) },
  ];
}

function listing(
  request: GraphRequest,
  path: string,
  data: TenantData,
  kind: 'users' | 'devices',
  faults: GraphFaults,
): GraphAnswer {
  const asked = tokenOf(request);
  const token = { ...asked, top: Math.min(asked.top, faults.pageSizeCap ?? asked.top) };
  const value: GraphRecord[] = [];
  let index = token.skip;
  for (; index < data.count(kind) && value.length < token.top; index++) {
    const record = data.record(kind, index);
    if (record) value.push(chosen(record, token.select));
  }
  const more = index < data.count(kind);
  const skip = more ? index : 0;
  const next = more || faults.circle ? linkOf(request, path, '$skiptoken', { ...token, skip }) : undefined;
  return { status: 200, body: { value, ...(next && { '@odata.nextLink': next }) } };
}

function page(request: GraphRequest, path: string, all: readonly GraphRecord[]): GraphAnswer {
  const token = tokenOf(request);
  const skip = token.skip + token.top;
  const value = all.slice(token.skip, skip).map((one) => chosen(one, token.select));
  const next = skip < all.length ? linkOf(request, path, '$skiptoken', { ...token, skip }) : undefined;
  return { status: 200, body: { value, ...(next && { '@odata.nextLink': next }) } };
}

function delta(request: GraphRequest, data: TenantData, faults: GraphFaults): GraphAnswer {
  const path = '/users/delta()';
  const token = tokenOf(request);
  const from = token.from;
  const to = token.to ?? data.version;
  if (from !== undefined && (faults.expiredDelta === 'gone' || faults.expiredTenants.has(data.id)))
    return refusal(410, 'syncStateNotFound', 'Resync required.');
  if (from !== undefined && faults.expiredDelta === 'bad-request')
    return refusal(400, 'syncStateNotFound', 'The sync state generation is not found.');
  const done = (value: readonly GraphRecord[]): GraphAnswer => ({
    status: 200,
    body: {
      value,
      '@odata.deltaLink': linkOf(request, path, '$deltatoken', {
        skip: 0,
        select: token.select,
        top: token.top,
        from: to,
      }),
    },
  });
  if (from !== undefined) {
    const all = data.changesSince(from).map((one) => ('@removed' in one ? one : chosen(one, token.select)));
    const skip = token.skip + token.top;
    const changes = all.slice(token.skip, skip);
    if (skip >= all.length) return done(changes);
    const more = linkOf(request, path, '$skiptoken', { ...token, skip, to });
    return { status: 200, body: { value: changes, '@odata.nextLink': more } };
  }
  const answer = listing(request, path, data, 'users', faults);
  const { value, ['@odata.nextLink']: next } = answer.body as { value: GraphRecord[]; '@odata.nextLink'?: string };
  if (next === undefined) return done(value);
  const skip = decode(new URL(next).searchParams.get('$skiptoken') ?? '').skip;
  const further = linkOf(request, path, '$skiptoken', { ...token, skip, to });
  return { status: 200, body: { value, '@odata.nextLink': further } };
}

async function batch(request: GraphRequest, faults: GraphFaults): Promise<GraphAnswer> {
  const { requests } = JSON.parse(request.body) as { requests?: { id: string; method: string; url: string }[] };
  if (!requests || requests.length > 20) return refusal(400, 'BadRequest', 'A batch holds one to twenty requests.');
  const responses = await Promise.all(
    requests.map(async ({ id, method, url }) => {
      if (faults.throttledInBatch > 0) {
        faults.throttledInBatch--;
        const headers = faults.silentBatch ? undefined : { 'Retry-After': '1' };
        return { id, ...refusal(429, 'TooManyRequests', 'Too many requests.', headers) };
      }
      return { id, ...(await request.dispatch(method, url)) };
    }),
  );
  return { status: 200, body: { responses } };
}

function tokenOf({ query }: GraphRequest): Token {
  const given = query.get('$skiptoken') ?? query.get('$deltatoken');
  if (given !== null) return decode(given);
  return { skip: 0, select: query.get('$select'), top: Number(query.get('$top') ?? DefaultTop) };
}

function linkOf(request: GraphRequest, path: string, name: string, token: Token): string {
  return `${request.root}${path}?${name}=${Buffer.from(JSON.stringify(token)).toString('base64url')}`;
}

function decode(token: string): Token {
  return JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as Token;
}

function chosen(record: GraphRecord, select: string | null): GraphRecord {
  if (select === null) return record;
  const names = select.split(',');
  return { id: record.id, ...Object.fromEntries(Object.entries(record).filter(([name]) => names.includes(name))) };
}
