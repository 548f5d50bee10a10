import { codeMeanings } from '../code-lists.ts';
import {
  agentMatching,
  matchingFields as namedFields,
  userMatching,
  type FieldSets,
} from '../kit/kinds/matching-fields.ts';

type Settings = Readonly<Record<string, unknown>>;
type Warn = (message: string) => void;

/** What a matching field of Halo’s may be called, and the fields of a user it stands for. */
const userFields = { ...userMatching, azureoid: ['azureoid'], objectid: ['azureoid'] };
/** The same of an agent, who has no login of its own in Halo: who signs in with Entra does so by the address. */
const agentFields = { ...agentMatching, userprincipalname: ['email'], upn: ['email'] };

/** The words the setting MatchingFieldNames takes. */
export const matchingFieldWords = [...new Set([...Object.keys(userFields), ...Object.keys(agentFields)])];

/**
 * How users that are not linked yet are found: by the object id, then by the connection's matching fields in their order,
 * else by the e-mail address. A code that is not known is left out with a warning.
 */
export function matchingFields(listed: unknown, settings: Settings, warn: Warn): FieldSets {
  const own = fieldsIn(listed, userFields, settings, warn).filter(([first]) => first !== 'azureoid');
  return [['azureoid'], ...(own.length > 0 ? own : [['emailaddress']])];
}

/** How agents that are not linked yet are found: by the connection's matching fields, else by the e-mail address. */
export function agentMatchingFields(listed: unknown, settings: Settings, warn: Warn): FieldSets {
  const own = fieldsIn(listed, agentFields, settings, warn);
  return own.length > 0 ? own : [['email']];
}

function fieldsIn(
  listed: unknown,
  fields: typeof userFields | typeof agentFields,
  settings: Settings,
  warn: Warn,
): FieldSets {
  return namedFields(listed, fields, warn, {
    meanings: codeMeanings(settings['MatchingFieldNames']),
    advice: 'Set Integrations.EntraId.Settings.MatchingFieldNames to say what it means.',
  });
}
