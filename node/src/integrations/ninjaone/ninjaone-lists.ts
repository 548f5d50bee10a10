import { recordShape, type RecordOf } from '../../reading/record-shape.ts';
import type { DeclaredSource } from '../kit/sources/declared-source.ts';
import type { CursorPaging, LastIdPaging } from '../kit/sources/paging.ts';

/** Lists go on after the last id, and end with an empty page: NinjaOne gives pages smaller than asked for, and says nothing. */
const afterLastId: LastIdPaging = {
  style: 'last-id',
  parameter: 'after',
  size: { parameter: 'pageSize', value: 1000 },
};

/** Reports have a named cursor, which moves by itself. */
const byCursor: CursorPaging = {
  style: 'cursor',
  parameter: 'cursor',
  next: 'cursor.name',
  moves: 'cursor.offset',
  size: { parameter: 'pageSize', value: 1000 },
};

const organisationShape = recordShape(
  { id: 'id', name: 'text', locations: [{ id: 'id', name: 'text', address: 'text' }] },
  { id: 'id', name: ['name'] },
);
/** Organisations with their locations. */
export const organisations: DeclaredSource<RecordOf<typeof organisationShape>> = {
  shape: organisationShape,
  url: '/v2/organizations-detailed',
  paging: afterLastId,
};

const deviceShape = recordShape(
  {
    id: 'id',
    displayName: 'text',
    systemName: 'text',
    dnsName: 'text',
    nodeClass: 'text',
    approvalStatus: 'text',
    organizationId: 'id',
    locationId: 'id',
  },
  { id: 'id', name: ['displayName', 'systemName'] },
);
/** Devices. */
export const devices: DeclaredSource<RecordOf<typeof deviceShape>> = {
  shape: deviceShape,
  url: '/v2/devices-detailed',
  paging: afterLastId,
};

const systemShape = recordShape({
  deviceId: 'id',
  name: 'text',
  manufacturer: 'text',
  model: 'text',
  serialNumber: 'text',
  biosSerialNumber: 'text',
  domain: 'text',
});
/** Makers, models and serial numbers of devices. */
export const computerSystems: DeclaredSource<RecordOf<typeof systemShape>> = report('computer-systems', systemShape);

const osShape = recordShape({
  deviceId: 'id',
  name: 'text',
  architecture: 'text',
  buildNumber: 'text',
  releaseId: 'text',
});
/** Operating systems of devices. */
export const operatingSystems: DeclaredSource<RecordOf<typeof osShape>> = report('operating-systems', osShape);

const userShape = recordShape({ deviceId: 'id', userName: 'text' });
/** Who signed in last on each device. */
export const lastUsers: DeclaredSource<RecordOf<typeof userShape>> = report('logged-on-users', userShape);

const programShape = recordShape({ deviceId: 'id', name: 'text', version: 'text' });
/** Programs on devices, a line for each. */
export const programs: DeclaredSource<RecordOf<typeof programShape>> = report('software', programShape);

function report<T>(name: string, shape: DeclaredSource<T>['shape']): DeclaredSource<T> {
  return { shape, url: `/v2/queries/${name}`, records: 'results', paging: byCursor };
}
