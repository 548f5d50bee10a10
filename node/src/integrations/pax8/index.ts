import type { InstanceView } from '../connection.ts';
import type { ConnectionSettings } from '../kit/descriptor/connection-settings.ts';
import type { DescribedContext } from '../kit/descriptor/described-context.ts';
import { entity } from '../kit/descriptor/described-entity.ts';
import type { Descriptor } from '../kit/descriptor/descriptor.ts';
import { integrationOf } from '../kit/descriptor/integration-of.ts';
import { listedBy } from '../kit/descriptor/listed-by.ts';
import { clients } from '../kit/kinds/clients.ts';
import { items } from '../kit/kinds/items.ts';
import { licences } from '../kit/kinds/licences.ts';
import { users } from '../kit/kinds/users.ts';
import type { NamedClient } from '../kit/kinds/vendor-clients.ts';
import { listedEntities } from '../listed-entities.ts';
import { companies, contacts, products, subscriptions, type Pax8Subscription } from './pax8-lists.ts';

// Paid for or in use. "Converted" is a trial that has become a paid subscription.
const active = new Set(['Active', 'PendingCancel', 'Trial', 'Converted', 'Activated']);
const inactive = new Set(['Cancelled', 'PendingManual', 'PendingAutomated', 'WaitingForDetails', 'PendingActivation']);

// Pax8's ids and secrets are letters, digits, - and _; what the web app encrypts is base64 with padding and does not fit.
const plain = /^[A-Za-z0-9_-]{8,}$/;

const entityNames = ['Customers', 'Contacts', 'Products', 'Subscriptions'];
const synonyms: Readonly<Record<string, string>> = {
  customer: 'Customers',
  customers: 'Customers',
  clients: 'Customers',
  companies: 'Customers',
  contacts: 'Contacts',
  users: 'Contacts',
  products: 'Products',
  items: 'Products',
  subscription: 'Subscriptions',
  subscriptions: 'Subscriptions',
  licences: 'Subscriptions',
  licenses: 'Subscriptions',
};

/** Pax8, the cloud marketplace: companies, their contacts, products and subscriptions. */
export const pax8Descriptor: Descriptor = {
  name: 'Pax8',
  displayName: 'Pax8',
  summary: 'Companies become clients with their contacts as users; products become items, and subscriptions licences.',
  halo: { modules: ['Pax8'], details: { table: 'Pax8Details' }, entitiesOf: tickedIn },
  settings: {
    ClientId: {
      type: 'string',
      required: true,
      fromHalo: { word: 'clientId', plain },
      description: 'Client id of the API application created in Pax8.',
    },
    ClientSecret: {
      type: 'string',
      secret: true,
      required: true,
      fromHalo: { word: 'clientSecret', plain },
      description: 'Client secret of the API application created in Pax8.',
    },
    BaseUrl: { type: 'string', default: 'https://api.pax8.com', description: 'Where Pax8’s API is.' },
    Audience: { type: 'string', default: 'https://api.pax8.com', description: 'The audience tokens are asked for.' },
  },
  api: {
    address: '{BaseUrl}/v1',
    signIn: {
      style: 'client-credentials',
      url: '/token',
      sends: 'json',
      clientId: '{ClientId}',
      clientSecret: '{ClientSecret}',
      fields: { audience: '{Audience}' },
    },
    rates: { windows: [{ requests: 1000, seconds: 60 }] },
  },
  probe: { url: '/companies', query: { page: 0, size: 1 }, count: { at: 'page.totalElements', of: 'companies' } },
  clients: { noun: 'company', entity: 'Customers', names: companyNames },
  entities: [
    entity({
      name: 'Customers',
      description: 'Pax8 companies as clients, each with a main site.',
      kind: clients(),
      source: ({ told }) => (told.importInactive === true ? companies.all : companies.active),
      endpoints: ['GET /companies'],
      record: ({ name, website, status, phone, address }, id) => ({
        id,
        name,
        website,
        // "Inactive" says only that the company lacks contacts (Pax8's specification).
        inactive: status === 'Deleted',
        phone,
        address: address && { ...address, state: address.stateOrProvince, postcode: address.postalCode },
      }),
    }),
    entity({
      name: 'Contacts',
      description: 'Contacts of Pax8 companies as users at the client’s main site.',
      kind: users(),
      source: contacts,
      record: ({ firstName, lastName, email, phone, company }, id) => ({
        id,
        firstname: firstName,
        surname: lastName,
        email,
        phone,
        client: company?.id ?? undefined,
        clientName: company?.name ?? undefined,
      }),
    }),
    entity({
      name: 'Products',
      description: 'Pax8 products as items.',
      kind: items(),
      source: products,
      record: ({ name, shortDescription, vendorSku, sku }, id) => ({
        id,
        name,
        description: shortDescription ?? null,
        sku: vendorSku || sku || null,
      }),
    }),
    entity({
      name: 'Subscriptions',
      description: 'Pax8 subscriptions as software licences, with quantity, prices and status.',
      kind: licences({ type: 1, vendor: 'Pax8', needsStart: true }),
      source: subscriptions,
      joins: { product: { source: products, by: 'id', of: 'productId', neededBy: lacksName } },
      record: (one, id, { joined: { product }, warn }) => ({
        id,
        name: one.productName?.trim() || product?.name,
        client: one.companyId,
        quantity: one.quantity,
        start: [one.startDate, one.billingStart, one.createdDate],
        end: [one.endDate, one.commitmentTerm?.endDate],
        price: one.price,
        cost: one.partnerCost,
        billingCycle: one.billingTerm,
        term: one.commitmentTerm?.term ?? null,
        status: one.status,
        ...(one.status !== undefined && { active: isActive(one.status, warn) }),
        vendorSku: one.vendorSkuId,
        secondId: one.vendorSubscriptionId,
      }),
    }),
  ],
  documentation: { 'Pax8 API': 'https://docs.pax8.com/api/v1' },
  assumed: [],
  triedAgainst: 'a server made from Pax8’s own description of its API',
};

/** Pax8 as the engine takes it. */
export const pax8 = integrationOf(pax8Descriptor);

/** The entities ticked in Halo; products have a switch of their own beside the list. */
function tickedIn(told: ConnectionSettings, instance: InstanceView | undefined): readonly string[] | undefined {
  const listed = listedEntities(told.entities, 'Pax8', synonyms, instance);
  return told.importProducts === true ? listed : (listed ?? entityNames).filter((name) => name !== 'Products');
}

async function companyNames(context: DescribedContext): Promise<ReadonlyMap<string, NamedClient>> {
  const found = new Map<string, NamedClient>();
  const { told } = context;
  for await (const records of listedBy(companies.named, context))
    for (const { id, name, status } of records) {
      const leftOut = status && status !== 'Active' && told.importInactive !== true;
      const why = `Customers leaves it out, as Pax8 says that it is ${status}: map the company in Halo, or let the connection import inactive and deleted companies.`;
      if (id && name) found.set(id, { name: name.trim(), ...(leftOut && { leftOut: why }) });
    }
  return found;
}

function lacksName({ productName, productId }: Pax8Subscription): boolean {
  return !productName?.trim() && Boolean(productId);
}

function isActive(status: string | null, warn: (message: string) => void): boolean {
  if (status && inactive.has(status)) return false;
  if (status && !active.has(status))
    warn(`Pax8 has subscriptions with the status "${status}", which is not known; they count as active.`);
  return true;
}
