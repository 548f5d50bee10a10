import { entity } from '../kit/descriptor/described-entity.ts';
import type { Descriptor } from '../kit/descriptor/descriptor.ts';
import { assets } from '../kit/kinds/assets/assets.ts';
import { clients } from '../kit/kinds/clients.ts';
import { devices, organisations } from './meraki-lists.ts';

/** Cisco Meraki: organisations, and the devices in their inventory that are in a network or not. */
export const meraki: Descriptor = {
  name: 'Meraki',
  displayName: 'Cisco Meraki',
  summary: 'Organisations become clients; their devices become assets with their fields.',
  halo: {
    modules: ['Meraki', 'Cisco Meraki'],
    control: {
      columns: {
        entities: 'rmerakiimportentities',
        topLevel: 'rmerakitoplevel',
        typeChoice: 'rmerakiaassettypechoice',
        defaultType: 'rmerakidefaultassettype',
        defaultGroup: 'rmerakidefaultgroup',
        matchField: 'rmerakidevicematchingfield',
      },
    },
  },
  settings: {
    ApiKey: {
      type: 'string',
      required: true,
      secret: true,
      description: 'API key of a dashboard administrator who may read the organisations.',
    },
    BaseUrl: {
      type: 'string',
      default: 'https://api.meraki.com',
      description: 'Where the dashboard API is, where your organisations are in a region with an address of its own.',
    },
    DeactivateMissing: {
      type: 'boolean',
      default: false,
      description: 'Whether assets that are gone in Meraki are set inactive; Halo has no switch for that.',
    },
  },
  api: {
    address: '{BaseUrl}/api/v1',
    signIn: { style: 'key', headers: { Authorization: 'Bearer {ApiKey}' } },
    rates: { atOnce: 4 },
    // Next links may lead to the host an organisation is on.
    alsoAt: ['https://*.meraki.com'],
  },
  probe: { url: '/organizations' },
  entities: [
    entity({
      name: 'Organisations',
      description: 'Organisations as clients, each with its main site.',
      kind: clients(),
      source: organisations,
      permissions: ['Read-only administrator of each organisation'],
      record: ({ name, url }, id) => ({ id, name, ...(url && { url }) }),
    }),
    entity({
      name: 'Devices',
      description: 'Devices as assets at their organisation’s client, found by their serial numbers.',
      kind: assets({ deactivates: ({ settings }) => settings['DeactivateMissing'] === true }),
      source: devices,
      permissions: ['Read-only administrator of each organisation'],
      record: ({ organisation, tags, ...device }, id) => ({
        id,
        name: device.name || id,
        type: device.productType,
        client: textOf(organisation?.id),
        clientName: organisation?.name,
        site: textOf(device.networkId),
        serial: id,
        fields: { ...device, tags: tags?.join(', ') },
      }),
    }),
  ],
  documentation: {
    'Meraki Dashboard API': 'https://developer.cisco.com/meraki/api-v1/',
  },
  assumed: [
    {
      what: 'A device goes to the site its network is mapped to in Halo, else to the only active site, or the main one, of its organisation’s client.',
      evidence: 'Halo’s list of Meraki entities has organisations and devices, not networks, and no default site.',
    },
    {
      what: 'The type of a device is its productType (wireless, switch …), and Halo’s choice of another field (rmerakiassettypefield) is not read.',
      evidence: 'Meraki’s API has it as the kind of product; that column is a number, whose values are not public.',
    },
    {
      what: 'Fields are mapped by the names of Meraki’s API: name, serial, model, mac, lanIp, firmware, address, notes, tags.',
      evidence: 'Halo’s mapping keeps the vendor’s name of a field as text.',
    },
    {
      what: 'Assets that are gone in Meraki are left as they are.',
      evidence: 'Halo’s settings of Meraki have no switch for it.',
      setting: 'DeactivateMissing',
    },
  ],
  triedAgainst: 'a server made from the part of Meraki’s description 1.38.0 that is called',
};

function textOf(id: string | number | null | undefined): string | undefined {
  return id === null || id === undefined ? undefined : String(id);
}
