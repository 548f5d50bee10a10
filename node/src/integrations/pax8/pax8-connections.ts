import { UnknownModuleError } from '../../errors/vendor-errors.ts';
import type { HaloApi } from '../../halo-api/halo-api.ts';
import type { HaloConnection, InstanceView } from '../integration.ts';

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

/**
 * PA8ImportEntities as entity names; undefined means all. How Halo writes the list is not public: a JSON array and a comma
 * list are read, names in any case, codes by the setting HaloEntityNames. One unknown code makes the list unreadable, and
 * then it counts as all: an entity needs the switch in appsettings.json as well, so nothing runs that nobody asked for.
 */
export function listedEntities(list: unknown, instance?: InstanceView): readonly string[] | undefined {
  const codes = codesOf(list);
  if (codes.length === 0) return undefined;
  const meanings = meaningsOf(instance?.settings['HaloEntityNames']);
  const names = new Set<string>();
  for (const code of codes) {
    const name = meanings.get(code.toLowerCase()) ?? Synonyms[code.toLowerCase()];
    if (name === undefined) {
      instance?.warn(
        `Halo's list of Pax8 entities holds "${code}", whose meaning is not known: every entity counts as ticked in Halo. ` +
          'Set Integrations.Pax8.Settings.HaloEntityNames to say what it means.',
      );
      return undefined;
    }
    names.add(name);
  }
  return [...names];
}

function codesOf(list: unknown): readonly string[] {
  if (typeof list !== 'string' || list.trim() === '') return [];
  let items: unknown = list.split(',');
  try {
    const parsed: unknown = JSON.parse(list);
    items = Array.isArray(parsed) ? parsed : [parsed];
  } catch {
    // Not JSON: the comma list stands.
  }
  return (items as unknown[]).map((item) => codeOf(item).trim()).filter((code) => code !== '');
}

function codeOf(item: unknown): string {
  if (typeof item !== 'object' || item === null) return String(item);
  const { id, name } = item as Record<string, unknown>;
  return String(name ?? id ?? JSON.stringify(item));
}

function meaningsOf(setting: unknown): ReadonlyMap<string, string> {
  const lines = Array.isArray(setting) ? setting : [];
  const meanings = new Map<string, string>();
  for (const line of lines) {
    const [code, name] = String(line).split('=', 2);
    const entity = name === undefined ? undefined : Synonyms[name.trim().toLowerCase()];
    if (code !== undefined && entity !== undefined) meanings.set(code.trim().toLowerCase(), entity);
  }
  return meanings;
}
