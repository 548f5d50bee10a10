import { cutText } from '../../shown-text.ts';
import { entity } from '../kit/descriptor/described-entity.ts';
import type { DescribedContext } from '../kit/descriptor/described-context.ts';
import type { Descriptor } from '../kit/descriptor/descriptor.ts';
import { agents, type AgentRecord } from '../kit/kinds/agents.ts';
import { peopleMatching, peopleSettings } from '../kit/kinds/people/people-matching.ts';
import { users as userKind, type UserRecord } from '../kit/kinds/users.ts';
import { users, type OktaUser } from './okta-lists.ts';
import { mappingTables, readMappings, statuses, statusesIn } from './okta-mappings.ts';

const endpoints = ['GET /users', 'GET /groups', 'GET /groups/{id}/users', 'GET /apps/{id}/users'];
const permissions = ['okta.users.read', 'okta.groups.read', 'okta.apps.read for mappings by application'];

/** Okta: the users of mapped groups and applications, as users and as agents. */
export const okta: Descriptor = {
  name: 'Okta',
  displayName: 'Okta',
  summary:
    'Users of the groups and applications that Halo maps become users at their sites; agents are kept up to date.',
  halo: {
    modules: ['Okta'],
    control: {
      columns: {
        url: 'ROktaInstanceURL',
        importType: 'ROktaImportType',
        userMatchingList: 'ROktaUserMatchingFields',
        agentMatchingList: 'ROktaAgentMatchingFields',
        activeStatuses: 'ROktaActiveStatuses',
        deactivateUsers: 'ROktaDeactivateEntities',
      },
    },
  },
  settings: {
    Url: {
      type: 'string',
      required: true,
      fromHalo: { word: 'url', plain: /^https:\/\/\S+$/ },
      description: 'Address of your Okta organisation, such as https://example.okta.com.',
    },
    ApiToken: {
      type: 'string',
      required: true,
      secret: true,
      description: 'API token of an administrator who may read users, groups and applications (Security, API, Tokens).',
    },
    StatusNames: {
      type: 'string[]',
      words: statuses,
      codes: 'text',
      description: 'What the codes in Halo’s lists of statuses mean, each as "code=ACTIVE", ….',
    },
    ...peopleSettings,
  },
  api: {
    address: '{Url}/api/v1',
    signIn: { style: 'key', headers: { Authorization: 'SSWS {ApiToken}' } },
    rates: {
      headers: {
        remaining: 'x-rate-limit-remaining',
        limit: 'x-rate-limit-limit',
        reset: 'x-rate-limit-reset',
        resetAs: 'epoch-seconds',
      },
    },
  },
  probe: { url: '/users', query: { limit: 1 } },
  entities: [
    entity<OktaUser, UserRecord>({
      name: 'Users',
      description: 'Users of mapped groups and applications as users at the site of their mapping.',
      kind: userKind(),
      tables: mappingTables,
      endpoints,
      permissions,
      async prepare(context) {
        const { told, settings, warn, connection } = context;
        const mappings = await readMappings(context, false);
        if (mappings.length === 0)
          warn(`The connection "${connection.name}" has no mapping to a site: no user is brought.`);
        const deactivates = told.deactivateUsers === true && mappings.length > 0;
        const isActive = activeIn(context);
        return {
          kind: userKind({
            ownIdField: 'oktaid',
            matchFields: peopleMatching('users', context, 'Okta'),
            deactivates: () => deactivates,
            moves: () => settings['UpdateSites'] === true,
          }),
          source: users,
          record(user, id) {
            const mapping = mappings.find(({ applies }) => applies(user));
            const known = namesOf(user);
            const active = isActive(user);
            if (active === undefined) return { untouched: id };
            if (!active) return deactivates ? { id, name: known.name, leaves: 'inactive' } : { untouched: id };
            if (!mapping) return { untouched: id };
            const { siteId, newOnly } = mapping;
            return {
              id,
              ...known,
              title: user.profile?.title || undefined,
              phone: user.profile?.primaryPhone || undefined,
              mobile: user.profile?.mobilePhone || undefined,
              login: user.profile?.login,
              inactive: false,
              newOnly,
              found: siteId === undefined ? { unmatched: 'Its mapping in Halo names no site.' } : { site_id: siteId },
            };
          },
        };
      },
    }),
    entity<OktaUser, AgentRecord>({
      name: 'Agents',
      description:
        'Users of groups and applications mapped to an agent role: who is not active or gone is disabled. None is created.',
      kind: agents(),
      tables: mappingTables,
      endpoints,
      permissions,
      async prepare(context) {
        const { told, warn, connection } = context;
        const mappings = await readMappings(context, true);
        if (mappings.length === 0)
          warn(`The connection "${connection.name}" has no mapping to an agent role: no agent is looked at.`);
        const deactivates = told.deactivateUsers === true && mappings.length > 0;
        const isActive = activeIn(context);
        return {
          kind: agents({
            matchFields: () => peopleMatching('agents', context, 'Okta'),
            deactivates: () => deactivates,
          }),
          source: users,
          record(user, id) {
            const active = isActive(user);
            if (active === undefined) return { untouched: id };
            const disabled = !active;
            // Who is not active may be in no group any more.
            if (!disabled && !mappings.some(({ applies }) => applies(user))) return { untouched: id };
            if (disabled && !deactivates) return { untouched: id };
            return { id, ...namesOf(user), disabled };
          },
        };
      },
    }),
  ],
  documentation: {
    'Okta management API': 'https://developer.okta.com/docs/api/openapi/okta-management/management/tag/User/',
  },
  assumed: [
    {
      what: 'A row of OktaMapping is about the users of its group, or of its application (OFilterByApplication), in its statuses, for whom all its filters in IntegrationFilter (IFintegrationid is the module, IFMappingID the row) hold. With ORoleID it is about agents, without it about users.',
      evidence: 'The columns’ names; a role is an agent’s in Halo’s API. The first row that is about somebody counts.',
    },
    {
      what: 'A group is named by its name. Several of one name stop the entity.',
      evidence: 'OGroupName is a text; Okta’s groups of different kinds may have one name.',
    },
    {
      what: 'Users whom no mapping is about any more are left as they are.',
      evidence: 'Whether Halo makes them inactive is not public; who has left Okta is inactive there, or gone.',
    },
    {
      what: 'Lists of statuses hold Okta’s words; where ROktaActiveStatuses is empty, all but SUSPENDED and DEPROVISIONED are active.',
      evidence: 'How Halo writes them is not public.',
      setting: 'StatusNames',
    },
    {
      what: 'A filter of the type 0 compares for equality.',
      evidence: 'It is the default; what other types mean is not public, and a mapping that has one stops the entity.',
      setting: 'FilterTypes',
    },
    {
      what: 'All users are read each time, whatever ROktaLastUserSync says.',
      evidence: 'Who left a group is in no list of changes.',
    },
  ],
  triedAgainst: 'a server made from the part of Okta’s own description that is called',
};

/** Whether somebody is active, by Halo's list of statuses; undefined, with a warning, for a status that Okta has not: it says nothing. */
function activeIn(context: DescribedContext): (user: OktaUser) => boolean | undefined {
  const listed = statusesIn(context.told.activeStatuses, 'Okta', context);
  const active = listed ?? new Set(statuses.filter((one) => one !== 'SUSPENDED' && one !== 'DEPROVISIONED'));
  return ({ status: said }) => {
    const status = said?.trim().toUpperCase();
    if (!status || active.has(status)) return true;
    if (statuses.some((one) => one === status)) return false;
    context.warn(
      `Okta has users with the status "${cutText(status, 40)}", which is not known: they are left as they are.`,
    );
    return undefined;
  };
}

function namesOf({ profile }: OktaUser) {
  const whole = [profile?.firstName, profile?.lastName].filter(Boolean).join(' ');
  return {
    name: profile?.displayName || whole || profile?.login,
    firstname: profile?.firstName || undefined,
    surname: profile?.lastName || undefined,
    email: profile?.email || undefined,
  };
}
