import { entity } from '../kit/descriptor/described-entity.ts';
import type { Descriptor } from '../kit/descriptor/descriptor.ts';
import { agents, type AgentRecord } from '../kit/kinds/agents.ts';
import { peopleMatching, peopleSettings } from '../kit/kinds/people/people-matching.ts';
import { users as userKind, type UserRecord } from '../kit/kinds/users.ts';
import { isActive, phoneOf, readMappings, titleOf, users, type GoogleUser } from './google-people.ts';

const scope = 'https://www.googleapis.com/auth/admin.directory.user.readonly';
const read = {
  tables: { GoogleWorkplaceMapping: ['SELECT'] },
  endpoints: ['GET /users'],
  permissions: [`Domain-wide delegation of ${scope}`],
} as const;

/** Google Workspace: users by the mappings in Halo, as users and as agents. */
export const googleWorkspace: Descriptor = {
  name: 'GoogleWorkspace',
  displayName: 'Google Workspace',
  summary: 'Users become users at the site that Halo’s mappings name; agents are kept up to date.',
  halo: {
    modules: ['Google Workspace', 'Google Workplace', 'GoogleWorkplace', 'GoogleWorkspace', 'G Suite'],
    details: { table: 'GWorkspaceDetails' },
  },
  settings: {
    KeyFile: {
      type: 'string',
      required: true,
      secret: true,
      description: 'Text of the service account’s key file (JSON); the account has domain-wide delegation.',
    },
    Subject: {
      type: 'string',
      required: true,
      description: 'Address of an administrator whom the service account acts for.',
    },
    Customer: { type: 'string', default: 'my_customer', description: 'Id of the account whose users are read.' },
    DeactivateUsers: {
      type: 'boolean',
      default: false,
      description: 'Whether users and agents who are suspended or gone are set inactive; Halo has no switch for that.',
    },
    ...peopleSettings,
    BaseUrl: { type: 'string', default: 'https://admin.googleapis.com', description: 'Where the Directory API is.' },
  },
  api: {
    address: '{BaseUrl}/admin/directory/v1',
    signIn: { style: 'service-account', key: '{KeyFile}', subject: '{Subject}', scopes: [scope] },
    rates: { windows: [{ requests: 2400, seconds: 60 }] },
  },
  probe: { url: '/users', query: { customer: 'my_customer', maxResults: 1 } },
  entities: [
    entity<GoogleUser, UserRecord>({
      ...read,
      name: 'Users',
      description: 'Users at the site of the first mapping that is about them.',
      kind: userKind(),
      async prepare(context) {
        const { settings, warn, connection } = context;
        const mappings = await readMappings(context, false);
        if (mappings.length === 0)
          warn(`The connection "${connection.name}" has no mapping to a site: no user is brought.`);
        const deactivates = settings['DeactivateUsers'] === true && mappings.length > 0;
        return {
          kind: userKind({
            ownIdField: 'googleworkplace_id',
            matchFields: peopleMatching('users', context, 'GoogleWorkspace'),
            deactivates: () => deactivates,
            moves: () => settings['UpdateSites'] === true,
          }),
          source: users,
          record(user, id) {
            const names = namesOf(user);
            if (!isActive(user)) return deactivates ? { id, name: names.name, leaves: 'inactive' } : { untouched: id };
            const mapping = mappings.find(({ applies }) => applies(user));
            if (!mapping) return { untouched: id };
            const { siteId } = mapping;
            return {
              id,
              ...names,
              title: titleOf(user),
              phone: phoneOf(user, 'work'),
              mobile: phoneOf(user, 'mobile'),
              login: user.primaryEmail,
              inactive: false,
              found: siteId === undefined ? { unmatched: 'Its mapping in Halo names no site.' } : { site_id: siteId },
            };
          },
        };
      },
    }),
    entity<GoogleUser, AgentRecord>({
      ...read,
      name: 'Agents',
      description: 'Users whom a mapping with a role is about: who is suspended or gone is disabled. None is created.',
      kind: agents(),
      async prepare(context) {
        const { settings, warn, connection } = context;
        const mappings = await readMappings(context, true);
        if (mappings.length === 0)
          warn(`The connection "${connection.name}" has no mapping to an agent role: no agent is looked at.`);
        const deactivates = settings['DeactivateUsers'] === true && mappings.length > 0;
        return {
          kind: agents({
            matchFields: () => peopleMatching('agents', context, 'GoogleWorkspace'),
            deactivates: () => deactivates,
          }),
          source: users,
          record: (user, id) =>
            mappings.some(({ applies }) => applies(user))
              ? { id, ...namesOf(user), disabled: !isActive(user) }
              : { untouched: id },
        };
      },
    }),
  ],
  documentation: { 'Directory API': 'https://developers.google.com/admin-sdk/directory/reference/rest/v1/users' },
  assumed: [
    {
      what: 'A row of GoogleWorkplaceMapping is about users of its customer for whom its filter holds; with GMRoleID it is about agents. The first row, by GMid, that is about somebody counts. A row of no connection is every connection’s.',
      evidence: 'The columns’ names; a role is an agent’s in Halo’s API.',
    },
    {
      what: 'A filter of the type 0 compares for equality.',
      evidence: 'It is the default; what other types mean is not public, and a mapping that has one stops the entity.',
      setting: 'FilterTypes',
    },
    {
      what: 'Users whom no mapping is about any more are left as they are.',
      evidence: 'Whether Halo makes them inactive is not public.',
    },
    {
      what: 'Users who are suspended, archived or gone are left as they are.',
      evidence: 'GWorkspaceDetails has no switch for users.',
      setting: 'DeactivateUsers',
    },
    {
      what: 'Devices, customers and subscriptions of resellers, and tickets for new users are left to Halo’s web application.',
      evidence: 'Their lists are in no description at hand, or what Halo makes of them is not public.',
    },
    {
      what: 'Signing in takes a service account of its own: Halo’s is the consent of an administrator, whose token is Halo’s.',
      evidence: 'Two that renew one token end it for each other.',
    },
  ],
  triedAgainst: 'a server made from the part of the Directory API’s description that is called',
};

function namesOf({ name, primaryEmail }: GoogleUser) {
  return {
    name: name?.fullName || primaryEmail,
    firstname: name?.givenName || undefined,
    surname: name?.familyName || undefined,
    email: primaryEmail,
  };
}
