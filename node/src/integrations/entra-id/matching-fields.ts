import { codesIn } from '../listed-entities.ts';
import { meaningsOf } from './entra-settings.ts';

const UserFields: Readonly<Record<string, readonly string[]>> = {
  azureoid: ['azureoid'],
  objectid: ['azureoid'],
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
  // A name alone says too little: people of one name work at several clients.
  name: ['site_id', 'name'],
  displayname: ['site_id', 'name'],
  uusername: ['site_id', 'name'],
};

const AgentFields: Readonly<Record<string, readonly string[]>> = {
  email: ['email'],
  emailaddress: ['email'],
  mail: ['email'],
  usmtp: ['email'],
  userprincipalname: ['email'],
  upn: ['email'],
  name: ['name'],
  displayname: ['name'],
  uname: ['name'],
};

type Settings = Readonly<Record<string, unknown>>;
type Warn = (message: string) => void;
type FieldSets = readonly (readonly string[])[];

/**
 * How users that are not linked yet are found: by the object id, then by the connection's matching fields in their order,
 * else by the e-mail address. A code that is not known is left out with a warning.
 */
export function matchingFields(listed: unknown, settings: Settings, warn: Warn): FieldSets {
  const own = fieldsIn(listed, UserFields, settings, warn).filter(([first]) => first !== 'azureoid');
  return [['azureoid'], ...(own.length > 0 ? own : [['emailaddress']])];
}

/** How agents that are not linked yet are found: by the connection's matching fields, else by the e-mail address. */
export function agentMatchingFields(listed: unknown, settings: Settings, warn: Warn): FieldSets {
  const own = fieldsIn(listed, AgentFields, settings, warn);
  return own.length > 0 ? own : [['email']];
}

function fieldsIn(
  listed: unknown,
  fields: Readonly<Record<string, readonly string[]>>,
  settings: Settings,
  warn: Warn,
): FieldSets {
  const meanings = meaningsOf(settings, 'MatchingFieldNames');
  return codesIn(listed).flatMap((code) => {
    const name = meanings.get(code.toLowerCase()) ?? code;
    const found = fields[name.replaceAll(/[\s_]/g, '').toLowerCase()];
    if (found) return [found];
    warn(
      `Halo matches by "${code}", whose meaning is not known, so it is left out. ` +
        'Set Integrations.EntraId.Settings.MatchingFieldNames to say what it means.',
    );
    return [];
  });
}
