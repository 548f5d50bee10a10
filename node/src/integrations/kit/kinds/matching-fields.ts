import { codesIn } from '../../code-lists.ts';

/** Halo's fields by which people are found, each set in turn. */
export type FieldSets = readonly (readonly string[])[];

/** The words a connection of Halo's may list, without spaces and in lower case: names of Halo's columns, of its API, of directories. */
type FieldsByWord = Readonly<Record<string, readonly string[]>>;

// A name alone says too little: people of one name work at several clients.
const nameAtSite = ['site_id', 'name'];

/** What of a user is compared. */
export const userMatching: FieldsByWord = {
  email: ['emailaddress'],
  emailaddress: ['emailaddress'],
  mail: ['emailaddress'],
  uemail: ['emailaddress'],
  userprincipalname: ['login'],
  upn: ['login'],
  login: ['login'],
  ulogin: ['login'],
  samaccountname: ['samaccountname'],
  onpremisessamaccountname: ['samaccountname'],
  usamaccountname: ['samaccountname'],
  name: nameAtSite,
  displayname: nameAtSite,
  uusername: nameAtSite,
};

/** What of an agent is compared. */
export const agentMatching: FieldsByWord = {
  email: ['email'],
  emailaddress: ['email'],
  mail: ['email'],
  usmtp: ['email'],
  name: ['name'],
  displayname: ['name'],
  uname: ['name'],
};

/**
 * The fields that a connection's list names, in its order. One whose meaning is not known is left out, which is told.
 * @param meanings what words mean in this Halo, by the word in lower case
 * @param advice behind the warning
 */
export function matchingFields(
  listed: unknown,
  fields: FieldsByWord,
  warn: (message: string) => void,
  { meanings, advice }: { readonly meanings?: ReadonlyMap<string, string>; readonly advice?: string } = {},
): FieldSets {
  return codesIn(listed).flatMap((code) => {
    const word = meanings?.get(code.toLowerCase()) ?? code;
    const found = fields[word.replaceAll(/[\s_]/g, '').toLowerCase()];
    if (found) return [found];
    const said = `Halo matches by "${code}", whose meaning is not known, so it is left out.`;
    warn(advice === undefined ? said : `${said} ${advice}`);
    return [];
  });
}
