import type { HaloConnection, VendorContext } from '../../connection.ts';
import type { Entity, EntityContext } from '../../entity.ts';
import type { Integration, IntegrationSettingField } from '../../integration.ts';
import type { Values } from '../fill-in.ts';
import type { VendorApi } from '../vendor-api.ts';
import { readConnections, switchTables, syncPlaceOf, toldBy } from './connections.ts';
import type { DescribedEntity } from './described-entity.ts';
import type { NamedClient, VendorClients } from '../kinds/vendor-clients.ts';
import type { DescribedContext } from './described-context.ts';
import type { ClientNames, Descriptor } from './descriptor.ts';
import { askProbe } from './probe.ts';
import { lackingSettings, resolveSettings } from './resolve-settings.ts';

type Settings = Readonly<Record<string, unknown>>;

/** The setting every integration has, since the words of Halo's lists are not all public. */
const haloEntityNames: IntegrationSettingField = {
  type: 'string[]',
  meaning: 'entity',
  codes: 'text',
  description: 'What words or codes in Halo’s list of entities to import mean, each as "word=Entity".',
};

/** The integration that a descriptor describes. */
export function integrationOf(descriptor: Descriptor): Integration {
  return {
    name: descriptor.name,
    displayName: descriptor.displayName,
    settings: settingsOf(descriptor),
    entities: descriptor.entities.map((entity) => entityOf(descriptor, entity)),
    ...(descriptor.halo.furtherModules && { modules: descriptor.halo.furtherModules }),
    tables: switchTables(descriptor),
    connections: (api, instance) => readConnections(descriptor, api, instance),
    missingCredentials: (connection, settings) =>
      lackingSettings(descriptor, resolve(descriptor, connection, settings)),
    probe: async (context) => askProbe(descriptor, await described(descriptor, context)),
    recordSync(connection, { at, error }, write) {
      const { table, key, lastSync, lastError } = syncPlaceOf(descriptor, connection);
      return write(table, key, { [lastSync]: at, [lastError]: error });
    },
  };
}

/** All settings of an integration: those it declares, and what every one has. */
export function settingsOf(descriptor: Descriptor): Readonly<Record<string, IntegrationSettingField>> {
  return { ...descriptor.settings, HaloEntityNames: haloEntityNames };
}

function entityOf(descriptor: Descriptor, entity: DescribedEntity): Entity {
  const { name, description, resource, alsoWrites, tables } = entity;
  return {
    name,
    description,
    resource,
    ...(alsoWrites && { alsoWrites }),
    ...(tables && { tables }),
    open: async (context) => entity.open(await described(descriptor, context)),
  };
}

function resolve(descriptor: Descriptor, connection: HaloConnection, settings: Settings): Settings {
  return resolveSettings(descriptor, toldBy(descriptor, connection), settings);
}

/** A context with what the descriptor knows: the settings resolved, what Halo's row says, and the vendor's API. */
async function described<C extends VendorContext & Pick<EntityContext, 'brings'>>(descriptor: Descriptor, context: C) {
  // Loaded when something runs: the readers of every form of answer are no business of a start.
  const { openApi } = await import('../vendor-api.ts');
  const own = { ...context, settings: resolve(descriptor, context.connection, context.settings) };
  const { clients } = descriptor;
  const sites = descriptor.entities.find(({ resource, name }) => resource === 'Site' && context.brings?.(name));
  const apis = new Map<string, VendorApi>();
  const known = {
    ...own,
    vendor: descriptor.displayName,
    told: toldBy(descriptor, context.connection),
    ...(descriptor.ownIds && { ownIds: descriptor.ownIds }),
    ...(sites && { sitesEntity: sites.name }),
    vendorApi(more?: Values) {
      if (!descriptor.api) throw new TypeError(`${descriptor.name} declares no API.`);
      const key = JSON.stringify(more ?? {});
      const api = apis.get(key) ?? openApi({ ...descriptor.api, integration: descriptor.name }, own, more);
      apis.set(key, api);
      return api;
    },
  };
  return clients ? { ...known, vendorClients: vendorClients(clients, known) } : known;
}

/** The vendor's clients, whose names are read when they are first asked for; a reading that failed is tried again. */
function vendorClients({ noun, entity, names }: ClientNames, context: object): VendorClients {
  let reading: Promise<ReadonlyMap<string, NamedClient>> | undefined;
  return {
    ...(noun !== undefined && { noun }),
    ...(entity !== undefined && { entity }),
    ...(names && {
      names() {
        // Records are mapped by entities alone, whose context has all of it.
        const asked = (reading ??= names(context as DescribedContext));
        asked.catch(() => (reading = undefined));
        return asked;
      },
    }),
  };
}
