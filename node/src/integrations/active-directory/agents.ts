import { defineEntity } from '../define-entity.ts';
import type { EntityContext, OpenEntity } from '../entity.ts';
import type { DescribedEntity } from '../kit/descriptor/described-entity.ts';
import type { MappedRecord } from '../mapped-record.ts';
import { createAccountFinder, type FoundAccounts } from './account-finder.ts';
import { readMappings } from './directory-mappings.ts';
import type { DirectoryPerson } from './directory-person.ts';
import { agentFields } from './field-mappings.ts';
import { agentMatchingFields } from './matching-fields.ts';
import { peopleOf } from './read-people.ts';

/** People of the containers that are mapped to agents, as the agents they already are. None is made: an agent takes a licence. */
export const agents: DescribedEntity = {
  ...defineEntity<DirectoryPerson>({
    name: 'Agents',
    description: 'People of the containers mapped to agents: who is disabled or gone is disabled. None is created.',
    resource: 'Agent',
    tables: { LDAPSTRING: ['SELECT'] },
    open: readAgents,
  }),
  labels: ['Agents', 'Technicians'],
  endpoints: ['LDAP search below each container of Agent/User Mappings that is for agents'],
  permissions: ['Read the mapped containers'],
};

async function readAgents(context: EntityContext): Promise<OpenEntity<DirectoryPerson>> {
  const { api, connection, settings, warn } = context;
  const mappings = await readMappings(connection, api);
  if (mappings.agents.length === 0)
    warn(`The connection "${connection.name}" maps no container to agents: no agent is looked at.`);
  const accounts = createAccountFinder(context, 'Agent');

  function toAgent(person: DirectoryPerson, { known, doubled }: FoundAccounts): MappedRecord {
    const { guid, disabled, dn } = person;
    const name = person.text('displayName') ?? person.text('cn') ?? dn;
    if (guid === undefined) return { quarantined: name, reason: `The directory gives no id for ${dn}.` };
    if (doubled.has(guid))
      return { quarantined: name, reason: 'Several agents in Halo carry its id (uActGUID).', third_party_id: guid };
    const halo = known.get(guid);
    const brought = [...agentFields].flatMap(([attribute, field]) => {
      const value = person.text(attribute);
      return value === undefined ? [] : [[field, value] as const];
    });
    return {
      fields: {
        ...Object.fromEntries(brought),
        ...(halo && { id: halo.id }),
        uactguid: halo?.guid ?? accounts.written(guid),
        adconnection: connection.id,
        // Whether one who was disabled may work again is the administrator's to say.
        ...(disabled && { isdisabled: true }),
      },
      third_party_id: guid,
      third_party_desc: name,
      update_only: true,
    };
  }

  return {
    source: peopleOf(mappings.agents, [...agentFields.keys(), 'displayName'], context),
    mapping: {
      async toHalo(people) {
        const found = await accounts.find(people);
        return people.map((person) => toAgent(person, found));
      },
    },
    target: {
      // Tickets carry an agent's name as text, and the address signs in.
      insertOnly: ['name', 'email'],
      matchFields: agentMatchingFields(connection.row['lcagentmatchingfields'], warn),
      ownIdField: 'uactguid',
    },
    missing: mappings.agents.length > 0 && settings['DeactivateMissing'] !== false ? 'deactivated' : 'left',
  };
}
