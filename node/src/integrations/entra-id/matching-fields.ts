import { matchingFields as namedFields, type FieldSets } from '../kit/kinds/matching-fields.ts';
import { meaningsOf } from './entra-settings.ts';
import { AgentFields, UserFields } from './matching-field-words.ts';

type Settings = Readonly<Record<string, unknown>>;
type Warn = (message: string) => void;

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
  fields: typeof UserFields | typeof AgentFields,
  settings: Settings,
  warn: Warn,
): FieldSets {
  return namedFields(listed, fields, warn, {
    meanings: meaningsOf(settings, 'MatchingFieldNames'),
    advice: 'Set Integrations.EntraId.Settings.MatchingFieldNames to say what it means.',
  });
}
