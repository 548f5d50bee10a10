import { codeMeanings } from '../../../code-lists.ts';
import type { DescribedContext } from '../../descriptor/described-context.ts';
import type { SettingDeclaration } from '../../descriptor/descriptor.ts';
import { agentMatching, matchingFields, userMatching, type FieldSets } from '../matching-fields.ts';
import { comparisonWords } from './person-mapping.ts';

/** The settings of an integration that goes by Halo's mappings of people and its matching fields. */
export const peopleSettings = {
  FilterTypes: {
    type: 'string[]',
    words: comparisonWords,
    codes: 'text',
    description: 'What the filter types of Halo’s mappings mean, each as "code=equals", …, beyond 0, which is equals.',
  },
  MatchingFieldNames: {
    type: 'string[]',
    words: [...new Set([...Object.keys(userMatching), ...Object.keys(agentMatching)])],
    codes: 'text',
    description: 'What the codes in Halo’s matching fields mean, each as "code=field", such as "1=emailaddress".',
  },
  UpdateSites: { type: 'boolean', default: false, description: 'A user is moved when the mapping names another site.' },
} as const satisfies Readonly<Record<string, SettingDeclaration>>;

/**
 * How users or agents who are not linked are found: by the connection's matching fields in their order, else by the address.
 * @param integration named where the meaning of a code is asked for
 */
export function peopleMatching(
  of: 'users' | 'agents',
  { told, settings, warn }: Pick<DescribedContext, 'told' | 'settings' | 'warn'>,
  integration: string,
): FieldSets {
  const [listed, known, otherwise] =
    of === 'users'
      ? ([told.userMatchingList, userMatching, 'emailaddress'] as const)
      : ([told.agentMatchingList, agentMatching, 'email'] as const);
  const meanings = codeMeanings(settings['MatchingFieldNames']);
  const advice = `Set Integrations.${integration}.Settings.MatchingFieldNames to say what it means.`;
  const own = matchingFields(listed, known, warn, { meanings, advice });
  return own.length > 0 ? own : [[otherwise]];
}
