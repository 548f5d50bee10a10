import type { TableRight } from '../database/database.ts';
import { resources } from './resources/index.ts';

const written = ['SELECT', 'INSERT', 'UPDATE'] as const;
/** An insert that answers its identity keys reads them back. */
const added = ['SELECT', 'INSERT'] as const;

/** The tables that writing a resource takes, its own and those of all that is left beside its rows, and the rights on them. */
export function writtenTables(resourceName: string): ReadonlyMap<string, readonly TableRight[]> {
  const resource = resources.get(resourceName.toLowerCase());
  const tables = new Map<string, readonly TableRight[]>();
  if (!resource) return tables;
  tables.set(resource.table, resource.neverCreated ? ['SELECT', 'UPDATE'] : written);
  tables.set('ExternalLink', written);
  if (resource.changeClock) tables.set('CHANGESEQ', ['SELECT', 'UPDATE']);
  if (resource.address) tables.set('ADDRESSSTORE', written);
  if (resource.assetParts) {
    for (const table of ['USERDEVICE', 'INFO', 'DeviceApplications']) tables.set(table, written);
    for (const table of ['TYPEINFO', 'FIELD']) tables.set(table, ['SELECT']);
    tables.set('DEVICECHANGE', added);
  }
  if (resource.name === 'Users') {
    tables.set('CONTROL2', ['SELECT']);
    tables.set('USERDEVICE', written);
  }
  for (const { table } of resource.history ?? []) tables.set(table, added);
  return tables;
}
