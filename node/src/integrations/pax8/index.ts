import type { Integration } from '../integration.ts';
import { contacts } from './contacts.ts';
import { customers } from './customers.ts';
import { createPax8Client } from './pax8-client.ts';
import { Pax8Table, readPax8Connections } from './pax8-connections.ts';
import { missingPax8Credentials, pax8Settings } from './pax8-settings.ts';
import { products } from './products.ts';
import { subscriptions } from './subscriptions.ts';

/** Pax8, the cloud marketplace: companies, their contacts, products and subscriptions. */
export const pax8: Integration = {
  name: 'Pax8',
  displayName: 'Pax8',
  settings: pax8Settings,
  entities: [customers, contacts, products, subscriptions],
  tables: { [Pax8Table]: ['SELECT', 'UPDATE'] },
  connections: readPax8Connections,
  missingCredentials: missingPax8Credentials,
  async probe(context) {
    const companies = await createPax8Client(context).count('/companies');
    return companies === undefined ? 'Signed in to Pax8.' : `Signed in to Pax8; it lists ${companies} companies.`;
  },
  recordSync: (connection, { at, error }, write) =>
    write(
      Pax8Table,
      { column: 'PA8ID', value: connection.id },
      { PA8IntegratorLastSync: at, PA8IntegratorLastSyncError: error },
    ),
};
