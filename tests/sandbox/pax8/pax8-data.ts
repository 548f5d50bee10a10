/** How much data the sandbox has; everything follows from the sizes and the seed. */
export interface Pax8Sizes {
  readonly companies: number;
  readonly subscriptions: number;
  readonly products: number;
  readonly contactsPerCompany: number;
  readonly seed: number;
}

export type Pax8Record = Record<string, unknown>;
export type Pax8Kind = 'companies' | 'products' | 'subscriptions' | 'contacts';

const KindDigit = { companies: 1, products: 2, subscriptions: 3, contacts: 4 } as const;
const First = ['Blue', 'North', 'Silver', 'Green', 'River', 'Summit', 'Harbor', 'Maple', 'Iron', 'Clear'];
const Second = ['wood', 'field', 'gate', 'stone', 'bridge', 'point', 'view', 'crest'];
const Trades = ['Dental', 'Logistics', 'Legal', 'Partners', 'Clinic', 'Builders', 'Media', 'Foods', 'Schools'];
const GivenNames = ['Ada', 'Grace', 'Alan', 'Linus', 'Edsger', 'Barbara', 'Donald', 'Radia', 'Ken', 'Frances'];
const Surnames = ['Okafor', 'Svensson', 'Garcia', 'Müller', 'O’Brien', 'Nakamura', 'Dubois', 'Rossi', 'Kowalski'];
const Vendors = ['Microsoft', 'Acronis', 'Proofpoint', 'SentinelOne', 'Dropbox', 'Webroot'];
const Families = ['365 Business Basic', '365 Business Premium', 'Backup Cloud', 'Email Security', 'Endpoint Complete'];
const Terms = ['Monthly', 'Annual', 'Monthly', '3-Year'];
const Statuses = ['Active', 'Active', 'Active', 'Active', 'Active', 'Trial', 'Active', 'PendingCancel', 'Cancelled'];
const Epoch = Date.UTC(2019, 0, 1);
const Day = 86_400_000;

/** A number that depends on nothing but what it is called with. */
export function scramble(seed: number, index: number, salt: number): number {
  let mixed = (seed * 0x9e3779b1 + index * 0x85ebca6b + salt * 0xc2b2ae35) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}

function pick<T>(list: readonly T[], number: number): T {
  return list[number % list.length] as T;
}

/** The id of a record: a UUID that carries its index, so that no table of ids is needed. */
export function idOf(sizes: Pax8Sizes, kind: Pax8Kind, index: number): string {
  const random = scramble(sizes.seed, index, KindDigit[kind]).toString(16).padStart(8, '0');
  return `${random}-${KindDigit[kind]}a8e-4000-8000-${index.toString(16).padStart(12, '0')}`;
}

/** The index an id carries; undefined for an id that is none of this sandbox's. */
export function indexOf(sizes: Pax8Sizes, kind: Pax8Kind, id: string): number | undefined {
  const index = Number.parseInt(id.slice(-12), 16);
  return Number.isInteger(index) && idOf(sizes, kind, index) === id ? index : undefined;
}

/** A company. One in twenty-five is inactive, one in fifty deleted. */
export function companyAt(sizes: Pax8Sizes, index: number): Pax8Record {
  const random = scramble(sizes.seed, index, 11);
  const name = `${pick(First, random)}${pick(Second, random >>> 4)} ${pick(Trades, random >>> 8)} ${index + 1}`;
  const slug = name.toLowerCase().replaceAll(' ', '-');
  return {
    id: idOf(sizes, 'companies', index),
    name,
    address: {
      street: `${(random % 900) + 1} Main Street`,
      street2: `Suite ${(random % 40) + 1}`,
      city: 'Denver',
      stateOrProvince: 'CO',
      postalCode: String(80_000 + (random % 999)),
      country: 'US',
    },
    phone: `303-555-${String(random % 10_000).padStart(4, '0')}`,
    website: `https://${slug}.example.com/`,
    billOnBehalfOfEnabled: random % 2 === 0,
    selfServiceAllowed: false,
    orderApprovalRequired: false,
    status: companyStatus(index),
    updatedDate: new Date(Epoch + (random % 2000) * Day).toISOString(),
  };
}

function companyStatus(index: number): string {
  return index % 50 === 13 ? 'Deleted' : index % 25 === 7 ? 'Inactive' : 'Active';
}

/** An active company: the others have nothing subscribed. */
function customerOf(sizes: Pax8Sizes, number: number): number {
  const count = Math.max(1, sizes.companies);
  const index = number % count;
  return companyStatus(index) === 'Active' ? index : (index + 1) % count;
}

/** A contact: number so-and-so of a company. */
export function contactAt(sizes: Pax8Sizes, company: number, number: number): Pax8Record {
  const index = company * sizes.contactsPerCompany + number;
  const random = scramble(sizes.seed, index, 12);
  const firstName = pick(GivenNames, random);
  return {
    id: idOf(sizes, 'contacts', index),
    firstName,
    lastName: `${pick(Surnames, random >>> 4)} ${number + 1}`,
    email: `${firstName.toLowerCase()}.${index + 1}@example.com`,
    phone: `303-555-${String(random % 10_000).padStart(4, '0')}`,
    createdDate: new Date(Epoch + (random % 2000) * Day).toISOString().slice(0, 10),
    types: number === 0 ? [{ type: 'Admin', primary: true }] : [],
  };
}

/** A product. */
export function productAt(sizes: Pax8Sizes, index: number): Pax8Record {
  const random = scramble(sizes.seed, index, 13);
  const vendorName = pick(Vendors, random);
  return {
    id: idOf(sizes, 'products', index),
    name: `${vendorName} ${pick(Families, random >>> 4)} ${index + 1}`,
    vendorName,
    shortDescription: `${vendorName} for teams of any size.`,
    sku: `PX-${String(index + 1).padStart(6, '0')}`,
    vendorSku: `V-${random.toString(16)}`,
    requiresCommitment: random % 3 === 0,
  };
}

/** A subscription; created later the higher its index. */
export function subscriptionAt(sizes: Pax8Sizes, index: number): Pax8Record {
  const random = scramble(sizes.seed, index, 14);
  const product = random % Math.max(1, sizes.products);
  const created = Epoch + Math.floor((index / Math.max(1, sizes.subscriptions)) * 2000) * Day;
  const billingTerm = pick(Terms, random >>> 5);
  const price = ((random >>> 3) % 9_000) / 100 + 2;
  const committed = billingTerm !== 'Monthly';
  return {
    id: idOf(sizes, 'subscriptions', index),
    companyId: idOf(sizes, 'companies', customerOf(sizes, random >>> 7)),
    productId: idOf(sizes, 'products', product),
    vendorSubscriptionId: `VS-${index.toString(16)}`,
    vendorSkuId: `V-${scramble(sizes.seed, product, 13).toString(16)}`,
    quantity: ((random >>> 9) % 50) + 1,
    startDate: new Date(created + Day).toISOString(),
    createdDate: new Date(created).toISOString(),
    updatedDate: new Date(created + 2 * Day).toISOString(),
    billingStart: new Date(created + Day).toISOString().slice(0, 10),
    status: pick(Statuses, random >>> 11),
    price,
    currencyCode: 'USD',
    partnerCost: Math.round(price * 80) / 100,
    productName: productAt(sizes, product)['name'],
    billingTerm,
    ...(committed
      ? {
          commitmentTerm: {
            id: idOf(sizes, 'subscriptions', index),
            term: billingTerm,
            endDate: new Date(created + 1096 * Day).toISOString(),
          },
        }
      : {}),
  };
}
