import { fieldsOf, type Resource } from './resource.ts';

/** Clients (customers): AREA. */
export const client: Resource = {
  name: 'Client',
  schema: 'Area',
  table: 'AREA',
  key: { json: 'id', column: 'Aarea', kind: 'allocate' },
  listKey: 'clients',
  fields: [
    ...fieldsOf('string', {
      name: 'aareadesc',
      website: 'AWebsite',
      domain: 'ADomain',
      trading_name: 'atradingname',
      accountsid: 'aaccountsid',
      notes: 'Amemo',
      ref: 'Aarearef',
    }),
    ...fieldsOf('int', { toplevel_id: 'Atreeid' }),
    ...fieldsOf('boolean', { inactive: 'AIsInactive' }),
    { json: 'datecreated', column: 'adatecreated', type: 'date', readOnly: true },
    { json: 'toplevel_name', column: 'toplevel.TreeDesc', type: 'string', readOnly: true },
  ],
  parents: [{ table: 'TREE', as: 'toplevel', on: [['AREA.Atreeid', 'toplevel.Treeid']] }],
  search: ['aareadesc'],
  inactive: { column: 'AIsInactive', value: true },
  filters: { toplevel_id: 'Atreeid' },
  lastUpdate: 'ALastUpdate',
  filtersByLastUpdate: true,
  created: 'adatecreated',
  changeClock: { column: 'Achangeseq', counter: 'area' },
};
