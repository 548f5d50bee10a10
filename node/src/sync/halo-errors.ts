import { IntegratorError } from '../errors/integrator-error.ts';
import type { HaloObject } from '../halo-api/halo-api.ts';
import type { SyncParts } from './sync.ts';

/** A record that was set aside, and why. */
export interface RejectionFacts {
  readonly integration: string;
  readonly connection: string;
  readonly entity: string;
  /** Its name, else what it is called in words. */
  readonly record: string;
  /** The vendor's id; of what Halo tells, the number it gives there. '' where there is none. */
  readonly vendorId: string;
  readonly reason: string;
  /** ISO 8601 in UTC. */
  readonly since: string;
  readonly last: string;
}

/** Errors that are read, the newest: nothing says how long Halo keeps them. */
const mostRead = 1000;

/**
 * What Halo's own integrations noted of single records (IntegrationError), newest first; nothing where this Halo has no such table. The
 * same error of the same record is one, with the first and the last date of it.
 */
export async function haloErrors(
  parts: Pick<SyncParts, 'api' | 'registry' | 'settings'>,
): Promise<readonly RejectionFacts[]> {
  const { api } = parts;
  if ((await api.missingTables(['IntegrationError'])).length > 0) return [];
  const listed = await api.list('IntegrationError', { order: 'id', orderdesc: 'true', count: String(mostRead) });
  const rows = (Array.isArray(listed) ? listed : []) as readonly HaloObject[];
  if (rows.length === 0) return [];
  const named = await namesOf(parts);
  const errors = new Map<string, RejectionFacts>();
  for (const row of rows) {
    const { module_id: module, detail_id: detail } = row;
    const at = momentIn(row['date']);
    const error: RejectionFacts = {
      ...named(Number(module), Number(detail)),
      entity: textIn(row['entity_type']),
      record: textIn(row['entity_name']),
      vendorId: Number(row['entity_id']) === 0 ? '' : textIn(row['entity_id']),
      reason: [textIn(row['error']), textIn(row['endpoint']) && `(${textIn(row['endpoint'])})`]
        .filter(Boolean)
        .join(' '),
      since: at,
      last: at,
    };
    const key = JSON.stringify([module, detail, error.entity, error.record, error.vendorId, error.reason]);
    const newer = errors.get(key);
    errors.set(key, newer ? { ...newer, since: at < newer.since ? at : newer.since } : error);
  }
  return [...errors.values()];
}

/** Names of an integration and its connection by the numbers of their rows. */
async function namesOf({
  api,
  registry,
  settings,
}: Pick<SyncParts, 'api' | 'registry' | 'settings'>): Promise<
  (module: number, detail: number) => Pick<RejectionFacts, 'integration' | 'connection'>
> {
  const integrations = new Map<number, string>();
  const connections = new Map<string, string>();
  for (const integration of registry) {
    try {
      const view = { settings: settings.integrationSettings(integration.name), warn: () => undefined };
      for (const { moduleId, id, name } of await integration.connections(api, view)) {
        integrations.set(moduleId, integration.name);
        connections.set(`${moduleId} ${id}`, name);
      }
    } catch (error) {
      // One that cannot be read keeps the name that Halo has for it.
      if (!(error instanceof IntegratorError) || error.code.startsWith('Database')) throw error;
    }
  }
  const modules = new Map(
    (await api.settingsRows('MODULESETUP')).map((row) => [
      Number(row['MSid']),
      textIn(row['MSActualName']) || textIn(row['MSName']),
    ]),
  );
  return (module, detail) => ({
    integration: integrations.get(module) ?? (modules.get(module) || `module ${module}`),
    connection: connections.get(`${module} ${detail}`) ?? (detail === 0 ? '' : String(detail)),
  });
}

function textIn(value: unknown): string {
  return typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '';
}

function momentIn(value: unknown): string {
  const date = value instanceof Date ? value : new Date(textIn(value));
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
}
