import { UnclearMappingError } from '../../errors/mapping-errors.ts';
import { idIn, isOn, textIn } from '../halo-row.ts';
import { codeMeanings, codesIn } from '../code-lists.ts';
import type { DescribedContext } from '../kit/descriptor/described-context.ts';
import { listedBy } from '../kit/descriptor/listed-by.ts';
import { fieldAt, textOf } from '../kit/field-path.ts';
import { ruleOf, type MappingRule } from '../kit/kinds/people/mapping-rules.ts';
import type { MappedPeople, MappingFilter, PersonMapping } from '../kit/kinds/people/person-mapping.ts';
import { groupsNamed, membersOf, type OktaUser } from './okta-lists.ts';

/** Okta's statuses of a user. */
export const statuses = [
  'ACTIVE',
  'DEPROVISIONED',
  'LOCKED_OUT',
  'PASSWORD_EXPIRED',
  'PROVISIONED',
  'RECOVERY',
  'STAGED',
  'SUSPENDED',
] as const;

/** Halo's tables of mappings, and the rights that takes. */
export const mappingTables = { OktaMapping: ['SELECT'], IntegrationFilter: ['SELECT'] } as const;

/** A row of OktaMapping, ready to be applied. */
export interface OktaMapping {
  readonly siteId: number | undefined;
  /** Whom Halo has already is left as he is. */
  readonly newOnly: boolean;
  applies(user: OktaUser): boolean;
}

const ofApplication = 'app:';

/**
 * The mappings of users, or those of agents, in their order. Groups are read whole, ids only.
 * Throws UnclearMappingError where one cannot be understood: the next one would put people in the wrong place.
 */
export async function readMappings(context: DescribedContext, forAgents: boolean): Promise<readonly OktaMapping[]> {
  const { api, scope } = context;
  const rows = (await api.settingsRows('OktaMapping')).toSorted(
    (one, other) => Number(one['Oid']) - Number(other['Oid']),
  );
  const filters = await api.settingsRows('IntegrationFilter', { IFintegrationid: scope.module_id });
  const mappings: OktaMapping[] = [];
  for (const row of rows) {
    const own = filters.filter((filter) => Number(filter['IFMappingID']) === Number(row['Oid']));
    const mapping = mappingOf(row, own);
    if (mapping.forAgents !== forAgents) continue;
    const included = statusesIn(row['OIncludedStatuses'], mapping.label, context);
    const rule: MappingRule<OktaUser> = await ruleOf(mapping, peopleOf(context));
    mappings.push({
      siteId: mapping.siteId,
      newOnly: isOn(row['onewusersonly']),
      applies: (user) => (included === undefined || included.has(user.status?.toUpperCase() ?? '')) && rule(user),
    });
  }
  return mappings;
}

/** Statuses that a list of Halo's names; undefined where it is empty. */
export function statusesIn(
  list: unknown,
  label: string,
  { settings }: Pick<DescribedContext, 'settings'>,
): ReadonlySet<string> | undefined {
  const codes = codesIn(list);
  if (codes.length === 0) return undefined;
  const meanings = codeMeanings(settings['StatusNames']);
  const named = codes.map((code) =>
    (meanings.get(code.toLowerCase()) ?? code).trim().toUpperCase().replaceAll(' ', '_'),
  );
  const unknown = named.find((name) => !statuses.some((status) => status === name));
  if (unknown === undefined) return new Set(named);
  throw new UnclearMappingError(
    label,
    `it names the status "${unknown}"`,
    `Set Integrations.Okta.Settings.StatusNames to "${unknown}=…" with one of ${statuses.join(', ')}`,
  );
}

function mappingOf(
  row: Readonly<Record<string, unknown>>,
  rows: readonly Readonly<Record<string, unknown>>[],
): PersonMapping {
  const application = isOn(row['OFilterByApplication']) ? textIn(row['OApplicationId']) : undefined;
  const group = application === undefined ? textIn(row['OGroupName']) : `${ofApplication}${application}`;
  const name = application === undefined ? group : (textIn(row['OApplicationIdDisplay']) ?? application);
  const filters = rows.map((filter): MappingFilter => ({
    field: textIn(filter['IFFilterField']) ?? '',
    type: String(filter['IFFilterType'] ?? 0),
    value: textIn(filter['IFFilterValue']) ?? '',
  }));
  return {
    label: name ?? `mapping ${String(row['Oid'])}`,
    filters: [...(group === undefined ? [] : [{ field: 'group', type: '0', value: group }]), ...filters],
    groupName: undefined,
    guests: true,
    siteId: idIn(row['OSiteID']),
    clientId: undefined,
    siteField: undefined,
    defaultSiteId: undefined,
    forAgents: idIn(row['ORoleID']) !== undefined,
  };
}

function peopleOf(context: DescribedContext): MappedPeople<OktaUser> {
  return {
    integration: 'Okta',
    filterTypes: context.settings['FilterTypes'],
    groupIds: undefined,
    // A profile has properties of the administrator's own beside Okta's.
    property: (name) => (/^\w+$/.test(name) ? name : undefined),
    textOf: (user, property) =>
      property === 'status' ? (user.status ?? undefined) : textOf(fieldAt(user.profile, property)),
    idOf: (user) => user.id ?? '',
    isGuest: () => false,
    isGroupId: () => true,
    async membersOf(group) {
      const list = group.startsWith(ofApplication)
        ? membersOf('apps', group.slice(ofApplication.length))
        : membersOf('groups', await groupOf(group, context));
      const found = new Set<string>();
      for await (const some of listedBy(list, context)) for (const { id } of some) if (id) found.add(id);
      return found;
    },
  };
}

/** The id of the group of a name; of several, none is guessed. */
async function groupOf(name: string, context: DescribedContext): Promise<string> {
  const found = new Set<string>();
  for await (const some of listedBy(groupsNamed(name), context))
    for (const { id, profile } of some)
      if (id && profile?.name?.trim().toLowerCase() === name.toLowerCase()) found.add(id);
  const [only] = found;
  if (only !== undefined && found.size === 1) return only;
  throw new UnclearMappingError(
    name,
    found.size === 0 ? 'Okta has no group of that name' : `Okta has ${found.size} groups of that name`,
    'Map a group whose name is its own in Halo',
  );
}
