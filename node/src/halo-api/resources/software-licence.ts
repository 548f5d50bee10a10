import { fieldsOf, type Resource } from './resource.ts';

/** Licence.LType of what is paid for from term to term; 0 is a software licence (public reports written for Halo). */
export const SubscriptionType = 1;

/** Software licences and subscriptions: Licence. It has no change clock and no last-update column. */
export const softwareLicence: Resource = {
  name: 'SoftwareLicence',
  schema: 'Licence_List',
  table: 'Licence',
  key: { json: 'id', column: 'LID', kind: 'allocate' },
  listKey: 'licences',
  fields: [
    ...fieldsOf('string', {
      name: 'LDesc',
      snowid: 'LSnowID',
      manufacturer: 'LManufacturer',
      notes: 'LNotes',
      vendor: 'LVendor',
      tenant_id: 'LTenantId',
      tenant_name: 'LTenantName',
      billing_cycle: 'LBillingCycle',
      term_duration: 'ltermduration',
      status: 'lstatus',
      distributor: 'LDistributor',
      product_sku: 'lproductsku',
      vendor_product_sku: 'lvendorproductsku',
      third_party_product: 'lthirdpartyproductname',
    }),
    ...fieldsOf('int', {
      type: 'LType',
      count: 'LCount',
      licences_in_use: 'lconsumedcount',
      client_id: 'Larea',
      site_id: 'LSite',
      supplier_id: 'LVendorId',
      requested_quantity: 'LRequestedQuantity',
      parent_id: 'lparentid',
      azure_connection_id: 'LAzureConnectionId',
    }),
    ...fieldsOf('double', { purchase_price: 'LPurchasePrice', price: 'LPrice' }),
    ...fieldsOf('date', {
      start_date: 'LPurchaseDate',
      end_date: 'LDueDate',
      requested_quantity_date: 'LRequestedQuantityDate',
    }),
    ...fieldsOf('boolean', { autorenew: 'lautorenew', is_active: 'LIsActive', deleted: 'LDeleted' }),
    { json: 'client_name', column: 'client.aareadesc', type: 'string', readOnly: true },
    { json: 'site_name', column: 'site.sdesc', type: 'string', readOnly: true },
    { json: 'supplier_name', column: 'supplier.cdesc', type: 'string', readOnly: true },
  ],
  parents: [
    { table: 'AREA', as: 'client', on: [['Licence.Larea', 'client.Aarea']] },
    { table: 'SITE', as: 'site', on: [['Licence.LSite', 'site.Ssitenum']] },
    { table: 'COMPANY', as: 'supplier', on: [['Licence.LVendorId', 'supplier.Cnum']] },
  ],
  search: ['LDesc'],
  inactive: { column: 'LIsActive', value: false },
  filters: {
    client_id: 'Larea',
    site_id: 'LSite',
    tenant_id: 'LTenantId',
    licence_type: 'LType',
    toplevelid: 'client.Atreeid',
  },
  history: [
    { name: 'LicenceCreated', of: 'creation', table: 'LicenceChange' },
    { name: 'LicenceCount', of: 'number', column: 'LCount', table: 'LicenceChange' },
  ],
  zero: ['LDeleted'],
};
