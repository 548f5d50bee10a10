import { recordShape, type RecordOf } from '../../reading/record-shape.ts';
import type { DeclaredSource } from '../kit/sources/declared-source.ts';

const companyShape = recordShape({ id: 'id', name: 'text' }, { id: 'id', name: ['name'] });
/** Companies. Snipe-IT describes no paging of them, so they come in one answer, which says how many there are. */
export const companies: DeclaredSource<RecordOf<typeof companyShape>> = {
  shape: companyShape,
  url: '/companies',
  records: 'rows',
  paging: { style: 'whole', total: 'total' },
};

const hardwareShape = recordShape(
  {
    id: 'id',
    name: 'text',
    asset_tag: 'text',
    serial: 'text',
    model: { name: 'text' },
    model_number: 'text',
    status_label: { name: 'text', status_meta: 'text' },
    category: { name: 'text' },
    manufacturer: { name: 'text' },
    supplier: { name: 'text' },
    notes: 'text',
    order_number: 'text',
    company: { id: 'id', name: 'text' },
    location: { id: 'id', name: 'text' },
    rtd_location: { id: 'id', name: 'text' },
    assigned_to: { username: 'text', name: 'text', email: 'text', type: 'text' },
    warranty_expires: { date: 'text' },
    purchase_date: { date: 'text' },
    purchase_cost: 'text',
    custom_fields: 'any',
  },
  { id: 'id', name: ['asset_tag', 'name', 'serial'] },
);
/** A piece of hardware, as far as it is used. */
export type Hardware = RecordOf<typeof hardwareShape>;
/** Hardware, in the order in which it was entered: what is added while we read comes at the end. */
export const hardware: DeclaredSource<Hardware> = {
  shape: hardwareShape,
  url: '/hardware',
  query: { sort: 'id', order: 'asc' },
  records: 'rows',
  paging: { style: 'offset', parameter: 'offset', size: { parameter: 'limit', value: 500 }, total: 'total' },
};
