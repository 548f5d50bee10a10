import { agentMatching, matchingFields, userMatching, type FieldSets } from '../kit/kinds/matching-fields.ts';

type Warn = (message: string) => void;

/** Fields by which users without an account's id are found: the connection's in their order, else the address, then the name at the site. */
export function userMatchingFields(listed: unknown, warn: Warn): FieldSets {
  const own = matchingFields(listed, userMatching, warn);
  return own.length > 0 ? own : [['emailaddress'], ['site_id', 'name']];
}

/** Fields by which agents without an account's id are found: the connection's in their order, else the address. */
export function agentMatchingFields(listed: unknown, warn: Warn): FieldSets {
  const own = matchingFields(listed, agentMatching, warn);
  return own.length > 0 ? own : [['email']];
}
