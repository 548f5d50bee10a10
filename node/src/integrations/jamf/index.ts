import { recordShape, type RecordOf } from '../../reading/record-shape.ts';
import { entity } from '../kit/descriptor/described-entity.ts';
import type { Descriptor } from '../kit/descriptor/descriptor.ts';
import { textOf } from '../kit/field-path.ts';
import { assets } from '../kit/kinds/assets/assets.ts';
import type { DeclaredSource } from '../kit/sources/declared-source.ts';

const computerShape = recordShape(
  {
    id: 'id',
    udid: 'text',
    general: {
      name: 'text',
      assetTag: 'text',
      platform: 'text',
      lastIpAddress: 'text',
      reportDate: 'text',
      lastContactTime: 'text',
      site: { id: 'id', name: 'text' },
    },
    hardware: { make: 'text', model: 'text', modelIdentifier: 'text', serialNumber: 'text', macAddress: 'text' },
    operatingSystem: { name: 'text', version: 'text', build: 'text' },
    userAndLocation: { username: 'text', realname: 'text', email: 'text', position: 'text', room: 'text' },
  },
  { id: 'id', name: ['udid'] },
);
type Computer = RecordOf<typeof computerShape>;
/** Computers with the sections that are used; each section that is not asked for is null. */
const computers: DeclaredSource<Computer> = {
  shape: computerShape,
  url: '/v1/computers-inventory?section=GENERAL&section=HARDWARE&section=OPERATING_SYSTEM&section=USER_AND_LOCATION',
  query: { sort: 'id:asc' },
  records: 'results',
  paging: {
    style: 'page',
    parameter: 'page',
    first: 0,
    size: { parameter: 'page-size', value: 100 },
    total: 'totalCount',
  },
};

/** Jamf Pro: computers. */
export const jamf: Descriptor = {
  name: 'Jamf',
  displayName: 'Jamf Pro',
  summary: 'Computers become assets with their fields and owners.',
  halo: {
    modules: ['Jamf', 'Jamf Pro', 'JAMF'],
    details: {
      table: 'JamfDetails',
      columns: { entities: 'JDDeviceTypes', defaultType: 'JDComputerAssetType', siteMatching: 'JDSiteMatchType' },
    },
    // It has no switch of its own for owners, and a column for how much of an address must fit.
    otherwise: { matchUsers: true },
  },
  settings: {
    Url: {
      type: 'string',
      required: true,
      fromHalo: { word: 'url', plain: /^https:\/\/\S+$/ },
      description: 'Address of Jamf Pro, such as https://example.jamfcloud.com.',
    },
    ClientId: {
      type: 'string',
      required: true,
      description: 'Client id of an API client (Settings, API roles and clients).',
    },
    ClientSecret: { type: 'string', required: true, secret: true, description: 'Its client secret.' },
    DeactivateMissing: {
      type: 'boolean',
      default: false,
      description: 'Whether assets that are gone in Jamf are set inactive; Halo has no switch for that.',
    },
  },
  api: {
    address: '{Url}/api',
    signIn: {
      style: 'client-credentials',
      url: '/v1/oauth/token',
      clientId: '{ClientId}',
      clientSecret: '{ClientSecret}',
    },
  },
  probe: {
    url: '/v1/computers-inventory',
    query: { page: 0, 'page-size': 1 },
    count: { at: 'totalCount', of: 'computers' },
  },
  ownIds: { Asset: 'jamf_id' },
  entities: [
    entity({
      name: 'Computers',
      description: 'Computers as assets, with their fields and the user they are assigned to.',
      // Each instance numbers its computers from 1, and its mobile devices, too.
      kind: assets({
        ownScope: ({ connection }) => ({ jamf_details_id: connection.id, jamf_type: 'computer' }),
        deactivates: ({ settings }) => settings['DeactivateMissing'] === true,
      }),
      source: computers,
      permissions: ['Read Computers'],
      record: ({ general, hardware, operatingSystem, userAndLocation, udid }, id) => ({
        id,
        name: general?.name || hardware?.serialNumber,
        type: hardware?.model || general?.platform,
        ...siteOf(general?.site),
        serial: hardware?.serialNumber,
        owners: [userAndLocation?.email, userAndLocation?.username],
        fields: {
          udid,
          ...sectionFields('general', general),
          ...sectionFields('hardware', hardware),
          ...sectionFields('operatingSystem', operatingSystem),
          ...sectionFields('userAndLocation', userAndLocation),
        },
      }),
    }),
  ],
  documentation: { 'Jamf Pro API': 'https://developer.jamf.com/jamf-pro/reference/jamf-pro-api' },
  assumed: [
    {
      what: 'Mobile devices are not brought.',
      evidence:
        'Both kinds count from 1, so one kind’s list would tell what is missing of the other; which word djamftype has for either is not public.',
    },
    {
      what: 'djamftype of a computer is “computer”.',
      evidence:
        'Jamf’s own word for it; the column’s values are not public. Where it is another one, computers are found by serial number.',
    },
    {
      what: 'A computer goes to the site that its Jamf site is mapped to in Halo, else to the only one of that name, else to the default site, whatever JDSiteMatchType says.',
      evidence: 'The codes of the column are not public.',
    },
    {
      what: 'Computers that are gone in Jamf are left as they are.',
      evidence: 'JamfDetails has no switch for it.',
      setting: 'DeactivateMissing',
    },
    {
      what: 'Fields are mapped by the names of Jamf’s API with the section before them (hardware.model), also without it.',
      evidence:
        'Halo’s mapping keeps the vendor’s name of a field as text; which names its own screen offers is not public.',
    },
  ],
  triedAgainst: 'a server made from the part of Jamf Pro’s description 11.30.1 that is called',
};

/** A computer of no site has one of the id -1. */
function siteOf(site: NonNullable<Computer['general']>['site']): { site?: string; siteName?: string } {
  const id = textOf(site?.id);
  if (id === undefined || Number(id) < 0) return {};
  return { site: id, ...(site?.name && { siteName: site.name }) };
}

/** What a section says plainly, by Jamf's names. */
function sectionFields(section: string, values: object | null | undefined): Record<string, string> {
  const plain = Object.entries(values ?? {}).filter(([, value]) => typeof value === 'string');
  return Object.fromEntries(
    plain.flatMap(([name, value]) => [
      [name, value as string],
      [`${section}.${name}`, value as string],
    ]),
  );
}
