import type { TableRight } from '../database/database.ts';
import { resources } from '../halo-api/resources/index.ts';
import { writtenTables } from '../halo-api/written-tables.ts';
import type { Entity } from '../integrations/entity.ts';
import type { Integration } from '../integrations/integration.ts';

/** Tables that are only read, whatever is synced: modules, mappings, the version, and what tells of NHserver. */
const lookedUp = ['MODULESETUP', 'IntegrationSiteMapping', 'CONTROL', 'NHServerLogs', 'NHServerConfig'] as const;
/**
 * What the login needs on each table, from what the code reads and writes; nothing is ever deleted by it. Where a choice is
 * given, only the entities chosen are written.
 */
export function neededRights(
  registry: readonly Integration[],
  chosen: (integration: Integration, entity: Entity) => boolean = () => true,
): ReadonlyMap<string, readonly TableRight[]> {
  const needs = new Map<string, Set<TableRight>>();
  const need = (table: string, rights: readonly TableRight[]): void => {
    const known = needs.get(table) ?? new Set();
    for (const right of rights) known.add(right);
    needs.set(table, known);
  };
  for (const { table, parents } of resources.values())
    for (const read of [table, ...(parents ?? []).map((parent) => parent.table)]) need(read, ['SELECT']);
  for (const table of lookedUp) need(table, ['SELECT']);
  for (const integration of registry) {
    const entities = integration.entities.filter((entity) => chosen(integration, entity));
    for (const [table, rights] of Object.entries(integration.tables))
      need(table, entities.length > 0 ? rights : ['SELECT']);
    for (const { resource, alsoWrites, tables } of entities) {
      for (const name of [resource, ...(alsoWrites ?? [])])
        for (const [table, rights] of writtenTables(name)) need(table, rights);
      for (const [table, rights] of Object.entries(tables ?? {})) need(table, rights);
    }
  }
  return new Map([...needs].sort(([a], [b]) => a.localeCompare(b)).map(([table, rights]) => [table, [...rights]]));
}

/** The T-SQL that gives a login these rights and no more. */
export function grantScript(registry: readonly Integration[]): string {
  const grants = [...neededRights(registry)].map(
    ([table, rights]) =>
      `IF OBJECT_ID(N'dbo.[${table}]') IS NOT NULL GRANT ${rights.join(', ')} ON dbo.[${table}] TO halo_integrator;`,
  );
  return `-- The least rights the Halo DB Integrator needs. Run it in Halo's database, as its owner.
-- Make the login first: CREATE LOGIN halo_integrator WITH PASSWORD = '...';
-- It may be run again: a user that came with a restored database gets its login back, and a table this Halo has not is left out.
IF DATABASE_PRINCIPAL_ID('halo_integrator') IS NULL CREATE USER halo_integrator FOR LOGIN halo_integrator ELSE ALTER USER halo_integrator WITH LOGIN = halo_integrator;
${grants.join('\n')}
-- Optional, in master: lets a second run say which session holds the lock (Azure SQL: VIEW DATABASE STATE, here).
-- GRANT VIEW SERVER STATE TO halo_integrator;
`;
}
