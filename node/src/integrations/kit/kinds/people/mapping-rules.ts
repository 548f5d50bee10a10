import { UnclearMappingError } from '../../../../errors/mapping-errors.ts';
import { codeMeanings } from '../../../code-lists.ts';
import { comparisonWords, type MappedPeople, type MappingFilter, type PersonMapping } from './person-mapping.ts';

type Comparison = (actual: string, wanted: string) => boolean;
/** Whether a mapping is about a person. */
export type MappingRule<T> = (person: T) => boolean;

const comparisons: Readonly<Record<(typeof comparisonWords)[number], Comparison>> = {
  equals: (actual, wanted) => actual === wanted,
  'not equals': (actual, wanted) => actual !== wanted,
  contains: (actual, wanted) => actual.includes(wanted),
  'starts with': (actual, wanted) => actual.startsWith(wanted),
  'ends with': (actual, wanted) => actual.endsWith(wanted),
};
const groupFields = new Set(['group', 'groups', 'groupid', 'memberof', 'member of']);

/**
 * The rule of one mapping: all its filters hold, and the person is in its group. Groups are read whole, ids only.
 * Throws UnclearMappingError where Halo's row cannot be understood: applying the next mapping instead would put people in
 * the wrong place.
 */
export async function ruleOf<T>(mapping: PersonMapping, people: MappedPeople<T>): Promise<MappingRule<T>> {
  const tests: MappingRule<T>[] = [];
  if (!mapping.guests) tests.push((person) => !people.isGuest(person));
  for (const filter of mapping.filters) {
    const ofGroup = groupFields.has(filter.field.toLowerCase());
    tests.push(ofGroup ? await membership(filter.value, mapping, people) : comparison(filter, mapping, people));
  }
  if (mapping.groupName !== undefined && mapping.filters.length === 0)
    tests.push(await membership(mapping.groupName, mapping, people));
  return (person) => tests.every((test) => test(person));
}

function plain(word: string): string {
  return word.replaceAll(/[\s_]/g, '').toLowerCase();
}

function comparison<T>(filter: MappingFilter, mapping: PersonMapping, people: MappedPeople<T>): MappingRule<T> {
  const property = people.property(filter.field);
  if (property === undefined)
    throw new UnclearMappingError(
      mapping.label,
      `it filters by "${filter.field}"`,
      'Name a property of the directory’s users in Halo',
    );
  const meaning = filter.type === '0' ? 'equals' : codeMeanings(people.filterTypes).get(filter.type.toLowerCase());
  const word = comparisonWords.find((one) => plain(one) === plain(meaning ?? ''));
  const compare = word && comparisons[word];
  if (!compare)
    throw new UnclearMappingError(
      mapping.label,
      `its filter has the type ${filter.type}`,
      `Set Integrations.${people.integration}.Settings.FilterTypes to "${filter.type}=…" with one of ${comparisonWords.join(', ')}`,
    );
  const wanted = filter.value.toLowerCase();
  return (person) => compare((people.textOf(person, property) ?? '').trim().toLowerCase(), wanted);
}

async function membership<T>(group: string, mapping: PersonMapping, people: MappedPeople<T>): Promise<MappingRule<T>> {
  const id = codeMeanings(people.groupIds).get(group.toLowerCase()) ?? group;
  if (!people.isGroupId(id))
    throw new UnclearMappingError(
      mapping.label,
      `it names the group "${group}" without its object id`,
      `Set Integrations.${people.integration}.Settings.GroupIds to "${group}=…" with the group's object id`,
    );
  const members = await people.membersOf(id);
  return (person) => members.has(people.idOf(person));
}
