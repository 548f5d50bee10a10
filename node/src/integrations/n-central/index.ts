import { entity } from '../kit/descriptor/described-entity.ts';
import type { Descriptor } from '../kit/descriptor/descriptor.ts';
import { textOf } from '../kit/field-path.ts';
import { assets } from '../kit/kinds/assets/assets.ts';
import { clients } from '../kit/kinds/clients.ts';
import { sites, type VendorAddress } from '../kit/kinds/sites.ts';
import { isOn } from '../halo-row.ts';
import { customers, devices, sites as siteList } from './n-central-lists.ts';

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
      source: customers,
      record: ({ customerName, phone, ...customer }, id) => ({
        id,
        name: customerName,
        phone,
        address: addressOf(customer),
      }),
    }),
    entity({
      name: 'Sites',
      description: 'Sites of customers as sites of their clients.',
      kind: sites(),
      source: siteList,
      record: ({ siteName, parentId, phone, ...site }, id) => {
        const client = textOf(parentId);
        return client === undefined
          ? { quarantined: siteName ?? id, reason: 'N-central names no customer for it.', third_party_id: id }
          : { id, name: siteName, client, phone, address: addressOf(site) };
      },
    }),
    entity({
      name: 'Devices',
      description:
        'Devices as assets at their customer’s client and site, with their fields and the user who signed in last.',
      kind: assets(),
      source: devices,
      record: (device, id, { connection }) => {
        // A null counts as the column's default, which leaves them out.
        if (device.isProbe === true && isOn(connection.row['ncignoreprobes'] ?? true)) return { left_out: true };
        return {
          id,
          name: device.longName || device.discoveredName,
          type: device.deviceClassLabel || device.deviceClass,
          client: textOf(device.customerId),
          clientName: device.customerName,
          site: textOf(device.siteId),
          siteName: device.siteName,
          owners: [device.lastLoggedInUser],
          fields: { ...device },
        };
      },
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
      what: 'The fields of customers, sites and devices are those that N-able’s own samples and public clients of this API name; one that is called otherwise counts as not said.',
      evidence: 'The API describes itself on the server only (/api-explorer).',
    },
    {
      what: 'Serial numbers are not read: a device that is not linked yet is found by its name at its site.',
      evidence: 'N-central gives them one request a device.',
    },
    {
      what: 'A device at a site of N-central’s waits until that site is in Halo, where Sites is on; it is never put at another site of its client meanwhile.',
      evidence: 'An asset keeps the site it was made at.',
    },
    {
      what: 'Devices that N-central calls probes (isProbe) are left out where ncignoreprobes is on, and so without one.',
      evidence: 'The column is on by default; N-central’s own samples have the field.',
    },
    {
      what: 'Where N-central itself sends devices to Halo (2025.4 and later), switch one of the two off.',
      evidence: 'Both would make assets.',
    },
  ],
  triedAgainst: 'a server made from our description of its lists',
};

function addressOf(of: {
  readonly street1?: string | null | undefined;
  readonly street2?: string | null | undefined;
  readonly city?: string | null | undefined;
  readonly stateProv?: string | null | undefined;
  readonly postalCode?: string | null | undefined;
}): VendorAddress {
  return { street: of.street1, street2: of.street2, city: of.city, state: of.stateProv, postcode: of.postalCode };
}
