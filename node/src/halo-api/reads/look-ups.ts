import type { HaloObject, LinkScope } from '../halo-records.ts';

/** Looking records up by their ids and names, many at once. */
export interface HaloReads {
  /** Third-party ids → Halo ids by ExternalLink under the scope, and those that are linked to several. */
  linkedIds(resource: string, scope: LinkScope, thirdPartyIds: readonly string[]): Promise<LinkedIds>;
  /** IntegrationSiteMapping of a module: third-party client id as `comparedText` gives it → Halo client and site. */
  siteMappings(scope: LinkScope): Promise<ReadonlyMap<string, SiteMapping>>;
  /** The rows of IntegrationSiteMapping of a module, those of single sites too, in the order in which they count. */
  mappedSites(scope: LinkScope): Promise<readonly MappedSite[]>;
  /** Halo ids → the third-party ids they are linked with by ExternalLink under the scope. */
  thirdPartyIds(
    resource: string,
    scope: LinkScope,
    ids: readonly number[],
  ): Promise<ReadonlyMap<number, readonly string[]>>;
  /** Ids of the records of exactly that name as SQL Server compares it, by the name as `comparedText` gives it. */
  idsByName(resource: string, names: readonly string[]): Promise<ReadonlyMap<string, readonly number[]>>;
  /** Records whose field is one of the values, inactive ones too; the field is the id or one of the resource's own. */
  listBy(resource: string, field: string, values: readonly (string | number)[]): Promise<HaloObject[]>;
}

/** Third-party ids with the one record each is linked to. */
export interface LinkedIds extends ReadonlyMap<string, number> {
  /** Ids that are linked to several records, which are: none of them may be picked. */
  readonly several: ReadonlyMap<string, readonly number[]>;
}

/** A third-party client the administrator mapped to a client of Halo's, and to one of its sites (0: none of them). */
export interface SiteMapping {
  readonly halo_client_id: number;
  readonly halo_id: number;
  /** Where rows that count alike map it to several clients, which are: none of them may be picked, and the others are 0. */
  readonly several?: readonly number[];
  /** Where they map it to several sites of the one client, which are: none of them may be picked, and `halo_id` is 0. */
  readonly severalSites?: readonly number[];
  /** No row maps the client as a whole: what it comes to is said by the rows of its sites, and `halo_id` is the site of those alone. */
  readonly bySites?: true;
}

/** A row of IntegrationSiteMapping; the id of the third party's client, or of its site, may be empty. */
export interface MappedSite extends SiteMapping {
  readonly third_party_client_id: string;
  readonly third_party_id: string;
}
