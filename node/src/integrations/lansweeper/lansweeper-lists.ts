import { recordShape, type RecordOf } from '../../reading/record-shape.ts';
import type { DeclaredSource } from '../kit/sources/declared-source.ts';

const siteShape = recordShape({ id: 'id', name: 'text' }, { id: 'id', name: ['name'] });
/** What asks for the sites that the token was given. */
export const sitesQuery = { query: 'query authorizedSites { authorizedSites { sites { id name } } }' };

const sites: DeclaredSource<RecordOf<typeof siteShape>> = {
  shape: siteShape,
  url: '/graphql',
  method: 'POST',
  json: sitesQuery,
  errors: 'errors',
  records: 'data.authorizedSites.sites',
  paging: { style: 'whole' },
};

/** The assets of each site. Fields are named one by one, thirty at most; the first page is asked for otherwise than the next ones. */
function assetsOf<T>(shape: DeclaredSource<T>['shape'], fields: readonly string[], limit: number): DeclaredSource<T> {
  const named = fields.map((field) => `"${field}"`).join(', ');
  const list = `assetResources(assetPagination: $pagination, fields: [${named}]) { total pagination { limit current next page } items }`;
  return {
    shape,
    url: '/graphql',
    method: 'POST',
    json: {
      query: `query assetResources($siteID: ID!, $pagination: AssetsPaginationInputValidated) { site(id: $siteID) { ${list} } }`,
      variables: { siteID: '{parent.id}', pagination: { limit } },
    },
    errors: 'errors',
    records: 'data.site.assetResources.items',
    paging: {
      style: 'cursor',
      parameter: 'variables.pagination.cursor',
      next: 'data.site.assetResources.pagination.next',
      total: 'data.site.assetResources.total',
      first: { 'variables.pagination.page': 'FIRST' },
      later: { 'variables.pagination.page': 'NEXT' },
    },
    parents: { source: sites, as: 'site', fields: ['id', 'name'] },
  };
}

const basic = {
  name: 'text',
  type: 'text',
  description: 'text',
  domain: 'text',
  fqdn: 'text',
  ipAddress: 'text',
  mac: 'text',
  userDomain: 'text',
  userName: 'text',
  lastSeen: 'text',
} as const;
const custom = {
  manufacturer: 'text',
  model: 'text',
  serialNumber: 'text',
  stateName: 'text',
  location: 'text',
  contact: 'text',
  purchaseDate: 'text',
  warrantyDate: 'text',
} as const;
const system = { caption: 'text', version: 'text' } as const;

const assetShape = recordShape(
  {
    key: 'id',
    url: 'text',
    assetBasicInfo: basic,
    assetCustom: custom,
    operatingSystem: system,
    site: { id: 'id', name: 'text' },
  },
  { id: 'key' },
);
/** An asset, with the site it is of. */
export type LansweeperAsset = RecordOf<typeof assetShape>;
/** Assets of all sites. */
export const assetList = assetsOf<LansweeperAsset>(
  assetShape,
  [
    'key',
    'url',
    ...Object.keys(basic).map((name) => `assetBasicInfo.${name}`),
    ...Object.keys(custom).map((name) => `assetCustom.${name}`),
    ...Object.keys(system).map((name) => `operatingSystem.${name}`),
  ],
  500,
);

const softwareShape = recordShape({ key: 'id', softwares: [{ name: 'text', version: 'text' }] }, { id: 'key' });
/** What is installed on the assets of all sites: many lines each, so that pages are smaller. */
export const softwareList = assetsOf<RecordOf<typeof softwareShape>>(
  softwareShape,
  ['key', 'softwares.name', 'softwares.version'],
  100,
);
