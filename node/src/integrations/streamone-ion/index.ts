import { recordShape, type RecordOf } from '../../reading/record-shape.ts';
import type { DescribedContext } from '../kit/descriptor/described-context.ts';
import { entity } from '../kit/descriptor/described-entity.ts';
import type { Descriptor } from '../kit/descriptor/descriptor.ts';
import { listedBy } from '../kit/descriptor/listed-by.ts';
import { fieldAt, textOf } from '../kit/field-path.ts';
import { clients } from '../kit/kinds/clients.ts';
import { licences } from '../kit/kinds/licences.ts';
import type { NamedClient } from '../kit/kinds/vendor-clients.ts';
import type { DeclaredSource } from '../kit/sources/declared-source.ts';

const notInUse = new Set([
  'CANCELLED',
  'DELETED',
  'DISABLED',
  'ERROR',
  'EXPIRED',
  'FAILED',
  'INITIATED',
  'IN_PROGRESS',
  'PAUSED',
  'PENDING',
  'STOPPED',
  'SUSPENDED',
]);
const inUse = new Set(['ACCEPTED', 'ACTIVE', 'AVAILABLE', 'COMPLETE', 'CONFIRMED', 'ENABLED', 'RUNNING']);

const customerShape = recordShape(
  {
    name: 'text',
    customerOrganization: 'text',
    customerPhone: 'text',
    customerAddress: { street: 'text', city: 'text', state: 'text', zip: 'text' },
  },
  { id: 'name', name: ['customerOrganization'] },
);
/** Customers, by page tokens; each is named by its address, which ends with its id. */
const customers: DeclaredSource<RecordOf<typeof customerShape>> = {
  shape: customerShape,
  url: '/customers',
  records: 'customers',
  paging: {
    style: 'cursor',
    parameter: 'pageToken',
    next: 'nextPageToken',
    size: { parameter: 'pageSize', value: 100 },
  },
};

const subscriptionShape = recordShape(
  {
    id: 'id',
    customerId: 'id',
    subscriptionId: 'text',
    subscriptionName: 'text',
    subscriptionStatus: 'text',
    subscriptionPurchasedDate: 'text',
    subscriptionStartDate: 'text',
    subscriptionEndDate: 'text',
    renewalDate: 'text',
    subscriptionBillingCycle: 'text',
    subscriptionBillingTerm: 'text',
    autoRenew: 'boolean',
    price: 'number',
    cost: 'number',
    mfgPartNumber: 'text',
    ccpProductInfo: { productDisplayName: 'text', skuDisplayName: 'text' },
  },
  { id: 'id', name: ['subscriptionName'] },
);
/** Subscriptions, by offset: another way of paging than that of customers. Nothing says how many there are. */
const subscriptions: DeclaredSource<RecordOf<typeof subscriptionShape>> = {
  shape: subscriptionShape,
  url: '/subscriptions',
  records: 'items',
  paging: { style: 'offset', parameter: 'pagination.offset', size: { parameter: 'pagination.limit', value: 100 } },
};

/** TD SYNNEX StreamOne Ion, the cloud marketplace: customers and their subscriptions. */
export const streamOneIon: Descriptor = {
  name: 'StreamOneIon',
  displayName: 'TD SYNNEX StreamOne Ion',
  summary: 'Customers become clients, and their subscriptions licences.',
  halo: {
    modules: ['StreamOne Ion', 'StreamOneIon', 'TD SYNNEX StreamOne Ion', 'TD SYNNEX StreamOne ION'],
    details: { table: 'StreamOneIonDetails' },
  },
  settings: {
    AccountId: {
      type: 'string',
      required: true,
      fromHalo: { word: 'accountId', plain: /^\d+$/ },
      description: 'The number of your account, as it stands in addresses of the portal.',
    },
    RefreshToken: {
      type: 'string',
      required: true,
      secret: true,
      description: 'Refresh token of an API application of its own: one that Halo uses too ends for both.',
    },
    QuantityField: {
      type: 'string',
      default: 'totalLicense',
      description: 'The field of a subscription that says how many licences it has.',
    },
    DeactivateMissing: {
      type: 'boolean',
      default: false,
      description: 'Whether licences that are gone are set inactive; Halo has no switch for that.',
    },
    BaseUrl: { type: 'string', default: 'https://ion.tdsynnex.com', description: 'Where StreamOne Ion is.' },
  },
  api: {
    address: '{BaseUrl}/api/v3/accounts/{AccountId}',
    signIn: { style: 'refresh-token', url: '{BaseUrl}/oauth/token', refreshToken: '{RefreshToken}' },
  },
  probe: { url: '/customers', query: { pageSize: 1 } },
  clients: { noun: 'customer', entity: 'Customers', names: customerNames },
  entities: [
    entity({
      name: 'Customers',
      description: 'Customers as clients, each with a main site.',
      kind: clients(),
      source: customers,
      record: ({ customerOrganization, customerPhone, customerAddress }, name) => ({
        id: idIn(name),
        name: customerOrganization,
        phone: customerPhone,
        address: customerAddress && { ...customerAddress, postcode: customerAddress.zip },
      }),
    }),
    entity({
      name: 'Subscriptions',
      description: 'Subscriptions as software licences, with quantity, prices and status.',
      kind: licences({
        type: 1,
        vendor: 'TD SYNNEX',
        deactivates: ({ settings }) => settings['DeactivateMissing'] === true,
      }),
      source: subscriptions,
      record: (one, id, { settings, warn }) => ({
        id,
        name: one.subscriptionName || one.ccpProductInfo?.skuDisplayName || one.ccpProductInfo?.productDisplayName,
        client: textOf(one.customerId),
        quantity: quantityOf(fieldAt(one, String(settings['QuantityField']))),
        start: [one.subscriptionStartDate, one.subscriptionPurchasedDate],
        end: [one.subscriptionEndDate, one.renewalDate],
        price: one.price,
        cost: one.cost,
        billingCycle: one.subscriptionBillingCycle,
        term: one.subscriptionBillingTerm,
        status: one.subscriptionStatus,
        ...(one.subscriptionStatus && { active: isActive(one.subscriptionStatus, warn) }),
        autorenew: one.autoRenew,
        vendorSku: one.mfgPartNumber,
        secondId: one.subscriptionId,
      }),
    }),
  ],
  documentation: { 'StreamOne Ion API': 'https://docs.streamone.cloud/' },
  assumed: [
    {
      what: 'A subscription’s quantity is its field totalLicense. One that has no such field is rejected, and named, and nothing of it is written.',
      evidence:
        'A filter of the list is called so; TD SYNNEX’s own samples of a subscription show no quantity under any name.',
      setting: 'QuantityField',
    },
    {
      what: 'price and cost are those of one licence, in Halo’s currency.',
      evidence: 'Beside them stands total.',
    },
    {
      what: 'A customer’s id is the last part of its name (accounts/1/customers/2).',
      evidence: 'TD SYNNEX’s own client reads it there, and subscriptions name customers by it.',
    },
    {
      what: 'A status in which a subscription cannot be used (cancelled, expired, suspended, pending …) makes the licence inactive.',
      evidence: 'The words are TD SYNNEX’s; what Halo makes of them is not public.',
    },
    {
      what: 'Licences that are gone are left as they are.',
      evidence: 'StreamOneIonDetails has no switch for it.',
      setting: 'DeactivateMissing',
    },
  ],
  triedAgainst: 'a server made from our description of the two lists that TD SYNNEX’s own client calls',
};

async function customerNames(context: DescribedContext): Promise<ReadonlyMap<string, NamedClient>> {
  const found = new Map<string, NamedClient>();
  for await (const records of listedBy(customers, context))
    for (const { name, customerOrganization } of records)
      if (name && customerOrganization) found.set(idIn(name), { name: customerOrganization.trim() });
  return found;
}

/** The id at the end of a customer's name. */
function idIn(name: string): string {
  return name.split('/').at(-1) ?? name;
}

function isActive(status: string, warn: (message: string) => void): boolean {
  const word = status.trim().toUpperCase().replaceAll(' ', '_');
  if (notInUse.has(word)) return false;
  if (!inUse.has(word))
    warn(`StreamOne Ion has subscriptions with the status "${status}", which is not known; they count as active.`);
  return true;
}

/** A number, also one written as a text. */
function quantityOf(value: unknown): number | undefined {
  const text = textOf(value);
  return text === undefined ? undefined : Number(text);
}
