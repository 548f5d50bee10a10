import type { MappedRecord } from '../../mapped-record.ts';
import { filled, givenFields, type Said } from './given-fields.ts';
import type { Kind } from './kind.ts';

/** A product, as a vendor gives it. Prices are per piece. */
export interface ItemRecord {
  readonly id: string;
  readonly name?: Said<string>;
  readonly description?: Said<string>;
  readonly sku?: Said<string>;
  readonly price?: Said<number>;
  readonly cost?: Said<number>;
  readonly recurringPrice?: Said<number>;
  readonly recurringCost?: Said<number>;
}

/** Products. The administrator files items in groups of their own, words the description on quotes, and sets what is charged. */
export function items(): Kind<ItemRecord> {
  return {
    resource: 'Item',
    labels: ['Items', 'Products'],
    async open({ told, vendor }) {
      const group = told.defaultItemGroup;
      return {
        mapping: {
          basis: { value: async () => null, lookUpAgain: async () => {} },
          toHalo: async (records) =>
            records.map((item): MappedRecord => {
              const name = filled(item.name);
              if (name === undefined)
                return {
                  quarantined: `item ${item.id}`,
                  reason: `${vendor} gives no name for it.`,
                  third_party_id: item.id,
                };
              return {
                fields: {
                  name,
                  third_party_id: item.id,
                  ...givenFields({
                    description: item.description,
                    supplier_part_code: item.sku,
                    baseprice: item.price,
                    costprice: item.cost,
                    recurringprice: item.recurringPrice,
                    recurringcost: item.recurringCost,
                  }),
                  ...(group !== undefined && { assetgroup_id: group }),
                },
                third_party_id: item.id,
                third_party_desc: name,
              };
            }),
        },
        target: {
          insertOnly: ['description', 'assetgroup_id', 'baseprice', 'recurringprice'],
          matchFields: [['third_party_id']],
        },
        missing: 'left',
      };
    },
  };
}
