import { recordShape, type RecordOf } from '../../reading/record-shape.ts';
import { entity } from '../kit/descriptor/described-entity.ts';
import type { Descriptor } from '../kit/descriptor/descriptor.ts';
import { softwareList } from '../kit/descriptor/software-list.ts';
import { textOf } from '../kit/field-path.ts';
import { assets } from '../kit/kinds/assets/assets.ts';
import { software } from '../kit/kinds/software.ts';
import type { DeclaredSource } from '../kit/sources/declared-source.ts';

const computerShape = recordShape(
  {
    Id: 'id',
    ComputerName: 'text',
    FriendlyName: 'text',
    Type: 'text',
    Status: 'text',
    OperatingSystemName: 'text',
    OperatingSystemVersion: 'text',
    DomainName: 'text',
    SerialNumber: 'text',
    AssetTag: 'text',
    LocalIPAddress: 'text',
    MACAddress: 'text',
    LastUserName: 'text',
    BiosManufacturer: 'text',
    Comment: 'text',
    Client: { Id: 'id', Name: 'text' },
    Location: { Id: 'id', Name: 'text' },
  },
  { id: 'Id', name: ['ComputerName', 'FriendlyName'] },
);
/** Computers; nothing says how many there are, so only an empty page is the end. */
const computers: DeclaredSource<RecordOf<typeof computerShape>> = {
  shape: computerShape,
  url: '/Computers',
  paging: { style: 'page', parameter: 'page', first: 1, size: { parameter: 'pageSize', value: 1000 } },
};

const programShape = recordShape({ ComputerId: 'id', Name: 'text', Version: 'text' }, { name: ['Name'] });
/** A line for each program on each computer, paged as computers are. */
const programs: DeclaredSource<RecordOf<typeof programShape>> = {
  shape: programShape,
  url: '/Computers/Software',
  paging: { style: 'page', parameter: 'page', first: 1, size: { parameter: 'pageSize', value: 1000 } },
};

/** ConnectWise Automate: the computers its agents are on, and the software on them. */
export const connectWiseAutomate: Descriptor = {
  name: 'ConnectWiseAutomate',
  displayName: 'ConnectWise Automate',
  summary: 'Computers become assets at their client and location, with their fields, owners and software.',
  halo: {
    modules: ['ConnectWise Automate', 'Connectwise Automate', 'Automate'],
    control: {
      columns: {
        entities: 'RAutomateImportEntities',
        url: 'rcautomateserverurl',
        topLevel: 'RCAutomateTopLevel',
        defaultSite: 'RCAutomateAssetDefaultSite',
        deactivateMissing: 'RAutomateDeleteDevices',
        importSoftware: 'rautomateimportsoftware',
      },
    },
    // It has no switch of its own for owners.
    otherwise: { matchUsers: true },
  },
  settings: {
    ServerUrl: {
      type: 'string',
      required: true,
      fromHalo: { word: 'url', plain: /^https:\/\/\S+$/ },
      description: 'Address of the server, such as https://automate.example.com.',
    },
    Username: {
      type: 'string',
      required: true,
      description: 'An integrator user, which gets round the second factor.',
    },
    Password: { type: 'string', required: true, secret: true, description: 'Its password.' },
    ClientId: {
      type: 'string',
      required: true,
      description: 'Client id of your registration at developer.connectwise.com, needed since 2020.11.',
    },
  },
  api: {
    address: '{ServerUrl}/cwa/api/v1',
    headers: { clientId: '{ClientId}' },
    signIn: {
      style: 'login',
      request: {
        url: '/apitoken',
        json: { UserName: '{Username}', Password: '{Password}' },
        headers: { clientId: '{ClientId}' },
      },
      token: 'AccessToken',
      expires: 'ExpirationDate',
    },
  },
  probe: { url: '/Computers', query: { page: 1, pageSize: 1 } },
  ownIds: { Client: 'cautomateid', Site: 'cautomateid', Asset: 'automate_id' },
  entities: [
    entity({
      name: 'Computers',
      description:
        'Computers as assets at their client and location, with their fields and the user who signed in last.',
      kind: assets(),
      source: computers,
      permissions: ['Core, Computers: read'],
      record: ({ Client: client, Location: location, ...computer }, id) => ({
        id,
        name: computer.ComputerName || computer.FriendlyName,
        type: computer.Type,
        client: textOf(client?.Id),
        clientName: client?.Name,
        site: textOf(location?.Id),
        siteName: location?.Name,
        serial: computer.SerialNumber,
        owners: [computer.LastUserName],
        fields: { ...computer, 'Client.Name': client?.Name, 'Location.Name': location?.Name },
      }),
    }),
    entity({
      name: 'Software',
      description: 'The software found on computers.',
      kind: software(),
      source: softwareList(programs, ({ ComputerId, Name, Version }) => ({
        asset: ComputerId,
        name: Name,
        version: Version,
      })),
      endpoints: ['GET /Computers/Software'],
      permissions: ['Core, Computers: read'],
      record: (found) => found,
    }),
  ],
  documentation: {
    'Automate API': 'https://developer.connectwise.com/',
  },
  assumed: [
    {
      what: 'Clients, locations and contacts are not made: computers go to the client and site that are mapped in Halo, that Halo’s own integrator brought, or that have the same name; else to the default site for assets.',
      evidence: 'The part of the vendor’s description that is public has no list of clients.',
    },
    {
      what: 'Pages are asked for by page and pageSize.',
      evidence:
        'Public clients send these; the vendor’s description writes options.page. A server that does not know them gives one page again and again, which is an error.',
    },
  ],
  triedAgainst: 'a server made from the part of Automate’s description that is called',
};
