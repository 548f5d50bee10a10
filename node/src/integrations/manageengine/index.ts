import { recordShape, type RecordOf } from '../../reading/record-shape.ts';
import { entity } from '../kit/descriptor/described-entity.ts';
import type { Descriptor } from '../kit/descriptor/descriptor.ts';
import { textOf } from '../kit/field-path.ts';
import { assets } from '../kit/kinds/assets/assets.ts';
import type { DeclaredSource } from '../kit/sources/declared-source.ts';

const computerShape = recordShape(
  {
    resource_id: 'id',
    name: 'text',
    full_name: 'text',
    description: 'text',
    ip_address: 'text',
    mac_address: 'text',
    os_name: 'text',
    os_version: 'text',
    os_platform_name: 'text',
    service_pack: 'text',
    domain_netbios_name: 'text',
    branch_office_name: 'text',
    location: 'text',
    owner: 'text',
    owner_email_id: 'text',
    logged_on_users: 'any',
    agent_version: 'text',
    installation_status: 'number',
    customer_id: 'id',
    customer_name: 'text',
  },
  { id: 'resource_id', name: ['full_name', 'name'] },
);
type Computer = RecordOf<typeof computerShape>;
/** Computers in the scope of management: a page has 25 where nothing else is asked for, and never more than 1000. */
const computers: DeclaredSource<Computer> = {
  shape: computerShape,
  url: '/som/computers',
  records: 'message_response.computers',
  paging: {
    style: 'page',
    parameter: 'page',
    first: 1,
    size: { parameter: 'pagelimit', value: 1000 },
    total: 'message_response.total',
  },
};

/** What stands for nothing in a text. */
const nothing = '--';
/** The agent is not on the computer any more. */
const uninstalled = 23;

/** ManageEngine Endpoint Central on premise: the computers in its scope of management. */
export const manageEngine: Descriptor = {
  name: 'ManageEngine',
  displayName: 'ManageEngine Endpoint Central',
  summary: 'Computers become assets with their fields and owners.',
  halo: {
    modules: ['ManageEngine', 'ManageEngine Endpoint Central', 'Endpoint Central'],
    details: { table: 'ManageEngineDetails' },
  },
  settings: {
    ServerUrl: {
      type: 'string',
      required: true,
      fromHalo: { word: 'url', plain: /^https?:\/\/\S+$/ },
      description: 'Address of the server with its port, such as https://endpointcentral.example.com:8383.',
    },
    AuthToken: {
      type: 'string',
      required: true,
      secret: true,
      description: 'Authentication key of a technician (Admin, Integrations, API Explorer, Authentication, Login).',
    },
  },
  api: {
    address: '{ServerUrl}/api/1.4',
    signIn: { style: 'key', headers: { Authorization: '{AuthToken}' } },
  },
  probe: {
    url: '/som/computers',
    query: { page: 1, pagelimit: 1 },
    count: { at: 'message_response.total', of: 'computers' },
  },
  entities: [
    entity({
      name: 'Computers',
      description: 'Computers as assets, with their fields and owners; those whose agent was taken off are out of use.',
      kind: assets(),
      source: computers,
      permissions: ['Read access to SoM (scope of management)'],
      record: (computer, id, { told }) => ({
        id,
        name: said(computer.full_name) ?? said(computer.name),
        type: said(computer.os_platform_name),
        ...placeOf(computer),
        owners: ownersOf(computer, told.vendorUserField),
        retired: computer.installation_status === uninstalled,
        fields: { ...fieldsOf(computer), logged_on_users: usersOf(computer).join(', ') },
      }),
    }),
  ],
  documentation: { 'Endpoint Central API': 'https://www.manageengine.com/products/desktop-central/api/' },
  assumed: [
    {
      what: 'Only a server on premise is asked: the cloud is not.',
      evidence: 'The cloud’s sign-in needs a browser and a redirection to Halo’s own address.',
    },
    {
      what: 'A key is taken as it was copied from the API Explorer; user name and password are not used.',
      evidence: 'With two factors, as they should be on, nobody could sign in unattended.',
    },
    {
      what: 'A computer goes to the client its customer is mapped to or called (Endpoint Central MSP), at the site called as its branch office; else to the default site.',
      evidence: 'The API gives both names; Halo’s row has a default site.',
    },
    {
      what: '“--” stands for nothing.',
      evidence: 'The vendor’s example has it in every text that is not set.',
    },
    {
      what: 'Serial numbers and software are not read.',
      evidence: 'The vendor gives them one request a computer.',
    },
  ],
  triedAgainst: 'a server made from our description of its list of computers',
};

function said(text: string | null | undefined): string | undefined {
  return text === nothing ? undefined : textOf(text);
}

/** A server without customers of its own names one that is the same for all. */
function placeOf(computer: Computer): { client?: string; clientName?: string; siteName?: string } {
  const [client, clientName] = [textOf(computer.customer_id), said(computer.customer_name)];
  const siteName = said(computer.branch_office_name);
  return {
    ...(client !== undefined && clientName !== undefined && { client, clientName }),
    ...(siteName !== undefined && { siteName }),
  };
}

/** Halo's row may say that the owner, or whoever is signed in, is the one that counts; the address first where nothing is said. */
function ownersOf(computer: Computer, field: string | undefined): readonly (string | undefined)[] {
  const chosen = field === undefined ? undefined : said(textOf((computer as Record<string, unknown>)[field]));
  return [chosen, said(computer.owner_email_id), said(computer.owner), ...usersOf(computer)];
}

/** Who is signed in: a list, or a text of names. */
function usersOf({ logged_on_users: users }: Computer): readonly string[] {
  const texts = (Array.isArray(users) ? (users as unknown[]) : [users]).flatMap((one) => textOf(one) ?? []);
  return texts.flatMap((text) => text.split(',')).flatMap((name) => said(name) ?? []);
}

function fieldsOf(computer: Computer): Record<string, string | number> {
  const plain = Object.entries(computer).filter(
    ([, value]) => typeof value === 'number' || (typeof value === 'string' && value !== nothing),
  );
  return Object.fromEntries(plain) as Record<string, string | number>;
}
