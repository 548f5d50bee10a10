import { fieldsOf, type Resource } from './resource.ts';

/**
 * Assets: DEVICE. The id is `Did`; the primary key (Dsite, ddevnum) counts within the site, so an asset keeps the site it was
 * made at: moving it would change its primary key and everything that refers to it.
 */
export const asset: Resource = {
  name: 'Asset',
  schema: 'Device',
  table: 'DEVICE',
  key: { json: 'id', column: 'Did', kind: 'allocate' },
  listKey: 'assets',
  fields: [
    ...fieldsOf('string', {
      inventory_number: 'dinvno',
      notes: 'Dmemo',
      intune_id: 'DIntuneId',
      azureTenantId: 'DAzureTenantId',
    }),
    ...fieldsOf('int', {
      site_id: 'Dsite',
      assettype_id: 'Dtype',
      status_id: 'DStatus',
      contract_id: 'dcontractid',
      criticality: 'dcriticality',
    }),
    ...fieldsOf('boolean', { inactive: 'dinactive' }),
    ...fieldsOf('date', { warranty_end: 'DWarrantyEndDate' }),
    { json: 'site_name', column: 'site.sdesc', type: 'string', readOnly: true },
    { json: 'client_id', column: 'client.Aarea', type: 'int', readOnly: true },
    { json: 'client_name', column: 'client.aareadesc', type: 'string', readOnly: true },
    { json: 'assettype_name', column: 'type.tdesc', type: 'string', readOnly: true },
    { json: 'assetgroup_name', column: 'assetgroup.gdesc', type: 'string', readOnly: true },
  ],
  parents: [
    { table: 'SITE', as: 'site', on: [['DEVICE.Dsite', 'site.Ssitenum']] },
    { table: 'AREA', as: 'client', on: [['site.Sarea', 'client.Aarea']] },
    { table: 'XTYPE', as: 'type', on: [['DEVICE.Dtype', 'type.TTypenum']] },
    { table: 'GENERIC', as: 'assetgroup', on: [['type.Tgeneric', 'assetgroup.Ggeneric']] },
  ],
  search: ['dinvno'],
  inactive: { column: 'dinactive', value: true },
  filters: {
    site_id: 'Dsite',
    client_id: 'site.Sarea',
    assettype_id: 'Dtype',
    assetgroup_id: 'type.Tgeneric',
    inventory_number: 'dinvno',
    contract_id: 'dcontractid',
    item_id: 'DitemId',
    itemstock_id: 'DitemStockId',
    assettypes: { column: 'Dtype', kind: 'one of' },
    assetgroups: { column: 'type.Tgeneric', kind: 'one of' },
    assetstatuses: { column: 'DStatus', kind: 'one of' },
    excludethese: { column: 'Did', kind: 'none of' },
  },
  required: ['Dsite'],
  lastUpdate: 'DLastUpdate',
  filtersByLastUpdate: true,
  changeClock: { column: 'Dchangeseq', counter: 'device' },
  numbered: { column: 'ddevnum', within: 'Dsite' },
  before: ['Dsite', 'ddevnum', 'Dtype', 'dinactive'],
  assetParts: { users: 'users', fields: 'fields', software: 'software' },
};
