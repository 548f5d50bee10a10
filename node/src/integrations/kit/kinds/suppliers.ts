import type { MappedRecord } from '../../mapped-record.ts';
import { filled, givenFields, type Said } from './given-fields.ts';
import type { Kind } from './kind.ts';

/** A supplier, as a vendor gives it. */
export interface SupplierRecord {
  readonly id: string;
  readonly name?: Said<string>;
  readonly contact?: Said<string>;
  readonly email?: Said<string>;
  readonly phone?: Said<string>;
  readonly website?: Said<string>;
  readonly address?: Said<string>;
}

/** Suppliers. What Halo knows of one it has already is the administrator's. */
export function suppliers(): Kind<SupplierRecord> {
  return {
    resource: 'Supplier',
    labels: ['Suppliers', 'Vendors'],
    open: async ({ vendor }) => ({
      mapping: {
        toHalo: async (records) =>
          records.map((one): MappedRecord => {
            const name = filled(one.name);
            if (name === undefined)
              return {
                quarantined: `supplier ${one.id}`,
                reason: `${vendor} gives no name for it.`,
                third_party_id: one.id,
              };
            return {
              fields: {
                name,
                ...givenFields({
                  contact_name: one.contact,
                  email_address: one.email,
                  phone_number: one.phone,
                  website: one.website,
                  address: one.address,
                }),
              },
              third_party_id: one.id,
              third_party_desc: name,
            };
          }),
      },
      target: {
        insertOnly: ['contact_name', 'email_address', 'phone_number', 'website', 'address'],
        matchFields: [['name']],
      },
      missing: 'left',
    }),
  };
}
