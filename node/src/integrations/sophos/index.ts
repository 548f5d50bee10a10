import { recordShape, type RecordOf } from '../../reading/record-shape.ts';
import { entity } from '../kit/descriptor/described-entity.ts';
import type { Descriptor } from '../kit/descriptor/descriptor.ts';
import { textOf } from '../kit/field-path.ts';
import { clients } from '../kit/kinds/clients.ts';
import { licences } from '../kit/kinds/licences.ts';
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
  headers: { 'X-Partner-ID': '{PartnerId}' },
  records: 'items',
  paging: {
    style: 'page',
    parameter: 'page',
    first: 1,
    size: { parameter: 'pageSize', value: 100 },
    pages: 'pages.total',
  },
};

const licenceShape = recordShape(
  {
    id: 'id',
    licenseIdentifier: 'text',
    product: { code: 'text' },
    startDate: 'text',
    endDate: 'text',
    quantity: 'number',
    unlimited: 'boolean',
    type: 'text',
    tenant: { id: 'id', name: 'text' },
  },
  { id: 'id', name: ['licenseIdentifier'] },
);
/** Licences of each tenant, asked for in the tenant's own name. */
const licenceList: DeclaredSource<RecordOf<typeof licenceShape>> = {
  shape: licenceShape,
  url: '/licenses/v1/licenses',
  headers: { 'X-Tenant-ID': '{parent.id}' },
  records: 'licenses',
  paging: { style: 'whole' },
  parents: { source: tenants, as: 'tenant', fields: ['id', 'name'], goneBy: [403] },
};

/** Sophos Central: a partner's tenants, and their licences. */
export const sophos: Descriptor = {
  name: 'Sophos',
  displayName: 'Sophos Central',
  summary: 'A partner’s tenants become clients, and their licences licences.',
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
    DeactivateMissing: {
      type: 'boolean',
      default: false,
      description: 'Whether licences that are gone are set inactive; Halo has no switch for that.',
    },
    BaseUrl: { type: 'string', default: 'https://api.central.sophos.com', description: 'Where the partner API is.' },
    LoginUrl: { type: 'string', default: 'https://id.sophos.com', description: 'Where tokens are asked for.' },
  },
  api: {
    address: '{BaseUrl}',
    signIn: {
      style: 'client-credentials',
      url: '{LoginUrl}/api/v2/oauth2/token',
      clientId: '{ClientId}',
      clientSecret: '{ClientSecret}',
      fields: { scope: 'token' },
    },
  },
  probe: { url: '/whoami/v1' },
  clients: { noun: 'tenant', entity: 'Tenants' },
  entities: [
    entity({
      name: 'Tenants',
      description: 'Tenants as clients, each with a main site in Halo.',
      kind: clients(),
      source: tenants,
      record: ({ name }, id) => ({ id, name }),
    }),
    entity({
      name: 'Licences',
      description: 'Licences of tenants, by the codes of their products; unlimited ones are left out.',
      kind: licences({
        vendor: 'Sophos',
        deactivates: ({ settings }) => settings['DeactivateMissing'] === true,
      }),
      source: licenceList,
      record({ product, tenant, unlimited, ...licence }, id, { settings, warn }) {
        if (unlimited === true) {
          warn('Sophos has unlimited licences; Halo counts licences, so that they are left out.');
          return { left_out: true };
        }
        return {
          id,
          name: product?.code,
          client: textOf(tenant?.id),
          clientName: tenant?.name ?? undefined,
          quantity: licence.quantity,
          start: licence.startDate,
          end: licence.endDate,
          status: licence.type,
          // One that was gone and is there again.
          ...(settings['DeactivateMissing'] === true && { active: true }),
          sku: product?.code,
          secondId: licence.licenseIdentifier,
        };
      },
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
      what: 'A licence is called by its product’s code.',
      evidence: 'Sophos gives no other name of the product.',
    },
    {
      what: 'Licences that are gone are left as they are.',
      evidence: 'SophosDetails has no switch for it.',
      setting: 'DeactivateMissing',
    },
    {
      what: 'Endpoints are not brought.',
      evidence: 'SophosDetails has no site, asset type or match field, so that Halo brings none either.',
    },
  ],
  triedAgainst: 'a server made from our description of its lists of tenants and licences',
};
