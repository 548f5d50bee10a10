import { recordShape, type RecordOf } from '../../reading/record-shape.ts';
import { entity } from '../kit/descriptor/described-entity.ts';
import type { Descriptor } from '../kit/descriptor/descriptor.ts';
import { clients } from '../kit/kinds/clients.ts';
import type { DeclaredSource } from '../kit/sources/declared-source.ts';

const tenantShape = recordShape(
  { id: 'id', name: 'text', dataRegion: 'text', billingType: 'text', status: 'text' },
  { id: 'id', name: ['name'] },
);
/** A partner's tenants; a page has 100 at most, and says how many pages there are where it is asked to. */
const tenants: DeclaredSource<RecordOf<typeof tenantShape>> = {
  shape: tenantShape,
  url: '/partner/v1/tenants',
  query: { pageTotal: true },
  records: 'items',
  paging: {
    style: 'page',
    parameter: 'page',
    first: 1,
    size: { parameter: 'pageSize', value: 100 },
    pages: 'pages.total',
  },
};

/** Sophos Central: a partner's tenants. */
export const sophos: Descriptor = {
  name: 'Sophos',
  displayName: 'Sophos Central',
  summary: 'A partner’s tenants become clients.',
  halo: {
    modules: ['Sophos', 'Sophos Central'],
    details: { table: 'SophosDetails' },
  },
  settings: {
    ClientId: {
      type: 'string',
      required: true,
      description: 'Client id of API credentials made in Sophos Central Partner.',
    },
    ClientSecret: { type: 'string', required: true, secret: true, description: 'Their client secret.' },
    PartnerId: {
      type: 'string',
      required: true,
      fromHalo: { word: 'accountId', plain: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i },
      description: 'The partner’s id, as Sophos’ who-am-I gives it (id).',
    },
    BaseUrl: { type: 'string', default: 'https://api.central.sophos.com', description: 'Where the partner API is.' },
    LoginUrl: { type: 'string', default: 'https://id.sophos.com', description: 'Where tokens are asked for.' },
  },
  api: {
    address: '{BaseUrl}',
    headers: { 'X-Partner-ID': '{PartnerId}' },
    signIn: {
      style: 'client-credentials',
      url: '{LoginUrl}/api/v2/oauth2/token',
      clientId: '{ClientId}',
      clientSecret: '{ClientSecret}',
      fields: { scope: 'token' },
    },
  },
  probe: {
    url: '/partner/v1/tenants',
    query: { page: 1, pageSize: 1, pageTotal: true },
    count: { at: 'pages.total', of: 'tenants' },
  },
  entities: [
    entity({
      name: 'Tenants',
      description: 'Tenants as clients, each with a main site in Halo.',
      kind: clients(),
      source: tenants,
      record: ({ name }, id) => ({ id, name }),
    }),
  ],
  documentation: { 'Sophos Partner API': 'https://developer.sophos.com/docs/partner-v1/1/overview' },
  assumed: [
    {
      what: 'Credentials are a partner’s. Those of an organisation or a single tenant are refused by Sophos.',
      evidence: 'Each of the three has addresses and headers of its own; SDtype’s values are not public.',
    },
    {
      what: 'SDtypeid holds the partner’s id, where it looks like one.',
      evidence: 'It stands beside the kind that who-am-I tells.',
      setting: 'PartnerId',
    },
    {
      what: 'Licences are not brought.',
      evidence: 'Sophos gives them tenant by tenant, each with a header of its own.',
    },
    {
      what: 'Endpoints are not brought.',
      evidence: 'SophosDetails has no site, asset type or match field, so that Halo brings none either.',
    },
  ],
  triedAgainst: 'a server made from our description of its list of tenants',
};
