import { recordShape, type RecordOf } from '../../reading/record-shape.ts';
import type { DeclaredSource } from '../kit/sources/declared-source.ts';
import type { NumberedPaging } from '../kit/sources/paging.ts';

/** Lists say how many records and pages there are; a page has 50 where nothing else is asked for. */
const byPage: NumberedPaging = {
  style: 'page',
  parameter: 'pageNumber',
  first: 1,
  size: { parameter: 'pageSize', value: 500 },
  total: 'totalItems',
  pages: 'totalPages',
};

const address = {
  phone: 'text',
  street1: 'text',
  street2: 'text',
  city: 'text',
  stateProv: 'text',
  postalCode: 'text',
} as const;

const customerShape = recordShape(
  { customerId: 'id', customerName: 'text', ...address },
  { id: 'customerId', name: ['customerName'] },
);
/** Customers of all service organisations that the user sees. */
export const customers: DeclaredSource<RecordOf<typeof customerShape>> = {
  shape: customerShape,
  url: '/customers',
  records: 'data',
  paging: byPage,
};

const siteShape = recordShape(
  { siteId: 'id', siteName: 'text', parentId: 'id', ...address },
  { id: 'siteId', name: ['siteName'] },
);
/** Sites of all customers; the parent is the customer. */
export const sites: DeclaredSource<RecordOf<typeof siteShape>> = {
  shape: siteShape,
  url: '/sites',
  records: 'data',
  paging: byPage,
};

const deviceShape = recordShape(
  {
    deviceId: 'id',
    longName: 'text',
    discoveredName: 'text',
    description: 'text',
    deviceClass: 'text',
    deviceClassLabel: 'text',
    isProbe: 'boolean',
    licenseMode: 'text',
    supportedOs: 'text',
    supportedOsLabel: 'text',
    lastLoggedInUser: 'text',
    customerId: 'id',
    customerName: 'text',
    siteId: 'id',
    siteName: 'text',
  },
  { id: 'deviceId', name: ['longName', 'discoveredName'] },
);
/** Devices of all customers that the user sees. */
export const devices: DeclaredSource<RecordOf<typeof deviceShape>> = {
  shape: deviceShape,
  url: '/devices',
  records: 'data',
  paging: byPage,
};
