import { recordShape, type RecordOf } from '../../reading/record-shape.ts';
import type { DeclaredSource } from '../kit/sources/declared-source.ts';
import type { LinkPaging } from '../kit/sources/paging.ts';

/** Each page says how many there are in all, and where the next one is. */
const byLink: LinkPaging = {
  style: 'link',
  next: 'pageDetails.nextPageUrl',
  total: 'pageDetails.totalCount',
  size: { parameter: 'max', value: 250 },
};

const siteShape = recordShape(
  { uid: 'id', name: 'text', onDemand: 'boolean', portalUrl: 'text', devicesStatus: { numberOfDevices: 'number' } },
  { id: 'uid', name: ['name'] },
);
/** Sites of the account. */
export const sites: DeclaredSource<RecordOf<typeof siteShape>> = {
  shape: siteShape,
  url: '/v2/account/sites',
  records: 'sites',
  paging: byLink,
};

const deviceShape = recordShape(
  {
    uid: 'id',
    siteUid: 'id',
    siteName: 'text',
    hostname: 'text',
    deviceClass: 'text',
    deviceType: { category: 'text', type: 'text' },
    description: 'text',
    intIpAddress: 'text',
    extIpAddress: 'text',
    operatingSystem: 'text',
    domain: 'text',
    lastLoggedInUser: 'text',
    deleted: 'boolean',
    portalUrl: 'text',
    webRemoteUrl: 'text',
    warrantyDate: 'text',
  },
  { id: 'uid', name: ['hostname', 'description'] },
);
/**
 * Devices of each site, as many as the site says it has: the list of the whole account has been found to lack a third of them. Sites
 * of on-demand devices are none of a customer's.
 */
export const devices: DeclaredSource<RecordOf<typeof deviceShape>> = {
  shape: deviceShape,
  url: '/v2/site/{parent.uid}/devices',
  records: 'devices',
  paging: byLink,
  parents: {
    source: sites,
    as: 'site',
    fields: ['uid', 'name'],
    count: 'devicesStatus.numberOfDevices',
    only: ({ onDemand }) => onDemand !== true,
    atOnce: 4,
  },
};
