import { UnclearMappingError } from '../../errors/entra-errors.ts';
import type { EntityContext } from '../entity.ts';
import type { Mapping, MappingFilter } from './directory.ts';
import { comparisonWords, isGuid, meaningsOf, switchOf } from './entra-settings.ts';
import type { GraphClient } from './graph-client.ts';
import { MappableProperties, memberShape, UserProperties, type GraphUser } from './graph-records.ts';

type Comparison = (actual: string, wanted: string) => boolean;
/** Whether a mapping is about a user. */
export type MappingRule = (user: GraphUser) => boolean;

const Comparisons: Readonly<Record<(typeof comparisonWords)[number], Comparison>> = {
  equals: (actual, wanted) => actual === wanted,
  'not equals': (actual, wanted) => actual !== wanted,
  contains: (actual, wanted) => actual.includes(wanted),
  'starts with': (actual, wanted) => actual.startsWith(wanted),
  'ends with': (actual, wanted) => actual.endsWith(wanted),
};
const GroupFields = new Set(['group', 'groups', 'groupid', 'memberof', 'member of']);
const Properties = new Map([...UserProperties, ...MappableProperties].map((name) => [name.toLowerCase(), name]));

/** The property of a user that a Halo field name stands for; undefined for one that is not known. */
export function propertyOf(name: string): string | undefined {
  return Properties.get(name.toLowerCase());
}

/** Properties to select so that the mappings can be applied. */
export function selectFor(mappings: readonly Mapping[]): string {
  const named = mappings.flatMap(({ filters, siteField }) => [...filters.map(({ field }) => field), siteField ?? '']);
  return [...new Set([...UserProperties, ...named.flatMap((name) => propertyOf(name) ?? [])])].join(',');
}

/**
 * The rule of one mapping in the tenant Graph is opened for: all its filters hold, and the user is in its group. Groups are read whole, ids only.
 * Throws UnclearMappingError where Halo's row cannot be understood: applying the next mapping instead would put people in
 * the wrong place.
 */
export async function ruleOf(mapping: Mapping, graph: GraphClient, context: EntityContext): Promise<MappingRule> {
  const tests: MappingRule[] = [];
  if (!mapping.guests) tests.push((user) => user.userType?.toLowerCase() !== 'guest');
  for (const filter of mapping.filters) {
    tests.push(
      GroupFields.has(filter.field.toLowerCase())
        ? await membership(filter.value, mapping, graph, context)
        : comparison(filter, mapping, context),
    );
  }
  if (mapping.groupName !== undefined && mapping.filters.length === 0)
    tests.push(await membership(mapping.groupName, mapping, graph, context));
  return (user) => tests.every((test) => test(user));
}

function plain(word: string): string {
  return word.replaceAll(/[\s_]/g, '').toLowerCase();
}

function comparison(filter: MappingFilter, mapping: Mapping, { settings }: EntityContext): MappingRule {
  const property = propertyOf(filter.field);
  if (property === undefined)
    throw new UnclearMappingError(
      mapping.label,
      `it filters by "${filter.field}"`,
      'Name a property of Entra users in Halo',
    );
  const meaning = filter.type === '0' ? 'equals' : meaningsOf(settings, 'FilterTypes').get(filter.type.toLowerCase());
  const word = comparisonWords.find((one) => plain(one) === plain(meaning ?? ''));
  const compare = word && Comparisons[word];
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
  graph: GraphClient,
  { settings }: EntityContext,
): Promise<MappingRule> {
  const id: string = meaningsOf(settings, 'GroupIds').get(group.toLowerCase()) ?? group;
  if (!isGuid(id))
    throw new UnclearMappingError(
      mapping.label,
      `it names the group "${group}" without its object id`,
      `Set Integrations.EntraId.Settings.GroupIds to "${group}=…" with the group's object id`,
    );
  const kind = switchOf(settings, 'NestedGroups') ? 'transitiveMembers' : 'members';
  const members = new Set<string>();
  const start = { path: `/groups/${encodeURIComponent(id)}/${kind}`, query: { $select: 'id', $top: '999' } };
  for await (const some of graph.list(start, memberShape))
    for (const member of some) if (member.id) members.add(member.id);
  return (user) => members.has(user.id ?? '');
}
