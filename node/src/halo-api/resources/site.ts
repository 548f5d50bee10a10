import { fieldsOf, type Resource } from './resource.ts';

/** Sites of clients: SITE. */
export const site: Resource = {
  name: 'Site',
  schema: 'Site',
  table: 'SITE',
  key: { json: 'id', column: 'Ssitenum', kind: 'allocate' },
  listKey: 'sites',
  fields: [
    ...fieldsOf('string', { name: 'sdesc', phonenumber: 'SPhoneNumber', ref: 'SRef', notes: 'Smemo' }),
    ...fieldsOf('int', { client_id: 'Sarea' }),
    ...fieldsOf('boolean', { inactive: 'SIsInactive' }),
    { json: 'client_name', column: 'client.aareadesc', type: 'string', readOnly: true },
  ],
  parents: [{ table: 'AREA', as: 'client', on: [['SITE.Sarea', 'client.Aarea']] }],
  search: ['sdesc'],
  inactive: { column: 'SIsInactive', value: true },
  filters: { client_id: 'Sarea', toplevel_id: 'client.Atreeid' },
  required: ['Sarea'],
  lastUpdate: 'SLastUpdate',
  filtersByLastUpdate: true,
  created: 'sdatecreated',
  address: {
    delivery_address_line1: 'ASLine1',
    delivery_address_line2: 'ASLine2',
    delivery_address_line3: 'ASLine3',
    delivery_address_line4: 'ASLine4',
    delivery_address_line5: 'ASLine5',
  },
  changeClock: { column: 'Schangeseq', counter: 'site' },
};
