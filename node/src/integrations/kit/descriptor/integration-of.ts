import type { HaloConnection, VendorContext } from '../../connection.ts';
import type { Integration, IntegrationSettingField } from '../../integration.ts';
import { readConnections, switchTables, syncPlaceOf, toldBy } from './connections.ts';
import type { Descriptor } from './descriptor.ts';
import { lackingSettings, resolveSettings } from './resolve-settings.ts';

type Settings = Readonly<Record<string, unknown>>;

/** The setting every integration has, since the words of Halo's lists are not all public. */
const haloEntityNames: IntegrationSettingField = {
  type: 'string[]',
  description: 'What words or codes in Halo’s list of entities to import mean, each as "word=Entity".',
};

/** The integration that a descriptor describes. */
export function integrationOf(descriptor: Descriptor): Integration {
  const resolve = (connection: HaloConnection, settings: Settings): Settings =>
    resolveSettings(descriptor, toldBy(descriptor, connection), settings);
  const resolved = <C extends VendorContext>(context: C): C => ({
    ...context,
    settings: resolve(context.connection, context.settings),
  });
  return {
    name: descriptor.name,
    displayName: descriptor.displayName,
    settings: { ...descriptor.settings, HaloEntityNames: haloEntityNames },
    entities: descriptor.entities.map((entity) => ({ ...entity, open: (context) => entity.open(resolved(context)) })),
    tables: switchTables(descriptor),
    connections: (api, instance) => readConnections(descriptor, api, instance),
    missingCredentials: (connection, settings) => lackingSettings(descriptor, resolve(connection, settings)),
    probe: (context) => descriptor.probe.ask(resolved(context)),
    recordSync(connection, { at, error }, write) {
      const { table, key, lastSync, lastError } = syncPlaceOf(descriptor, connection);
      return write(table, key, { [lastSync]: at, [lastError]: error });
    },
  };
}
