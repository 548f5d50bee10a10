/** How a filter of a mapping compares. */
export const comparisonWords = ['equals', 'not equals', 'contains', 'starts with', 'ends with'] as const;

/** A condition of a mapping. */
export interface MappingFilter {
  /** A property of people's, or a word for their groups. */
  readonly field: string;
  /** Halo's code of a comparison; 0 is equals. */
  readonly type: string;
  readonly value: string;
}

/** A row by which Halo maps people of a directory: which of them it is about, and where they belong. */
export interface PersonMapping {
  /** As messages name it. */
  readonly label: string;
  /** All of them must hold. */
  readonly filters: readonly MappingFilter[];
  /** The group it is about, by name or id, where it has no filters. */
  readonly groupName: string | undefined;
  /** Whether it is about guests, too. */
  readonly guests: boolean;
  readonly siteId: number | undefined;
  readonly clientId: number | undefined;
  /** Property whose value is the name of a site of the client. */
  readonly siteField: string | undefined;
  readonly defaultSiteId: number | undefined;
  /** It names an agent's role and no place. */
  readonly forAgents: boolean;
}

/** The people of one directory, as far as mappings must know them. */
export interface MappedPeople<T> {
  /** The integration's name in appsettings.json, by which advice names its settings. */
  readonly integration: string;
  /** Lines of "code=comparison" for types of filters (the setting FilterTypes), and of "name=id" for groups (GroupIds). */
  readonly filterTypes: unknown;
  readonly groupIds: unknown;
  /** The property that a name in Halo's row stands for; undefined for one that is not known. */
  property(name: string): string | undefined;
  /** A property of a person's as a text; undefined where it is none. */
  textOf(person: T, property: string): string | undefined;
  idOf(person: T): string;
  isGuest(person: T): boolean;
  /** Whether a text is an id of a group. */
  isGroupId(text: string): boolean;
  /** The ids of a group's members, all of them. */
  membersOf(group: string): Promise<ReadonlySet<string>>;
}

/** Properties of people that mappings go by, by the names in Halo's rows. */
export function namedIn(mappings: readonly PersonMapping[]): readonly string[] {
  return mappings.flatMap(({ filters, siteField = '' }) => [...filters.map(({ field }) => field), siteField]);
}

/** Whether a mapping says where people belong. */
export function namesPlace({ forAgents, siteId, clientId, defaultSiteId }: PersonMapping): boolean {
  return !forAgents && (siteId ?? clientId ?? defaultSiteId) !== undefined;
}
