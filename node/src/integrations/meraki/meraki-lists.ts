import { recordShape, type RecordOf } from '../../reading/record-shape.ts';
import type { DeclaredSource } from '../kit/sources/declared-source.ts';

const organisationShape = recordShape({ id: 'id', name: 'text', url: 'text' }, { id: 'id', name: ['name'] });
/** Organisations the key sees. Newer versions of the API give them in pages, older ones at once. */
export const organisations: DeclaredSource<RecordOf<typeof organisationShape>> = {
  shape: organisationShape,
  url: '/organizations',
  paging: { style: 'link' },
};

const deviceShape = recordShape(
  {
    serial: 'id',
    name: 'text',
    mac: 'text',
    model: 'text',
    productType: 'text',
    networkId: 'id',
    address: 'text',
    notes: 'text',
    lanIp: 'text',
    firmware: 'text',
    lat: 'number',
    lng: 'number',
    tags: 'texts',
    organisation: { id: 'id', name: 'text' },
  },
  { id: 'serial', name: ['name', 'serial'] },
);
/** Devices of each organisation. One whose access by API is off answers 403 or 404: it is told, and what is in Halo of it stays. */
export const devices: DeclaredSource<RecordOf<typeof deviceShape>> = {
  shape: deviceShape,
  url: '/organizations/{parent.id}/devices',
  paging: { style: 'link', size: { parameter: 'perPage', value: 1000 } },
  parents: { source: organisations, as: 'organisation', fields: ['id', 'name'], goneBy: [403] },
};
