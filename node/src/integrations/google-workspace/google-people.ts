import { UnclearMappingError } from '../../errors/mapping-errors.ts';
import { recordShape, type RecordOf } from '../../reading/record-shape.ts';
import { idIn, isOn, textIn } from '../halo-row.ts';
import type { DescribedContext } from '../kit/descriptor/described-context.ts';
import { fieldAt, isObject, textOf } from '../kit/field-path.ts';
import { ruleOf, type MappingRule } from '../kit/kinds/people/mapping-rules.ts';
import type { MappedPeople, PersonMapping } from '../kit/kinds/people/person-mapping.ts';
import type { DeclaredSource } from '../kit/sources/declared-source.ts';

const userShape = recordShape(
  {
    id: 'text',
    primaryEmail: 'text',
    name: { givenName: 'text', familyName: 'text', fullName: 'text' },
    suspended: 'boolean',
    archived: 'boolean',
    orgUnitPath: 'text',
    customerId: 'text',
    // Lists of objects whose form Google's own description leaves open.
    phones: 'any',
    organizations: 'any',
  },
  { id: 'id', name: ['primaryEmail'] },
);
/** A user of Google Workspace. */
export type GoogleUser = RecordOf<typeof userShape>;
/** All users but those who were deleted, whom Google lists only where they are asked for. */
export const users: DeclaredSource<GoogleUser> = {
  shape: userShape,
  url: '/users',
  query: { customer: '{Customer}', projection: 'full', orderBy: 'email' },
  records: 'users',
  paging: {
    style: 'cursor',
    parameter: 'pageToken',
    next: 'nextPageToken',
    size: { parameter: 'maxResults', value: 500 },
  },
};

/** A row of GoogleWorkplaceMapping, ready to be applied. */
export interface GoogleMapping {
  readonly siteId: number | undefined;
  readonly applies: MappingRule<GoogleUser>;
}

const groupWords = /^(group|groups|groupid|memberof|member of)$/i;

/** The mappings of users, or those of agents, in their order. Throws UnclearMappingError where one cannot be understood. */
export async function readMappings(context: DescribedContext, forAgents: boolean): Promise<readonly GoogleMapping[]> {
  const { api, connection } = context;
  const rows = (await api.settingsRows('GoogleWorkplaceMapping'))
    .filter((row) => [undefined, connection.id].includes(idIn(row['gmgwdid'])))
    .toSorted((one, other) => Number(one['GMid']) - Number(other['GMid']));
  const mappings: GoogleMapping[] = [];
  for (const mapping of rows.map(mappingOf))
    if (mapping.forAgents === forAgents)
      mappings.push({ siteId: mapping.siteId, applies: await ruleOf(mapping, peopleOf(context)) });
  return mappings;
}

function mappingOf(row: Readonly<Record<string, unknown>>): PersonMapping {
  const field = isOn(row['GMFilter'] ?? true) ? textIn(row['GMFilterField']) : undefined;
  const customer = textIn(row['GMCustomerId']);
  const label = `mapping ${String(row['GMid'])}`;
  if (field !== undefined && groupWords.test(field))
    throw new UnclearMappingError(label, 'it filters by groups, which are not read', 'Filter by orgUnitPath in Halo');
  return {
    label,
    filters: [
      ...(customer === undefined ? [] : [{ field: 'customerId', type: '0', value: customer }]),
      ...(field === undefined
        ? []
        : [{ field, type: String(row['GMFilterType'] ?? 0), value: textIn(row['GMFilterValue']) ?? '' }]),
    ],
    groupName: undefined,
    guests: true,
    siteId: idIn(row['GMSiteID']),
    clientId: undefined,
    siteField: undefined,
    defaultSiteId: undefined,
    forAgents: idIn(row['GMRoleID']) !== undefined,
  };
}

/** What a filter's field may be called, and where that is in a user; of organisations, the first counts. */
const properties: Readonly<Record<string, (user: GoogleUser) => unknown>> = {
  orgunitpath: ({ orgUnitPath }) => orgUnitPath,
  customerid: ({ customerId }) => customerId,
  primaryemail: ({ primaryEmail }) => primaryEmail,
  email: ({ primaryEmail }) => primaryEmail,
  fullname: ({ name }) => name?.fullName,
  givenname: ({ name }) => name?.givenName,
  familyname: ({ name }) => name?.familyName,
  title: titleOf,
  department: (user) => organisationOf(user, 'department'),
  costcenter: (user) => organisationOf(user, 'costCenter'),
  location: (user) => organisationOf(user, 'location'),
};

function peopleOf({ settings }: DescribedContext): MappedPeople<GoogleUser> {
  return {
    integration: 'GoogleWorkspace',
    filterTypes: settings['FilterTypes'],
    groupIds: undefined,
    property(name) {
      const plain = name.replace(/^(name|organizations)\./i, '').toLowerCase();
      return Object.hasOwn(properties, plain) ? plain : undefined;
    },
    textOf: (user, property) => textOf(properties[property]?.(user)),
    idOf: (user) => user.id ?? '',
    isGuest: () => false,
    isGroupId: () => false,
    membersOf: () => Promise.resolve(new Set()),
  };
}

/** Whether a user may sign in. */
export function isActive({ suspended, archived }: GoogleUser): boolean {
  return suspended !== true && archived !== true;
}

/** A user's title, by the first organisation. */
export function titleOf(user: GoogleUser): string | undefined {
  return organisationOf(user, 'title');
}

/** The first phone number of a kind (work, mobile). */
export function phoneOf({ phones }: GoogleUser, type: string): string | undefined {
  return textOf(
    fieldAt(
      objectsIn(phones).find((one) => one['type'] === type),
      'value',
    ),
  );
}

function organisationOf({ organizations }: GoogleUser, field: string): string | undefined {
  return textOf(fieldAt(objectsIn(organizations)[0], field));
}

function objectsIn(list: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(list) ? list.filter(isObject) : [];
}
