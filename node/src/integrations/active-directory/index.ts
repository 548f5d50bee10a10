import { DirectorySearchError } from '../../errors/directory-errors.ts';
import type { Descriptor, ProbeContext } from '../kit/descriptor/descriptor.ts';
import { openDirectory } from '../kit/ldap/open-directory.ts';
import { agents } from './agents.ts';
import { addressOf, directoryName, directorySettings } from './directory-settings.ts';
import { users } from './users.ts';
import { textIn } from '../halo-row.ts';

/** Active Directory, and other directories that speak LDAP. */
export const activeDirectoryDescriptor: Descriptor = {
  name: directoryName,
  displayName: 'Active Directory',
  summary: 'Users and agents of Active Directory, or another LDAP directory, by the containers mapped in Halo.',
  halo: {
    modules: ['Active Directory', 'LDAP', 'ActiveDirectory'],
    details: { table: 'LDAPConnection' },
  },
  settings: directorySettings,
  entities: [users, agents],
  probe: askDirectory,
  documentation: {
    'LDAP attributes of Active Directory': 'https://learn.microsoft.com/windows/win32/adschema/attributes-all',
  },
  assumed: [
    {
      what: 'Halo keeps the account of a user in USERS.UActGuid and of an agent in UNAME.uActGUID, as text.',
      evidence:
        'the columns’ names and lengths (38 characters hold a guid in braces); every form is found, and new ones are written as those that are there.',
    },
    {
      what: 'A row of LDAPSTRING without LDTechMapping and LDcabmapping maps a container to the site LDsite, the one with LDTechMapping to agents.',
      evidence: 'the columns’ names, and the API’s mapping types derived from them.',
    },
    {
      what: 'Who is in several mapped containers belongs to the deepest.',
      evidence: 'a mapping of a unit within a mapped one has no other use.',
    },
    {
      what: 'Users and agents who are in no mapped container any more are set inactive.',
      evidence: 'Halo’s product page: users no longer active in the directory are made inactive.',
      setting: 'DeactivateMissing',
    },
    {
      what: 'Names in LDAPNAME.NetHdfield are names of fields or columns, or words of Halo’s screens.',
      evidence: 'none public.',
      setting: 'FieldNames',
    },
    {
      what: 'Change boards (LDcabmapping), tickets for new users, and roles of new agents are left to Halo’s web application.',
      evidence: 'what they write is not public.',
    },
  ],
  triedAgainst:
    'a Samba Active Directory domain controller and an OpenLDAP server, both real. No domain of Windows servers was at hand.',
};

/** Signs in, and compares the connection's base with what the directory has: it is often written back to front. */
async function askDirectory(context: ProbeContext): Promise<string> {
  await using directory = await openDirectory(addressOf(context), context.signal);
  const { kind, namingContexts, defaultNamingContext } = directory.facts;
  const base = textIn(context.connection.row['LCBaseDN']);
  if (base !== undefined && !isWithin(base, namingContexts))
    throw new DirectorySearchError(
      `The base "${base}" of the connection "${context.connection.name}" is none of the directory ${directory.server}.`,
      `Set it to "${defaultNamingContext ?? namingContexts[0] ?? ''}" in Halo.`,
    );
  const called = kind === 'ActiveDirectory' ? 'Active Directory' : 'a directory without Active Directory’s attributes';
  return `Signed in to ${directory.server}, ${called}: ${defaultNamingContext ?? namingContexts.join(', ')}.`;
}

/** Names compare without case and without spaces around commas and equals signs (RFC 4517). */
function isWithin(name: string, contexts: readonly string[]): boolean {
  const plain = (dn: string): string => dn.toLowerCase().replaceAll(/\s*([,=])\s*/g, '$1');
  return contexts.some((context) => plain(name) === plain(context) || plain(name).endsWith(`,${plain(context)}`));
}
