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

const unitShape = recordShape(
  { orgUnitId: 'id', orgUnitName: 'text', orgUnitType: 'text', parentId: 'id' },
  { id: 'orgUnitId', name: ['orgUnitName'] },
);
/** Service organisations, customers and sites in one list: their type says which. */
export const orgUnits: DeclaredSource<RecordOf<typeof unitShape>> = {
  shape: unitShape,
  url: '/org-units',
  records: 'data',
  paging: byPage,
};

const deviceShape = recordShape(
  {
    deviceId: 'id',
    longName: 'text',
    discoveredName: 'text',
    deviceClass: 'text',
    deviceClassLabel: 'text',
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
