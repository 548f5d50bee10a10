import { codesIn } from '../listed-entities.ts';
import { meaningsOf } from './entra-settings.ts';

const Fields: Readonly<Record<string, readonly string[]>> = {
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

/**
 * How users that are not linked yet are found: by the object id, then by the connection's matching fields in their order,
 * else by the e-mail address. A code that is not known is left out with a warning.
 */
export function matchingFields(
  listed: unknown,
  settings: Readonly<Record<string, unknown>>,
  warn: (message: string) => void,
): readonly (readonly string[])[] {
  const meanings = meaningsOf(settings, 'MatchingFieldNames');
  const found: (readonly string[])[] = [];
  for (const code of codesIn(listed)) {
    const name = meanings.get(code.toLowerCase()) ?? code;
    const fields = Fields[name.replaceAll(/[\s_]/g, '').toLowerCase()];
    if (fields) found.push(fields);
    else
      warn(
        `Halo matches Entra users by "${code}", whose meaning is not known, so it is left out. ` +
          'Set Integrations.EntraId.Settings.MatchingFieldNames to say what it means.',
      );
  }
  const [email = ['emailaddress']] = [Fields['email']];
  const own = found.filter(([first]) => first !== 'azureoid');
  return [['azureoid'], ...(own.length > 0 ? own : [email])];
}
