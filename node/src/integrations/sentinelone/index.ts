import type { RecordOf } from '../../reading/record-shape.ts';
import { entity } from '../kit/descriptor/described-entity.ts';
import type { Descriptor } from '../kit/descriptor/descriptor.ts';
import { textOf } from '../kit/field-path.ts';
import { assets } from '../kit/kinds/assets/assets.ts';
import { clients } from '../kit/kinds/clients.ts';
import { agents, sites } from './sentinelone-lists.ts';

/** SentinelOne: its sites, which are an MSP's customers, and the endpoints its agents are on. */
export const sentinelOne: Descriptor = {
  name: 'SentinelOne',
  displayName: 'SentinelOne',
  summary: 'Sites become clients; endpoints become assets with their fields and owners.',
  halo: {
    modules: ['SentinelOne', 'Sentinel One'],
    details: { table: 'SentinelOneDetails' },
  },
  settings: {
    Url: {
      type: 'string',
      required: true,
      fromHalo: { word: 'url', plain: /^https:\/\/\S+$/ },
      description: 'Address of the console: https://….sentinelone.net.',
    },
    ApiToken: {
      type: 'string',
      required: true,
      secret: true,
      description:
        'API token of a service user, whose life you choose; that of a console user ends after 30 days, and syncs with it.',
    },
    AccountIds: {
      type: 'string',
      fromHalo: { word: 'accountId', plain: /\d/ },
      description:
        'Ids of the accounts that are brought, separated by commas; all that the token sees where it is empty.',
    },
  },
  api: {
    address: '{Url}',
    signIn: { style: 'key', headers: { Authorization: 'ApiToken {ApiToken}' } },
  },
  probe: {
    url: '/web/api/v2.1/sites',
    query: { limit: 1 },
    count: { at: 'pagination.totalItems', of: 'sites' },
  },
  entities: [
    entity({
      name: 'Sites',
      description: 'Sites as clients, each with a main site in Halo.',
      kind: clients(),
      source: sites,
      labels: ['Sites', 'Accounts and Sites'],
      permissions: ['View sites'],
      record: ({ name, state, accountId }, id, { settings }) =>
        state === 'deleted' || !isWanted(accountId, settings) ? { left_out: true } : { id, name },
    }),
    entity({
      name: 'Endpoints',
      description:
        'Endpoints as assets at the client of their site, with their fields and the user who signed in last.',
      kind: assets({ labels: ['Agents'] }),
      source: agents,
      permissions: ['View endpoints'],
      record: (agent, id, { settings }) =>
        isWanted(agent.accountId, settings)
          ? {
              id,
              name: agent.computerName,
              type: agent.machineType,
              client: textOf(agent.siteId),
              clientName: agent.siteName,
              serial: agent.serialNumber,
              owners: [agent.lastLoggedInUserName],
              retired: agent.isDecommissioned === true || agent.isUninstalled === true,
              fields: fieldsOf(agent),
            }
          : { left_out: true },
    }),
  ],
  documentation: {
    'SentinelOne API (in your console)': 'https://usea1-partners.sentinelone.net/api-doc/overview',
  },
  assumed: [
    {
      what: 'A site is a client, and has one site in Halo, whatever sodclientsitematchingmethod says.',
      evidence:
        'An MSP has a site for each customer; the codes of the column are not public. Sites of one name, as default sites of several accounts are, are set aside until they are mapped.',
    },
    {
      what: 'Sites that SentinelOne says are deleted are not brought; their clients stay as they are.',
      evidence: 'Halo has no switch for clients that are gone from SentinelOne.',
    },
    {
      what: 'The accounts in sodaccount are read as ids, as many digits each, whatever is between them.',
      evidence: 'SentinelOne’s ids are numbers of 17 to 19 digits; how the column lists them is not public.',
      setting: 'AccountIds',
    },
    {
      what: 'Fields are mapped by the names of SentinelOne’s API: computerName, osName, networkInterfaces.inet.',
      evidence:
        'Halo’s mapping keeps the vendor’s name of a field as text; which names its own screen offers is not public.',
    },
  ],
  triedAgainst: 'a server made from the part of SentinelOne’s description 2.1 that is called',
};

/** Whether an account is one that is brought. */
function isWanted(account: string | number | null | undefined, settings: Readonly<Record<string, unknown>>): boolean {
  const wanted: readonly string[] = textOf(settings['AccountIds'])?.match(/\d+/g) ?? [];
  return wanted.length === 0 || wanted.includes(String(account));
}

/** What an agent says plainly, by SentinelOne's names, and its addresses. */
function fieldsOf(agent: RecordOf<typeof agents.shape>): Record<string, string | number | boolean> {
  const plain = Object.entries(agent).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value));
  const interfaces = agent.networkInterfaces ?? [];
  return {
    ...(Object.fromEntries(plain) as Record<string, string | number | boolean>),
    'networkInterfaces.inet': interfaces.flatMap(({ inet }) => inet ?? []).join(', '),
    'networkInterfaces.physical': interfaces
      .map(({ physical }) => physical ?? '')
      .filter((one) => one !== '')
      .join(', '),
  };
}
