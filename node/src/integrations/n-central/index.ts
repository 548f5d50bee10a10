import { entity } from '../kit/descriptor/described-entity.ts';
import type { Descriptor } from '../kit/descriptor/descriptor.ts';
import { textOf } from '../kit/field-path.ts';
import { assets } from '../kit/kinds/assets/assets.ts';
import { clients } from '../kit/kinds/clients.ts';
import { sites } from '../kit/kinds/sites.ts';
import { devices, orgUnits } from './n-central-lists.ts';

/** N-able N-central: customers, their sites, and devices. */
export const nCentral: Descriptor = {
  name: 'NCentral',
  displayName: 'N-able N-central',
  summary: 'Customers become clients and their sites Halo’s sites; devices become assets with their fields and owners.',
  halo: {
    modules: ['N-Central', 'NCentral', 'N-able N-central', 'SolarWinds N-central'],
    details: {
      table: 'NCentralDetails',
      // NCDsyncentities is a number whose values are not public.
      columns: { matchUsers: 'ncmatchuserdevice' },
    },
  },
  settings: {
    Url: {
      type: 'string',
      required: true,
      fromHalo: { word: 'url', plain: /^https:\/\/\S+$/ },
      description: 'Address of the N-central server, such as https://ncentral.example.com.',
    },
    UserApiToken: {
      type: 'string',
      required: true,
      secret: true,
      description:
        'JWT of an API user (Administration, User management, API access). Halo’s own user name and password are none.',
    },
  },
  api: {
    address: '{Url}/api',
    signIn: {
      style: 'login',
      request: { url: '/auth/authenticate', headers: { Authorization: 'Bearer {UserApiToken}' } },
      token: 'tokens.access.token',
      expires: 'tokens.access.expirySeconds',
      renewal: { with: 'tokens.refresh.token', request: { url: '/auth/refresh', text: '{renewal}' } },
    },
    // Limits are of requests at the same time, and not published.
    rates: { atOnce: 2 },
  },
  probe: { url: '/devices', query: { pageNumber: 1, pageSize: 1 }, count: { at: 'totalItems', of: 'devices' } },
  entities: [
    entity({
      name: 'Customers',
      description: 'Customers as clients, each with a main site in Halo.',
      kind: clients(),
      source: orgUnits,
      record: ({ orgUnitName, orgUnitType }, id) =>
        orgUnitType?.toUpperCase() === 'CUSTOMER' ? { id, name: orgUnitName } : { left_out: true },
    }),
    entity({
      name: 'Sites',
      description: 'Sites of customers as sites of their clients.',
      kind: sites(),
      source: orgUnits,
      record: ({ orgUnitName, orgUnitType, parentId }, id) => {
        const client = textOf(parentId);
        return orgUnitType?.toUpperCase() === 'SITE' && client !== undefined
          ? { id, name: orgUnitName, client }
          : { left_out: true };
      },
    }),
    entity({
      name: 'Devices',
      description:
        'Devices as assets at their customer’s client and site, with their fields and the user who signed in last.',
      kind: assets(),
      source: devices,
      record: (device, id) => ({
        id,
        name: device.longName || device.discoveredName,
        type: device.deviceClassLabel || device.deviceClass,
        client: textOf(device.customerId),
        clientName: device.customerName,
        site: textOf(device.siteId),
        siteName: device.siteName,
        owners: [device.lastLoggedInUser],
        fields: { ...device },
      }),
    }),
  ],
  documentation: {
    'N-central REST API': 'https://developer.n-able.com/',
  },
  assumed: [
    {
      what: 'NCDsyncentities is not read: what is on in appsettings.json is brought.',
      evidence: 'It is a number, unlike the lists of other integrations, and its values are not public.',
    },
    {
      what: 'The fields of devices and units are those that public clients of this API read; one that is called otherwise counts as not said.',
      evidence: 'The API describes itself on the server only (/api-explorer).',
    },
    {
      what: 'Serial numbers are not read: a device that is not linked yet is found by its name at its site.',
      evidence: 'N-central gives them one request a device.',
    },
    {
      what: 'Probes are brought as other devices are, whatever ncignoreprobes says.',
      evidence: 'By which class a probe is known is not documented.',
    },
    {
      what: 'Where N-central itself sends devices to Halo (2025.4 and later), switch one of the two off.',
      evidence: 'Both would make assets.',
    },
  ],
  triedAgainst: 'a server made from our description of its lists',
};
