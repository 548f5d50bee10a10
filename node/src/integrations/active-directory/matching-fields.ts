import { codesIn } from '../listed-entities.ts';

type FieldSets = readonly (readonly string[])[];

const userFields: Readonly<Record<string, readonly string[]>> = {
  email: ['emailaddress'],
  emailaddress: ['emailaddress'],
  mail: ['emailaddress'],
  uemail: ['emailaddress'],
  login: ['login'],
  ulogin: ['login'],
  userprincipalname: ['login'],
  samaccountname: ['samaccountname'],
  usamaccountname: ['samaccountname'],
  // A name alone says too little: people of one name work at several clients.
  name: ['site_id', 'name'],
  displayname: ['site_id', 'name'],
  uusername: ['site_id', 'name'],
};

const agentFields: Readonly<Record<string, readonly string[]>> = {
  email: ['email'],
  emailaddress: ['email'],
  mail: ['email'],
  usmtp: ['email'],
  name: ['name'],
  displayname: ['name'],
  uname: ['name'],
};

/** Fields by which users without an account's id are found: the connection's in their order, else the address, then the name at the site. */
export function userMatchingFields(listed: unknown, warn: (message: string) => void): FieldSets {
  const own = fieldsIn(listed, userFields, warn);
  return own.length > 0 ? own : [['emailaddress'], ['site_id', 'name']];
}

/** Fields by which agents without an account's id are found: the connection's in their order, else the address. */
export function agentMatchingFields(listed: unknown, warn: (message: string) => void): FieldSets {
  const own = fieldsIn(listed, agentFields, warn);
  return own.length > 0 ? own : [['email']];
}

function fieldsIn(
  listed: unknown,
  fields: Readonly<Record<string, readonly string[]>>,
  warn: (message: string) => void,
): FieldSets {
  return codesIn(listed).flatMap((code) => {
    const found = fields[code.replaceAll(/[\s_]/g, '').toLowerCase()];
    if (!found) warn(`Halo matches by "${code}", whose meaning is not known, so it is left out.`);
    return found ? [found] : [];
  });
}
