import type { InstanceView } from '../connection.ts';
import { idIn, isOn, textIn } from '../halo-row.ts';
import type { ConnectionSettings } from '../kit/descriptor/connection-settings.ts';
import type { Descriptor, ProbeContext } from '../kit/descriptor/descriptor.ts';
import { integrationOf } from '../kit/descriptor/integration-of.ts';
import { askJson } from '../kit/descriptor/probe.ts';
import { fieldAt } from '../kit/field-path.ts';
import { listedEntities } from '../listed-entities.ts';
import { agents } from './agents.ts';
import { devices } from './devices.ts';
import { entraSettings } from './entra-settings.ts';
import { graphApi, graphOf } from './graph.ts';
import { licences, licenceUsers } from './licences.ts';
import { users } from './users.ts';

/** Words by which Halo's list of entities may name each. */
const words = {
  Users: ['user', 'users'],
  Agents: ['agent', 'agents'],
  Licences: ['licence', 'licences', 'license', 'licenses', 'subscriptions'],
  LicenceUsers: ['licenceusers', 'assignments'],
  Devices: ['device', 'devices', 'assets', 'intune'],
};
const synonyms = Object.fromEntries(Object.entries(words).flatMap(([name, all]) => all.map((word) => [word, name])));

/** Entra ID (Microsoft Graph): users, agents, licences and Intune's devices. */
export const entraIdDescriptor: Descriptor = {
  name: 'EntraId',
  displayName: 'Entra ID',
  summary: 'Users, agents, licences and Intune’s devices of Microsoft Entra ID, by Microsoft Graph.',
  halo: {
    modules: ['EntraId', 'Entra ID', 'Microsoft Entra ID', 'AzureAD', 'Azure AD', 'Azure Active Directory'],
    furtherModules: ['Intune'],
    details: {
      table: 'AzureADConnection',
      columns: {
        clientId: 'ACApplicationID',
        clientSecret: 'ACApplicationSecret',
        defaultStatus: 'acdefaultintunestatus',
        dontChangeType: 'acintunedontupdatetype',
      },
    },
    otherwise: { usersSite: true },
    entitiesOf: tickedIn,
    cannotObey,
  },
  settings: entraSettings,
  api: graphApi,
  ownIds: { Asset: 'intune_id' },
  probe: askGraph,
  entities: [users, agents, licences, licenceUsers, devices],
  documentation: {
    'Microsoft Graph': 'https://learn.microsoft.com/graph/api/overview',
    'Delta queries': 'https://learn.microsoft.com/graph/delta-query-users',
  },
  assumed: [
    {
      what: 'What the columns of AzureADConnection, AzureADMapping and AreaAzureTenant decide.',
      evidence: 'their names: Halo does not publish what they mean. Where a code is not known, nothing goes by it.',
    },
    {
      what: 'What codes in Halo’s matching fields stand for.',
      evidence: 'names of columns and properties are read; codes are not public.',
      setting: 'MatchingFieldNames',
    },
    {
      what: 'A filter of the type 0 compares for equality.',
      evidence: 'it is the default; what other types mean is not public, and a mapping that has one stops the entity.',
      setting: 'FilterTypes',
    },
    {
      what: 'AzureDelta.ADEntity of users is 1.',
      evidence: 'none public: a row that is there is used only where it was made with the same query.',
      setting: 'DeltaEntity',
    },
    {
      what: 'Who holds a licence is a row of DeviceApplications with the licence’s name, the user and the module.',
      evidence: 'the columns’ names alone: switch LicenceUsers on once you have seen it right in your Halo.',
    },
  ],
  triedAgainst: 'a server made from Microsoft’s own description of Graph',
};

/** Entra ID as the engine takes it. */
export const entraId = integrationOf(entraIdDescriptor);

/** The entities ticked in Halo; devices have switches of their own beside the list. */
function tickedIn(
  told: ConnectionSettings,
  instance: InstanceView | undefined,
  row: Readonly<Record<string, unknown>> = {},
): readonly string[] {
  const listed = listedEntities(told.entities, 'EntraId', synonyms, instance) ?? Object.keys(words);
  // A row that is Intune's alone brings devices and nothing else.
  if (isOn(row['ACIsIntune'])) return listed.filter((name) => name === 'Devices');
  return listed.filter((name) => name !== 'Devices' || isOn(row['ACIntuneEnabled']));
}

function cannotObey(row: Readonly<Record<string, unknown>>, instance: InstanceView): void {
  if (idIn(row['acgraphendpoint']) === undefined || instance.settings['GraphUrl']) return;
  instance.warn(
    `The connection ${String(row['ACid'])} is for a cloud of its own in Halo (acgraphendpoint), and Graph of the common one is asked. ` +
      'Set Integrations.EntraId.Settings.GraphUrl and LoginUrl.',
  );
}

async function askGraph(context: ProbeContext): Promise<string> {
  const id = textIn(context.connection.row['ACDirectoryID']);
  if (id === undefined) return 'The connection names no tenant of its own; its tenants are tried when they are read.';
  const query = { $select: 'id', $top: '1' };
  const answer = await askJson({ url: '/users', query }, graphOf(context, { id }), context.signal);
  const users = fieldAt(answer, 'value');
  return Array.isArray(users) && users.length === 0
    ? `Signed in to ${id}; it has no users.`
    : `Signed in to the tenant ${id}.`;
}
