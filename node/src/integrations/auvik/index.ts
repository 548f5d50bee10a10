import { recordShape, type RecordOf } from '../../reading/record-shape.ts';
import { entity } from '../kit/descriptor/described-entity.ts';
import type { Descriptor } from '../kit/descriptor/descriptor.ts';
import { fieldAt, textOf } from '../kit/field-path.ts';
import { assets } from '../kit/kinds/assets/assets.ts';
import { clients } from '../kit/kinds/clients.ts';
import type { DeclaredSource } from '../kit/sources/declared-source.ts';

const tenantShape = recordShape({ id: 'id', attributes: { domainPrefix: 'text', tenantType: 'text' } }, { id: 'id' });
/** Tenants that the user sees, in one answer. */
const tenants: DeclaredSource<RecordOf<typeof tenantShape>> = {
  shape: tenantShape,
  url: '/tenants',
  records: 'data',
  paging: { style: 'whole' },
};

const deviceShape = recordShape(
  {
    id: 'id',
    attributes: {
      deviceName: 'text',
      deviceType: 'text',
      makeModel: 'text',
      vendorName: 'text',
      softwareVersion: 'text',
      serialNumber: 'text',
      description: 'text',
      firmwareVersion: 'text',
      onlineStatus: 'text',
      ipAddresses: 'texts',
    },
    links: { dashboard: 'text' },
    tenant: { id: 'id', attributes: { domainPrefix: 'text' } },
  },
  { id: 'id' },
);
/** Devices of each tenant: a page has 100 where nothing else is asked for, and only the next link says that there are more. */
const devices: DeclaredSource<RecordOf<typeof deviceShape>> = {
  shape: deviceShape,
  url: '/inventory/device/info',
  query: { tenants: '{parent.id}' },
  records: 'data',
  paging: { style: 'link', next: 'links.next', size: { parameter: 'page[first]', value: 1000 } },
  parents: {
    source: tenants,
    as: 'tenant',
    fields: ['id', 'attributes'],
    // One that only holds others is no customer.
    only: (tenant) => fieldAt(tenant, 'attributes.tenantType') !== 'multiClient',
  },
};

/** Auvik: tenants, and the devices found in their networks. */
export const auvik: Descriptor = {
  name: 'Auvik',
  displayName: 'Auvik',
  summary: 'Tenants become clients; the devices in their networks become assets with their fields.',
  halo: {
    modules: ['Auvik'],
    control: {
      columns: {
        topLevel: 'RAuvikTopLevel',
        defaultSite: 'RAuvikDefaultSite',
        importType: 'RAuvikImportType',
        deactivateMissing: 'rauvikdeletedevices',
      },
    },
  },
  settings: {
    BaseUrl: {
      type: 'string',
      required: true,
      description: 'API address of your region, such as https://auvikapi.us1.my.auvik.com.',
    },
    Username: { type: 'string', required: true, description: 'User whose API key it is.' },
    ApiKey: { type: 'string', required: true, secret: true, description: 'The API key of that user.' },
  },
  api: {
    address: '{BaseUrl}/v1',
    signIn: { style: 'basic', username: '{Username}', password: '{ApiKey}' },
  },
  probe: { url: '/tenants' },
  ownIds: { Client: 'auvik_id', Asset: 'auvik_device_id' },
  entities: [
    entity({
      name: 'Tenants',
      description: 'Tenants as clients, each with its main site; those that only hold others are left out.',
      kind: clients(),
      source: tenants,
      record: ({ attributes }, id) =>
        attributes?.tenantType === 'multiClient' ? { left_out: true } : { id, name: attributes?.domainPrefix },
    }),
    entity({
      name: 'Devices',
      description: 'Devices as assets at their tenant’s client, with their fields.',
      kind: assets(),
      source: devices,
      record: ({ attributes, links, tenant }, id) => ({
        id,
        name: attributes?.deviceName,
        type: attributes?.deviceType,
        client: textOf(tenant?.id),
        clientName: tenant?.attributes?.domainPrefix,
        serial: attributes?.serialNumber,
        url: links?.dashboard,
        ...(links?.dashboard && { own: { auvik_url: links.dashboard } }),
        fields: { ...attributes, ipAddresses: attributes?.ipAddresses?.join(', ') },
      }),
    }),
  ],
  documentation: { 'Auvik API': 'https://auvikapi.us1.my.auvik.com/docs' },
  assumed: [
    {
      what: 'A client is called as its tenant’s domain prefix, where none is mapped in Halo.',
      evidence: 'Auvik’s list of tenants has no other name.',
    },
    {
      what: 'Mappings of types and fields of every kind (XMSubType, IFMSubTypeId) are taken for devices.',
      evidence: 'Halo maps networks and devices apart, and the numbers for them are not public.',
    },
    {
      what: 'Networks are not brought as assets.',
      evidence: 'Which of Halo’s mappings are theirs is not public.',
    },
    {
      what: 'RAuvikImportType 0 means everything, and another value what is on in appsettings.json.',
      evidence: 'The values of the column are not public.',
    },
  ],
  triedAgainst: 'a server made from the part of Auvik’s description v1 that is called',
};
