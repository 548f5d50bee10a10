import type { HaloRecord } from '../../halo-api/halo-api.ts';
import { defineEntity } from '../define-entity.ts';
import type { EntityContext, OpenEntity } from '../entity.ts';
import type { Quarantined } from '../mapped-record.ts';
import { createPax8Client, pageOfCursor } from './pax8-client.ts';
import { productShape, type Pax8Product } from './pax8-records.ts';

/** Pax8 products as Halo items. */
export const products = defineEntity<Pax8Product>({
  name: 'Products',
  description: 'Pax8 products as items.',
  resource: 'Item',
  open: async (context) => readProducts(context),
});

function readProducts(context: EntityContext): OpenEntity<Pax8Product> {
  const pax8 = createPax8Client(context);
  const group = Number(context.connection.row['pa8defaultitemgroup'] ?? 0);

  function toItem(product: Pax8Product): HaloRecord | Quarantined {
    const name = product.name?.trim();
    if (!product.id) return { quarantined: name ?? 'a product without a name', reason: 'Pax8 gives no id for it.' };
    if (!name) return { quarantined: `product ${product.id}`, reason: 'Pax8 gives no name for it.' };
    return {
      fields: {
        name,
        description: product.shortDescription || null,
        supplier_part_code: product.vendorSku || product.sku || null,
        third_party_id: product.id,
        ...(group > 0 ? { assetgroup_id: group } : {}),
      },
      third_party_id: product.id,
      third_party_desc: name,
    };
  }

  return {
    source: {
      shape: productShape,
      pages: () => pax8.pages('/products', { sort: 'name' }, pageOfCursor(context.cursor)),
    },
    mapping: {
      toHalo: async (records) => records.map(toItem),
      basis: { value: async () => ({ group }), lookUpAgain: async () => {} },
    },
    target: {
      // The administrator files items in groups of their own and words the description on quotes.
      insertOnly: ['description', ...(group > 0 ? ['assetgroup_id'] : [])],
      matchFields: [['third_party_id']],
    },
    missing: 'left',
  };
}
