import type { HaloRecord } from '../../halo-api/halo-api.ts';
import { defineEntity } from '../define-entity.ts';
import type { EntityContext, OpenEntity } from '../entity.ts';
import type { DescribedEntity } from '../kit/descriptor/described-entity.ts';
import type { MappedRecord } from '../mapped-record.ts';
import { createAccountFinder, type FoundAccounts } from './account-finder.ts';
import { readMappings } from './directory-mappings.ts';
import type { DirectoryPerson } from './directory-person.ts';
import { readFieldMappings, type FieldMappings } from './field-mappings.ts';
import { userMatchingFields } from './matching-fields.ts';
import { peopleOf } from './read-people.ts';

/** People of the mapped containers as Halo users at the site of their container. */
export const users: DescribedEntity = {
  ...defineEntity<DirectoryPerson>({
    name: 'Users',
    description: 'People of the mapped containers as users at the site of their container.',
    resource: 'Users',
    tables: { LDAPSTRING: ['SELECT'], LDAPNAME: ['SELECT'] },
    open: readUsers,
  }),
  labels: ['Users', 'Site Users'],
  endpoints: ['LDAP search below each container of Agent/User Mappings that is for a site'],
  permissions: ['Read the mapped containers (any account of the domain may, unless that was taken away)'],
};

async function readUsers(context: EntityContext): Promise<OpenEntity<DirectoryPerson>> {
  const { api, connection, settings, warn } = context;
  const mappings = await readMappings(connection, api);
  for (const id of mappings.unclear)
    warn(`The mapping ${id} of the connection "${connection.name}" names no container: it is left out.`);
  if (mappings.users.length === 0)
    warn(`The connection "${connection.name}" maps no container to a site: no user is brought.`);
  const fields = await readFieldMappings(connection, api, settings, warn);
  const accounts = createAccountFinder(context, 'Users');

  function toUser(person: DirectoryPerson, { known, doubled }: FoundAccounts): MappedRecord {
    const { guid, mapping, disabled } = person;
    const name = person.text(attributeOf(fields, 'name')) ?? person.text('cn');
    if (guid === undefined)
      return { quarantined: name ?? person.dn, reason: `The directory gives no id for ${person.dn}.` };
    const aside = (reason: string): MappedRecord => ({ quarantined: name ?? person.dn, reason, third_party_id: guid });
    if (doubled.has(guid)) return aside('Several users in Halo carry its id (UActGuid): keep it with one of them.');
    if (name === undefined) return aside(`The directory gives no name for ${person.dn}.`);
    const halo = known.get(guid);
    if (!halo && mapping.siteId === undefined && !disabled)
      return aside(`The mapping of "${mapping.base}" in Halo names no site.`);
    return userOf(person, name, { guid: halo?.guid ?? accounts.written(guid), ...(halo && { id: halo.id }) });
  }

  function userOf(person: DirectoryPerson, name: string, account: { id?: number; guid: string }): HaloRecord {
    const { mapping, disabled, guid } = person;
    const brought = [...fields].flatMap(([attribute, field]) => {
      const value = person.text(attribute);
      return value === undefined ? [] : [[field, value] as const];
    });
    return {
      fields: {
        ...Object.fromEntries(brought),
        name,
        ...(account.id !== undefined && { id: account.id }),
        uactguid: account.guid,
        adconnection: connection.id,
        admanager: person.text('manager') ?? '',
        ucn: person.text('cn') ?? '',
        inactive: disabled,
        ...(mapping.siteId !== undefined && { site_id: mapping.siteId }),
      },
      ...(guid !== undefined && { third_party_id: guid }),
      third_party_desc: name,
      // Who is disabled is not made.
      ...(disabled && { update_only: true }),
    };
  }

  return {
    source: peopleOf(mappings.users, [...fields.keys()], context),
    mapping: {
      async toHalo(people) {
        const found = await accounts.find(people);
        return people.map((person) => toUser(person, found));
      },
    },
    target: {
      insertOnly: ['login', ...(settings['UpdateSites'] === false ? ['site_id'] : [])],
      matchFields: userMatchingFields(connection.row['lcusermatchingfields'], warn),
      // Who carries another account's id is somebody else, however alike the two are.
      ownIdField: 'uactguid',
    },
    missing: mappings.users.length > 0 && settings['DeactivateMissing'] !== false ? 'deactivated' : 'left',
  };
}

function attributeOf(fields: FieldMappings, field: string): string {
  return [...fields].find(([, mapped]) => mapped === field)?.[0] ?? 'displayName';
}
