import { UnknownModuleError } from '../../errors/vendor-errors.ts';
import type { HaloApi } from '../../halo-api/halo-api.ts';
import type { HaloConnection, InstanceView } from '../connection.ts';
import { listedEntities as readList } from '../listed-entities.ts';

/** The table of Pax8's connections. */
export const Pax8Table = 'Pax8Details';

const Entities = ['Customers', 'Contacts', 'Products', 'Subscriptions'] as const;
const Synonyms: Readonly<Record<string, string>> = {
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

/** The Pax8 connections set up in Halo, one per row of Pax8Details. */
export async function readPax8Connections(api: HaloApi, instance?: InstanceView): Promise<readonly HaloConnection[]> {
  const rows = await api.settingsRows(Pax8Table);
  if (rows.length === 0) return [];
  const moduleId = await api.moduleId('Pax8');
  if (moduleId === undefined) throw new UnknownModuleError('Pax8');
  return rows.map((row): HaloConnection => {
    const id = Number(row['PA8ID']);
    const lastSync = row['PA8IntegratorLastSync'];
    const lastError = row['PA8IntegratorLastSyncError'];
    const entities = entitiesOf(row, instance);
    return {
      id,
      name: typeof row['PA8Name'] === 'string' && row['PA8Name'] !== '' ? row['PA8Name'] : `Pax8 ${id}`,
      moduleId,
      enabled: row['PA8IntegratorEnabled'] === true || row['PA8IntegratorEnabled'] === 1,
      ...(entities ? { entities } : {}),
      ...(lastSync instanceof Date ? { lastSync } : {}),
      ...(typeof lastError === 'string' && lastError !== '' ? { lastError } : {}),
      row,
    };
  });
}

function entitiesOf(row: Readonly<Record<string, unknown>>, instance?: InstanceView): readonly string[] | undefined {
  const listed = listedEntities(row['PA8ImportEntities'], instance);
  // Products have a switch of their own beside the list.
  if (Number(row['pa8importproducts'] ?? 0) !== 0) return listed;
  return (listed ?? Entities).filter((name) => name !== 'Products');
}

/** PA8ImportEntities as entity names; undefined means all. */
export function listedEntities(list: unknown, instance?: InstanceView): readonly string[] | undefined {
  return readList(list, 'Pax8', Synonyms, instance);
}
