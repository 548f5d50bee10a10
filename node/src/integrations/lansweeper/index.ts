import { entity } from '../kit/descriptor/described-entity.ts';
import type { Descriptor } from '../kit/descriptor/descriptor.ts';
import { textOf } from '../kit/field-path.ts';
import { assets } from '../kit/kinds/assets/assets.ts';
import { filled } from '../kit/kinds/given-fields.ts';
import { software } from '../kit/kinds/software.ts';
import { assetList, sitesQuery, softwareList, type LansweeperAsset } from './lansweeper-lists.ts';

/** Lansweeper's cloud: the assets of its sites, and the software on them. Lansweeper on premise is a SQL import. */
export const lansweeper: Descriptor = {
  name: 'Lansweeper',
  displayName: 'Lansweeper (cloud)',
  summary:
    'Assets of Lansweeper sites become assets at the Halo sites these are mapped to, with fields, owners and software.',
  halo: {
    modules: ['Halo Asset Discovery', 'HaloAssetDiscovery', 'Lansweeper'],
    control: {
      columns: {
        typeChoice: 'rlansweeperassettypechoice',
        typeField: 'rlansweeperassettypefield',
        defaultType: 'rlansweeperdefaultassettype',
        defaultGroup: 'RLansweeperDefaultGroup',
        noNew: 'rlansweeperupdateassetonly',
        dontMove: 'RLansweeperDontUpdateSite',
        dontChangeType: 'RLansweeperDontUpdateAssetType',
        usersSite: 'RLansweeperUseUsersSite',
        keepUsers: 'RLansweeperDontRemoveUsers',
        overrideSiteRules: 'rlansweeperoverridesiterules',
      },
    },
  },
  settings: {
    Token: { type: 'string', required: true, secret: true, description: 'Personal access token of an API client.' },
    RetiredStates: {
      type: 'string',
      description: 'States in Lansweeper in which an asset is out of use, with commas: "Sold, Broken".',
    },
    DeactivateMissing: {
      type: 'boolean',
      default: false,
      description: 'Whether assets that are gone or out of use are set inactive; Halo has no switch for that.',
    },
    BaseUrl: { type: 'string', default: 'https://api.lansweeper.com', description: 'Where Lansweeper’s API is.' },
  },
  api: {
    address: '{BaseUrl}/api/v2',
    signIn: { style: 'key', headers: { Authorization: 'Token {Token}' } },
    rates: { windows: [{ requests: 300, seconds: 60 }] },
  },
  probe: {
    url: '/graphql',
    json: sitesQuery,
    errors: 'errors',
    count: { at: 'data.authorizedSites.sites', of: 'sites' },
  },
  ownIds: { Asset: 'lansweeper_id' },
  entities: [
    entity({
      name: 'Assets',
      description:
        'Assets with their fields and the user who signed in last, at the site their Lansweeper site is mapped to.',
      kind: assets({ deactivates: ({ settings }) => settings['DeactivateMissing'] === true }),
      source: assetList,
      record: ({ key, url, assetBasicInfo: basic, assetCustom: custom, operatingSystem, site }, id, { settings }) => ({
        id,
        name: basic?.name || basic?.fqdn,
        type: basic?.type,
        site: textOf(site?.id),
        siteName: site?.name,
        serial: custom?.serialNumber,
        owners: [basic?.userName],
        retired: isRetired(custom?.stateName, settings['RetiredStates']),
        url,
        ...(url && { own: { lansweeper_url: url } }),
        fields: {
          key: textOf(key),
          ...sectionFields('assetBasicInfo', basic),
          ...sectionFields('assetCustom', custom),
          ...sectionFields('operatingSystem', operatingSystem),
        },
      }),
    }),
    entity({
      name: 'Software',
      description: 'The software found on assets.',
      kind: software(),
      source: softwareList,
      record: ({ softwares }, id) => ({
        id,
        programs: (softwares ?? []).flatMap(({ name: said, version: saidVersion }) => {
          const [name, version] = [filled(said), filled(saidVersion)];
          return name === undefined ? [] : [{ name, ...(version !== undefined && { version }) }];
        }),
      }),
    }),
  ],
  documentation: { 'Lansweeper Data API': 'https://developer.lansweeper.com/docs/data-api/get-started/welcome' },
  assumed: [
    {
      what: 'Halo’s module of the cloud is Halo Asset Discovery, and its settings are those of Lansweeper in CONTROL, whatever RLansweeperInstanceType says.',
      evidence:
        'Halo’s API names both modules; the code’s values are not public. Lansweeper on premise comes by SQL import.',
    },
    {
      what: 'An asset goes to the Halo site that its Lansweeper site is mapped to or the only one of that name, or to its user’s site; others are rejected and named.',
      evidence: 'Halo has no default site for Lansweeper’s cloud.',
    },
    {
      what: 'Lansweeper’s key of an asset is its id, also in DLansweeperId.',
      evidence: 'Lansweeper finds assets by it; what Halo keeps in the column is not public.',
    },
    {
      what: 'Fields are those that Lansweeper’s own collection and public clients of its API ask for.',
      evidence: 'The schema of the API is not public.',
    },
    {
      what: 'No state in Lansweeper means that an asset is out of use.',
      evidence: 'States are an administrator’s own words.',
      setting: 'RetiredStates',
    },
    {
      what: 'Assets that are gone are left as they are.',
      evidence: 'Halo has no switch for it.',
      setting: 'DeactivateMissing',
    },
  ],
  triedAgainst: 'a server made from our description of the two queries that are sent',
};

function isRetired(state: string | null | undefined, listed: unknown): boolean {
  const states = typeof listed === 'string' ? listed.split(',').map((one) => one.trim().toLowerCase()) : [];
  return Boolean(state) && states.includes(state?.trim().toLowerCase() ?? '');
}

/** What a section says, by Lansweeper's paths and without the section. */
function sectionFields(section: keyof LansweeperAsset, values: object | null | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values ?? {}).flatMap(([name, value]) =>
      typeof value === 'string'
        ? [
            [name, value],
            [`${section}.${name}`, value],
          ]
        : [],
    ),
  );
}
