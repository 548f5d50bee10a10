import { entity } from '../kit/descriptor/described-entity.ts';
import type { Descriptor } from '../kit/descriptor/descriptor.ts';
import { textOf } from '../kit/field-path.ts';
import { assets } from '../kit/kinds/assets/assets.ts';
import { clients } from '../kit/kinds/clients.ts';
import { devices, sites } from './datto-rmm-lists.ts';

/** Datto RMM: the sites of an account, which are an MSP's customers, and the devices at them. */
export const dattoRmm: Descriptor = {
  name: 'DattoRmm',
  displayName: 'Datto RMM',
  summary: 'Sites become clients, each with a main site; devices become assets with their fields and owners.',
  halo: {
    modules: ['Datto RMM', 'DattoRMM', 'Datto'],
    details: { table: 'DattoRmmDetails' },
  },
  settings: {
    Url: {
      type: 'string',
      required: true,
      fromHalo: { word: 'url', plain: /^https:\/\/\S+$/ },
      description: 'API address of your platform, such as https://merlot-api.centrastage.net.',
    },
    ApiKey: {
      type: 'string',
      required: true,
      description: 'API key of a user (Setup, Users); the API must be enabled.',
    },
    ApiSecret: { type: 'string', required: true, secret: true, description: 'Its secret key.' },
  },
  api: {
    address: '{Url}/api',
    signIn: {
      style: 'password',
      url: '{Url}/auth/oauth/token',
      username: '{ApiKey}',
      password: '{ApiSecret}',
      clientId: 'public-client',
      clientSecret: 'public',
      basic: true,
    },
    // Beyond it, requests are refused for a while, and the address is blocked.
    rates: { windows: [{ requests: 600, seconds: 60 }] },
  },
  probe: { url: '/v2/account/sites', query: { max: 1 }, count: { at: 'pageDetails.totalCount', of: 'sites' } },
  ownIds: { Client: 'datto_id', Asset: 'datto_id' },
  entities: [
    entity({
      name: 'Sites',
      description: 'Sites as clients, each with its main site in Halo; those of on-demand devices are left out.',
      kind: clients(),
      source: sites,
      labels: ['Sites'],
      record: ({ name, onDemand, portalUrl }, id, { told }) =>
        onDemand === true || told.defaultClient !== undefined
          ? { left_out: true }
          : { id, name, ...(portalUrl && { url: portalUrl }) },
    }),
    entity({
      name: 'Devices',
      description: 'Devices as assets at the client of their site, with their fields and the user who signed in last.',
      kind: assets(),
      source: devices,
      record: ({ deviceType, ...device }, id) => ({
        id,
        name: device.hostname || device.description,
        type: deviceType?.category || device.deviceClass,
        client: textOf(device.siteUid),
        clientName: device.siteName,
        owners: [device.lastLoggedInUser],
        retired: device.deleted === true,
        url: device.portalUrl,
        ...(device.portalUrl && { own: { datto_url: device.portalUrl } }),
        fields: { ...device, 'deviceType.category': deviceType?.category, 'deviceType.type': deviceType?.type },
      }),
    }),
  ],
  documentation: { 'Datto RMM API': 'https://rmm.datto.com/help/' },
  assumed: [
    {
      what: 'A site is a client, whatever DRDSiteImportType says. Where the connection has a default client, no clients are made: devices go to the sites that are mapped in Halo, else to the default one.',
      evidence: 'An MSP has a site for each customer; the codes of the column are not public.',
    },
    {
      what: 'The own id in Halo (DDattoId, ADattoId) is Datto’s uid.',
      evidence: 'Beside them stand DDattoAlternateId and ADattoAlternateId, which are numbers, as Datto’s other id is.',
    },
    {
      what: 'The type of a device is the category of its deviceType (Desktop, Laptop, Server …).',
      evidence: 'Datto shows it as the kind of device; which field Halo takes is not public.',
    },
    {
      what: 'Serial numbers are not read: an asset that is not linked yet is found by Datto’s id in Halo, or by its name at the site.',
      evidence: 'Datto gives them in the audit only, one request a device.',
    },
  ],
  triedAgainst: 'a server made from the part of Datto RMM’s description (build 235) that is called',
};
