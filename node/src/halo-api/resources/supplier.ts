import { fieldsOf, type Resource } from './resource.ts';

/** Suppliers: COMPANY. */
export const supplier: Resource = {
  name: 'Supplier',
  schema: 'Company',
  table: 'COMPANY',
  key: { json: 'id', column: 'Cnum', kind: 'allocate' },
  listKey: 'suppliers',
  fields: [
    ...fieldsOf('string', {
      name: 'cdesc',
      contact_name: 'CContactName',
      email_address: 'Cemailaddress',
      support_email_address: 'csupportemailaddress',
      phone_number: 'cphone1',
      phone_number_2: 'cphone2',
      phone_number_3: 'cphone3',
      website: 'cwebsite',
      address: 'Caddress',
      emaildomain: 'cEmailDomain',
    }),
    ...fieldsOf('boolean', { inactive: 'CIsInactive' }),
    { json: 'datecreated', column: 'cdatecreated', type: 'date', readOnly: true },
  ],
  search: ['cdesc'],
  inactive: { column: 'CIsInactive', value: true },
  filters: {},
  lastUpdate: 'clast_modified',
  created: 'cdatecreated',
  changeClock: { column: 'Cchangeseq', counter: 'company' },
};
