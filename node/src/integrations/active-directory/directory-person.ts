import type { DirectoryEntry, DirectoryFacts } from '../kit/ldap/directory.ts';
import { guidOf } from './directory-guid.ts';
import type { DirectoryMapping } from './directory-mappings.ts';

/** Attributes that are asked for whatever Halo's field mappings name. */
export const identityAttributes = [
  'objectGUID',
  'entryUUID',
  'userAccountControl',
  'nsAccountLock',
  'pwdAccountLockedTime',
  'manager',
  'sAMAccountName',
  'uid',
  'cn',
] as const;

/** Bit of userAccountControl that says the account is disabled (MS-ADTS 2.2.16). */
const accountDisabled = 2;

/** Somebody in the directory, with the mapping that brings them. */
export interface DirectoryPerson {
  readonly mapping: DirectoryMapping;
  readonly dn: string;
  /** Undefined where the directory gives none that can be read. */
  readonly guid?: string;
  readonly disabled: boolean;
  /** The first value of an attribute that is a text with something in it. */
  text(attribute: string): string | undefined;
}

/** Reads an object of the directory. */
export function personOf(entry: DirectoryEntry, mapping: DirectoryMapping, { kind }: DirectoryFacts): DirectoryPerson {
  const { dn, attributes } = entry;
  const text = (attribute: string): string | undefined => {
    const value = attributes.get(attribute.toLowerCase())?.find((one) => typeof one === 'string' && one.trim() !== '');
    return typeof value === 'string' ? value.trim() : undefined;
  };
  const [raw] = attributes.get(kind === 'ActiveDirectory' ? 'objectguid' : 'entryuuid') ?? [];
  const guid = guidOf(raw);
  return { mapping, dn, disabled: isDisabled(text), text, ...(guid !== undefined && { guid }) };
}

/** Active Directory says it in a bit; 389 Directory Server by nsAccountLock; OpenLDAP's password policy locks for good at year 0. */
function isDisabled(text: (attribute: string) => string | undefined): boolean {
  const control = Number(text('userAccountControl') ?? 0);
  if (Number.isInteger(control) && (control & accountDisabled) !== 0) return true;
  if (text('nsAccountLock')?.toLowerCase() === 'true') return true;
  return text('pwdAccountLockedTime')?.startsWith('000001010000') === true;
}
