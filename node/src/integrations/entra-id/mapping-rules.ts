import { UnclearMappingError } from '../../errors/entra-errors.ts';
import { codeMeanings } from '../kit/descriptor/code-meanings.ts';
import type { DescribedContext } from '../kit/descriptor/described-context.ts';
import { listedBy } from '../kit/descriptor/listed-by.ts';
import type { EntraTenant, Mapping, MappingFilter } from './directory.ts';
import { comparisonWords, isGuid } from './entra-settings.ts';
import { graphOf, memberList, userProperty, type GraphUser } from './graph.ts';

type Comparison = (actual: string, wanted: string) => boolean;
/** Whether a mapping is about a user. */
export type MappingRule = (user: GraphUser) => boolean;

const comparisons: Readonly<Record<(typeof comparisonWords)[number], Comparison>> = {
  equals: (actual, wanted) => actual === wanted,
  'not equals': (actual, wanted) => actual !== wanted,
  contains: (actual, wanted) => actual.includes(wanted),
  'starts with': (actual, wanted) => actual.startsWith(wanted),
  'ends with': (actual, wanted) => actual.endsWith(wanted),
};
const groupFields = new Set(['group', 'groups', 'groupid', 'memberof', 'member of']);

/**
 * The rule of one mapping in a tenant: all its filters hold, and the user is in its group. Groups are read whole, ids only.
 * Throws UnclearMappingError where Halo's row cannot be understood: applying the next mapping instead would put people in
 * the wrong place.
 */
export async function ruleOf(mapping: Mapping, tenant: EntraTenant, context: DescribedContext): Promise<MappingRule> {
  const tests: MappingRule[] = [];
  if (!mapping.guests) tests.push((user) => user.userType?.toLowerCase() !== 'guest');
  for (const filter of mapping.filters) {
    tests.push(
      groupFields.has(filter.field.toLowerCase())
        ? await membership(filter.value, mapping, tenant, context)
        : comparison(filter, mapping, context),
    );
  }
  if (mapping.groupName !== undefined && mapping.filters.length === 0)
    tests.push(await membership(mapping.groupName, mapping, tenant, context));
  return (user) => tests.every((test) => test(user));
}

function plain(word: string): string {
  return word.replaceAll(/[\s_]/g, '').toLowerCase();
}

function comparison(filter: MappingFilter, mapping: Mapping, { settings }: DescribedContext): MappingRule {
  const property = userProperty(filter.field);
  if (property === undefined)
    throw new UnclearMappingError(
      mapping.label,
      `it filters by "${filter.field}"`,
      'Name a property of Entra users in Halo',
    );
  const meaning = filter.type === '0' ? 'equals' : codeMeanings(settings['FilterTypes']).get(filter.type.toLowerCase());
  const word = comparisonWords.find((one) => plain(one) === plain(meaning ?? ''));
  const compare = word && comparisons[word];
  if (!compare)
    throw new UnclearMappingError(
      mapping.label,
      `its filter has the type ${filter.type}`,
      `Set Integrations.EntraId.Settings.FilterTypes to "${filter.type}=…" with one of ${comparisonWords.join(', ')}`,
    );
  const wanted = filter.value.toLowerCase();
  return (user) => {
    const actual = user[property];
    return compare(typeof actual === 'string' ? actual.trim().toLowerCase() : '', wanted);
  };
}

async function membership(
  group: string,
  mapping: Mapping,
  tenant: EntraTenant,
  context: DescribedContext,
): Promise<MappingRule> {
  const { settings } = context;
  const id: string = codeMeanings(settings['GroupIds']).get(group.toLowerCase()) ?? group;
  if (!isGuid(id))
    throw new UnclearMappingError(
      mapping.label,
      `it names the group "${group}" without its object id`,
      `Set Integrations.EntraId.Settings.GroupIds to "${group}=…" with the group's object id`,
    );
  const members = new Set<string>();
  const list = memberList(id, settings['NestedGroups'] === true);
  for await (const some of listedBy(list, context, graphOf(context, tenant)))
    for (const member of some) if (member.id) members.add(member.id);
  return (user) => members.has(user.id ?? '');
}
