import type { TableRight } from '../../../database/database.ts';
import { schemaTable } from '../../../database/schema/index.ts';
import { UnknownModuleError } from '../../../errors/vendor-errors.ts';
import type { HaloApi } from '../../../halo-api/halo-api.ts';
import type { HaloConnection, InstanceView } from '../../connection.ts';
import {
  columnsOfDetails,
  connectionSettings,
  connectionWords,
  type ConnectionWord,
  type ConnectionColumns,
  type ConnectionSettings,
} from './connection-settings.ts';
import type { Descriptor } from './descriptor.ts';
import { entitiesIn } from './entity-list.ts';
import { isOn } from '../../halo-row.ts';

const moduleTable = 'MODULESETUP';
const moduleKey = 'MSid';
/** The integrator's switch and what it wrote last, in the module's own row. */
const moduleColumns = {
  enabled: 'MSHaloIntegratorEnabled',
  lastSync: 'MSHaloIntegratorLastSync',
  lastError: 'MSHaloIntegratorLastError',
} as const satisfies ConnectionColumns;
const controlTables = ['CONTROL', 'CONTROL2', 'CONTROL3', 'Control4'] as const;

type Row = Readonly<Record<string, unknown>>;

/** Where a connection's settings are. */
interface ConnectionPlace {
  readonly table: string;
  readonly key: string;
  readonly columns: ConnectionColumns;
}

/** Which row takes the last sync of a connection, and in which columns. */
export interface SyncPlace {
  readonly table: string;
  readonly key: { readonly column: string; readonly value: number };
  readonly lastSync: string;
  readonly lastError: string;
}

/** The connections set up in Halo: the rows of the details table, else the one of the module's row and the CONTROL columns. */
export async function readConnections(
  descriptor: Descriptor,
  api: HaloApi,
  instance?: InstanceView,
): Promise<readonly HaloConnection[]> {
  const { halo } = descriptor;
  const details = halo.details ? await api.settingsRows(halo.details.table) : [];
  if (details.length === 0 && !halo.control) return [];
  const module = await moduleRow(descriptor, api);
  if (details.length > 0) {
    if (!module) throw new UnknownModuleError(descriptor.name);
    const place = detailsPlace(descriptor);
    return details.map((row) => connectionOf(descriptor, place, { ...module.row, ...row }, module.id, instance));
  }
  if (!module) return [];
  const control = await controlRow(descriptor, api);
  // What has moved to the details table, and has no row there any more, was taken away by the administrator.
  if (halo.control?.migrated !== undefined && isOn(control[halo.control.migrated])) return [];
  return [connectionOf(descriptor, controlPlace(descriptor), { ...module.row, ...control }, module.id, instance)];
}

/** What Halo's row says of a connection. */
export function toldBy(descriptor: Descriptor, connection: HaloConnection): ConnectionSettings {
  const { columns } = placeOf(descriptor, connection);
  return { ...descriptor.halo.otherwise, ...connectionSettings(connection.row, columns) };
}

/** Where the last sync and the last error of a connection are written: its own row, where that has columns for it, else the module's. */
export function syncPlaceOf(descriptor: Descriptor, connection: HaloConnection): SyncPlace {
  const { table, key, columns } = placeOf(descriptor, connection);
  const { lastSync = moduleColumns.lastSync, lastError = moduleColumns.lastError } = columns;
  if (table === moduleTable || lastSync === moduleColumns.lastSync)
    return { table: moduleTable, key: { column: moduleKey, value: connection.moduleId }, lastSync, lastError };
  return { table, key: { column: key, value: connection.id }, lastSync, lastError };
}

function placeOf(descriptor: Descriptor, connection: HaloConnection): ConnectionPlace {
  return descriptor.halo.details && connection.id !== 0 ? detailsPlace(descriptor) : controlPlace(descriptor);
}

/** The columns that stand for each word, of the details table and of CONTROL, in the order of the vocabulary. */
export function wordPlaces(descriptor: Descriptor): readonly (readonly [ConnectionWord, readonly string[]])[] {
  const { halo } = descriptor;
  const places = [
    ...(halo.details ? [detailsPlace(descriptor)] : []),
    ...(halo.control ? [controlPlace(descriptor)] : []),
  ];
  return connectionWords.flatMap((word) => {
    const columns = [...new Set(places.flatMap(({ columns: known }) => known[word] ?? []))];
    return columns.length === 0 ? [] : [[word, columns] as const];
  });
}

/** Halo's own tables that hold an integration's switches, and the rights that takes. */
export function switchTables(descriptor: Descriptor): Readonly<Record<string, readonly TableRight[]>> {
  const { details, control } = descriptor.halo;
  const read = controlTablesOf(descriptor).map((table) => [table, ['SELECT']] as const);
  const module = control || detailsPlace(descriptor).columns.lastSync === moduleColumns.lastSync;
  return {
    ...Object.fromEntries(read),
    ...(details && { [details.table]: ['SELECT', 'UPDATE'] }),
    ...(module && { [moduleTable]: ['SELECT', 'UPDATE'] }),
  };
}

function controlTablesOf(descriptor: Descriptor): readonly string[] {
  const { control } = descriptor.halo;
  if (!control) return [];
  const columns = [...Object.values(control.columns), ...(control.migrated === undefined ? [] : [control.migrated])];
  return controlTables.filter((table) => columns.some((column) => schemaTable(table)?.columns.has(column)));
}

function detailsPlace({ halo }: Descriptor): ConnectionPlace {
  const { table = moduleTable, columns: own } = halo.details ?? {};
  const key = schemaTable(table)?.primaryKey[0] ?? moduleKey;
  // A table without a switch of its own goes by the module's.
  return { table, key, columns: { ...moduleColumns, ...columnsOfDetails(table, own) } };
}

function controlPlace({ halo }: Descriptor): ConnectionPlace {
  return { table: moduleTable, key: moduleKey, columns: { ...halo.control?.columns, ...moduleColumns } };
}

function connectionOf(
  descriptor: Descriptor,
  place: ConnectionPlace,
  row: Row,
  moduleId: number,
  instance?: InstanceView,
): HaloConnection {
  const id = place.table === moduleTable ? 0 : Number(row[place.key]);
  const told = connectionSettings(row, place.columns);
  const name = told.name ?? (id === 0 ? descriptor.displayName : `${descriptor.displayName} ${id}`);
  if (told.enabled && (told.importType ?? 0) !== 0)
    instance?.warn(
      `The connection "${name}" has a kind of import (${told.importType}) whose meaning is not known: the entities that are on in ` +
        'appsettings.json are brought.',
    );
  const { entitiesOf, cannotObey } = descriptor.halo;
  if (told.enabled && instance) cannotObey?.(row, instance);
  const entities = entitiesOf
    ? entitiesOf(told, instance, row)
    : entitiesIn(told.entities, descriptor.name, descriptor.entities, instance);
  return {
    id,
    name,
    moduleId,
    enabled: told.enabled === true,
    ...(entities && { entities }),
    ...(told.lastSync && { lastSync: told.lastSync }),
    ...(told.lastError !== undefined && { lastError: told.lastError }),
    row,
  };
}

async function moduleRow({ name, halo }: Descriptor, api: HaloApi): Promise<{ id: number; row: Row } | undefined> {
  for (const one of [...halo.modules, name]) {
    const id = await api.moduleId(one);
    if (id === undefined) continue;
    const [row = {}] = await api.settingsRows(moduleTable, { MSid: id });
    return { id, row };
  }
  return undefined;
}

/** The CONTROL columns of an integration in one row; a table or column this Halo has not is as if nothing were set. */
async function controlRow(descriptor: Descriptor, api: HaloApi): Promise<Row> {
  const rows = await Promise.all(controlTablesOf(descriptor).map((table) => api.settingsRows(table)));
  const { control } = descriptor.halo;
  const wanted = new Set([...Object.values(control?.columns ?? {}), control?.migrated]);
  const found = rows.flatMap(([row = {}]) => Object.entries(row).filter(([column]) => wanted.has(column)));
  return Object.fromEntries(found);
}
