import { entity } from '../kit/descriptor/described-entity.ts';
import type { Descriptor } from '../kit/descriptor/descriptor.ts';
import { softwareList } from '../kit/descriptor/software-list.ts';
import { assets } from '../kit/kinds/assets/assets.ts';
import { clients } from '../kit/kinds/clients.ts';
import { software } from '../kit/kinds/software.ts';
import { computerSystems, devices, lastUsers, operatingSystems, organisations, programs } from './ninjaone-lists.ts';

/** NinjaOne: organisations with their locations, devices with their fields and owners, and the software on them. */
export const ninjaOne: Descriptor = {
  name: 'NinjaOne',
  displayName: 'NinjaOne',
  summary:
    'Organisations become clients and their locations sites; devices become assets with their fields and owners; the software found on them is listed with them.',
  halo: {
    modules: ['NinjaOne', 'NinjaRMM', 'Ninja RMM'],
    control: {
      columns: {
        entities: 'rninjaimportlist',
        importType: 'RNinjaRMMImportType',
        topLevel: 'RNinjaTopLevel',
        defaultSite: 'RNinjaDefaultSite',
        defaultGroup: 'RNinjaRMMDefaultGroup',
        typeField: 'RNinjaRMMAssetTypeField',
        deactivateMissing: 'RNinjaDeleteDevices',
        matchUsers: 'rmatchninjauser',
        userField: 'rmatchninjafield',
        vendorUserField: 'rninjausermatchingcustomfield',
      },
    },
    // It has a field that says the type and a group for types that are made, and no default type.
    otherwise: { typeChoice: 1 },
  },
  settings: {
    ClientId: {
      type: 'string',
      required: true,
      description: 'Client id of the API client app (API services) in NinjaOne.',
    },
    ClientSecret: { type: 'string', required: true, secret: true, description: 'Its client secret.' },
    BaseUrl: {
      type: 'string',
      default: 'https://app.ninjarmm.com',
      description:
        'Where your NinjaOne is: https://app.ninjarmm.com, or that of your region with eu, oc, ca or us2 in place of app.',
    },
  },
  api: {
    address: '{BaseUrl}',
    signIn: {
      style: 'client-credentials',
      url: '/ws/oauth/token',
      clientId: '{ClientId}',
      clientSecret: '{ClientSecret}',
      fields: { scope: 'monitoring' },
    },
  },
  probe: { url: '/v2/organizations', query: { pageSize: 1 } },
  ownIds: { Client: 'ninjarmmid', Site: 'ninjarmmid', Asset: 'ninjarmm_id' },
  entities: [
    entity({
      name: 'Organisations',
      description: 'Organisations as clients, their locations as sites.',
      kind: clients(),
      source: organisations,
      permissions: ['Monitoring'],
      record: ({ name, locations }, id) => ({
        id,
        name,
        sites: (locations ?? []).flatMap((one) =>
          one.id === null || one.id === undefined
            ? []
            : [{ id: String(one.id), name: one.name, address: { street: one.address } }],
        ),
      }),
    }),
    entity({
      name: 'Devices',
      description: 'Devices as assets at their location, with their fields and the user who signed in last.',
      kind: assets(),
      source: devices,
      joins: {
        system: { source: computerSystems, by: 'deviceId' },
        os: { source: operatingSystems, by: 'deviceId' },
        user: { source: lastUsers, by: 'deviceId' },
      },
      permissions: ['Monitoring'],
      record: (device, id, { joined: { system, os, user } }) => ({
        id,
        name: device.displayName || device.systemName,
        type: device.nodeClass,
        client: textOf(device.organizationId),
        site: textOf(device.locationId),
        serial: system?.serialNumber || system?.biosSerialNumber,
        owners: [user?.userName],
        retired: device.approvalStatus === 'DECOMMISSIONED',
        fields: {
          ...plainFields(system, 'system.'),
          ...plainFields(os, 'os.'),
          // A short name that both have is the device's own.
          ...plainFields(device),
          lastLoggedInUser: user?.userName,
        },
      }),
    }),
    entity({
      name: 'Software',
      description: 'The software found on devices.',
      kind: software(),
      source: softwareList(programs, ({ deviceId, name, version }) => ({ asset: deviceId, name, version })),
      endpoints: ['GET /v2/queries/software'],
      permissions: ['Monitoring'],
      record: (found) => found,
    }),
  ],
  documentation: {
    'NinjaOne API': 'https://app.ninjarmm.com/apidocs/',
  },
  assumed: [
    {
      what: 'A device without a location mapped, linked or named in Halo goes to the only site of its organisation’s client, else to the default site.',
      evidence: 'Halo’s guide says that devices imported before their organisations land on the default site.',
    },
    {
      what: 'Fields are mapped by the names of NinjaOne’s API: displayName, or with the report they are of, system.serialNumber, os.name; also without it.',
      evidence:
        'Halo’s mapping keeps the vendor’s name of a field as text; which names its own screen offers is not public.',
    },
    {
      what: 'RNinjaRMMImportType 0 means everything, and another value what is on in appsettings.json.',
      evidence: 'The column is older than the list of entities (rninjaimportlist); its values are not public.',
    },
    {
      what: 'The region code in RNinjaRMMLocation is not read.',
      evidence: 'Its values are not public.',
      setting: 'BaseUrl',
    },
  ],
  triedAgainst: 'a server made from the part of NinjaOne’s description 2.0.9 that is called',
};

function textOf(id: string | number | null | undefined): string | undefined {
  return id === null || id === undefined ? undefined : String(id);
}

/** What a record says plainly, by the vendor's names, and with the name of its report before them. */
function plainFields(record: object | undefined, report = ''): Record<string, string | number | boolean> {
  const plain = Object.entries(record ?? {}).filter(([, value]) =>
    ['string', 'number', 'boolean'].includes(typeof value),
  );
  return Object.fromEntries(
    plain.flatMap(([name, value]) => [
      [name, value as string | number | boolean],
      [report + name, value as string | number | boolean],
    ]),
  );
}
