import { fieldsOf, type Resource } from './resource.ts';

/** Products: ITEM. */
export const item: Resource = {
  name: 'Item',
  schema: 'Item',
  table: 'ITEM',
  key: { json: 'id', column: 'Iid', kind: 'allocate' },
  listKey: 'items',
  fields: [
    ...fieldsOf('string', {
      name: 'idesc',
      description: 'idesc2',
      internalreference: 'IInternalReference',
      externalreference: 'IExternalReference',
      third_party_id: 'ithirdpartyid',
      supplier_part_code: 'idefaultsupplierpartcode',
    }),
    ...fieldsOf('int', {
      status: 'Istatus',
      assetgroup_id: 'Igeneric',
      supplier_id: 'Isupplier',
      assettype_id: 'Itypenum',
      taxcode: 'Itaxcode',
      type: 'IType',
      item_default_billing_period: 'idefaultbillingperiod',
    }),
    ...fieldsOf('double', {
      baseprice: 'Ibaseprice',
      costprice: 'ICostPrice',
      recurringprice: 'IRecurringPrice',
      recurringcost: 'irecurringcost',
    }),
    ...fieldsOf('boolean', { taxable: 'ITaxable' }),
    { json: 'assetgroup_name', column: 'assetgroup.gdesc', type: 'string', readOnly: true },
    { json: 'supplier_name', column: 'supplier.cdesc', type: 'string', readOnly: true },
  ],
  parents: [
    { table: 'GENERIC', as: 'assetgroup', on: [['ITEM.Igeneric', 'assetgroup.Ggeneric']] },
    { table: 'COMPANY', as: 'supplier', on: [['ITEM.Isupplier', 'supplier.Cnum']] },
  ],
  search: ['idesc'],
  filters: { assetgroup_id: 'Igeneric', supplier_id: 'Isupplier' },
  lastUpdate: 'ilastmodified',
  created: 'idatecreated',
  changeClock: { column: 'Ichangeseq', counter: 'item' },
};
