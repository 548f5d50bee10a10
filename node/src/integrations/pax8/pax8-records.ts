import { recordShape, type RecordOf } from '../../reading/record-shape.ts';

/** A company of `GET /companies`, as far as it is used. Any field may be missing: Pax8's own examples lack required ones. */
export const companyShape = recordShape(
  {
    id: 'text',
    name: 'text',
    address: {
      street: 'text',
      street2: 'text',
      city: 'text',
      stateOrProvince: 'text',
      postalCode: 'text',
      country: 'text',
    },
    phone: 'text',
    website: 'text',
    status: 'text',
  },
  { id: 'id', name: ['name'] },
);
export type Pax8Company = RecordOf<typeof companyShape>;

/** A contact of `GET /companies/{companyId}/contacts`. */
export const contactShape = recordShape(
  { id: 'text', firstName: 'text', lastName: 'text', email: 'text', phone: 'text' },
  { id: 'id', name: ['email', 'lastName', 'firstName'] },
);
export type Pax8Contact = RecordOf<typeof contactShape>;

/** A product of `GET /products`. */
export const productShape = recordShape(
  { id: 'text', name: 'text', vendorName: 'text', shortDescription: 'text', sku: 'text', vendorSku: 'text' },
  { id: 'id', name: ['name'] },
);
export type Pax8Product = RecordOf<typeof productShape>;

/** A subscription of `GET /subscriptions`. */
export const subscriptionShape = recordShape(
  {
    id: 'text',
    companyId: 'text',
    productId: 'text',
    vendorSubscriptionId: 'text',
    vendorSkuId: 'text',
    quantity: 'number',
    startDate: 'text',
    endDate: 'text',
    createdDate: 'text',
    billingStart: 'text',
    status: 'text',
    price: 'number',
    partnerCost: 'number',
    productName: 'text',
    billingTerm: 'text',
    commitmentTerm: { term: 'text', endDate: 'text' },
  },
  { id: 'id', name: ['productName'] },
);
export type Pax8Subscription = RecordOf<typeof subscriptionShape>;

/** Texts as Halo's fields take them: trimmed, null where Pax8 has none, and left out where it does not say. */
export function given<K extends string>(
  texts: Readonly<Record<K, string | null | undefined>>,
): Record<string, string | null> {
  const said = Object.entries<string | null | undefined>(texts).filter(([, text]) => text !== undefined);
  return Object.fromEntries(said.map(([name, text]) => [name, text?.trim() || null]));
}
