import type { HaloApi } from '../../halo-api/halo-api.ts';
import type { HaloConnection } from '../connection.ts';
import { isOn, textIn } from '../halo-row.ts';

const mappingTable = 'LDAPSTRING';
/** People, and no computers, which are users in Active Directory's classes too. */
const people = '(&(objectCategory=person)(objectClass=user))';
const peopleAndContacts = '(&(objectCategory=person)(|(objectClass=user)(objectClass=contact)))';
/** Where objects have no category: what may carry a sign-in name. */
const anybody = '(|(objectClass=inetOrgPerson)(objectClass=posixAccount)(objectClass=person))';

/** A container of the directory, and where in Halo those in it belong (LDAPSTRING). */
export interface DirectoryMapping {
  readonly id: number;
  readonly base: string;
  readonly scope: 'sub' | 'one';
  /** Undefined for the one that suits the directory. */
  readonly filter?: string;
  readonly siteId?: number;
}

/** The mappings of a connection by what they are for; the deepest containers come first, since who is in one is not its parent's. */
export interface DirectoryMappings {
  readonly users: readonly DirectoryMapping[];
  readonly agents: readonly DirectoryMapping[];
  /** Rows that name no container, by their ids. */
  readonly unclear: readonly number[];
}

/** Reads the connection's mappings. Those of change boards (LDcabmapping) are left to Halo's web application. */
export async function readMappings(connection: HaloConnection, api: HaloApi): Promise<DirectoryMappings> {
  const rows = (await api.settingsRows(mappingTable, { LDConnectionID: connection.id })).filter(
    (row) => !isOn(row['LDcabmapping']),
  );
  const read = rows.map((row) => ({ row, mapping: mappingOf(row) }));
  const of = (agents: boolean): readonly DirectoryMapping[] =>
    read
      .flatMap(({ row, mapping }) => (mapping && isOn(row['LDTechMapping']) === agents ? [mapping] : []))
      .sort((one, other) => depthOf(other.base) - depthOf(one.base) || one.id - other.id);
  return {
    users: of(false),
    agents: of(true),
    unclear: read.flatMap(({ row, mapping }) => (mapping ? [] : [Number(row['LDid'])])),
  };
}

/** The filter of a mapping, where it names none: people of this kind of directory. */
export function filterOf(
  { filter }: DirectoryMapping,
  connection: HaloConnection,
  kind: 'ActiveDirectory' | 'Generic',
): string {
  if (filter !== undefined) return filter;
  if (kind === 'Generic') return anybody;
  return isOn(connection.row['LCSyncContacts']) ? peopleAndContacts : people;
}

function mappingOf(row: Readonly<Record<string, unknown>>): DirectoryMapping | undefined {
  const base = textIn(row['LDDn']) ?? nameIn(textIn(row['LDStringModified'])) ?? nameIn(textIn(row['LDString']));
  if (base === undefined) return undefined;
  const filter = textIn(row['LDFilter']);
  const site = Number(row['LDsite'] ?? 0);
  return {
    id: Number(row['LDid']),
    base,
    scope: isOn(row['LDisrecursive']) ? 'sub' : 'one',
    ...(filter !== undefined && { filter: filter.startsWith('(') ? filter : `(${filter})` }),
    ...(site > 0 && { siteId: site }),
  };
}

/** The distinguished name in an ADSI path such as `LDAP://dc1.company.local/OU=Sales,DC=company,DC=local`, or the text itself where it is one. */
function nameIn(path: string | undefined): string | undefined {
  const name = path?.replace(/^\w+:\/\/(?:[^/=]*\/)?/, '');
  return name !== undefined && /^[\w.-]+\s*=/.test(name) ? name : undefined;
}

function depthOf(name: string): number {
  return name.replaceAll(/\\./g, '').split(',').length;
}
