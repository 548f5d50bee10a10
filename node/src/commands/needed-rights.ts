import type { TableRight } from '../database/database.ts';
import { resources } from '../halo-api/resources/index.ts';
import type { Integration } from '../integrations/integration.ts';

/** Tables written beside the resources' own: links, the change clock, histories and addresses. */
const traces = ['ExternalLink', 'CHANGESEQ', 'LicenceChange', 'UserChange', 'ADDRESSSTORE'] as const;
/** Tables that are only read: modules, mappings and the version. */
const lookedUp = ['MODULESETUP', 'IntegrationSiteMapping', 'CONTROL'] as const;

/** What the login needs on each table, from what the code reads and writes; nothing is ever deleted by it. */
export function neededRights(registry: readonly Integration[]): ReadonlyMap<string, readonly TableRight[]> {
  const needs = new Map<string, Set<TableRight>>();
  const need = (table: string, ...rights: TableRight[]): void => {
    const known = needs.get(table) ?? new Set();
    for (const right of rights) known.add(right);
    needs.set(table, known);
  };
  for (const { table, parents, readOnly } of resources.values()) {
    need(table, 'SELECT', ...(readOnly ? [] : (['INSERT', 'UPDATE'] as const)));
    for (const parent of parents ?? []) need(parent.table, 'SELECT');
  }
  for (const table of traces) need(table, 'SELECT', 'INSERT', 'UPDATE');
  for (const table of lookedUp) need(table, 'SELECT');
  for (const { tables } of registry) for (const table of tables) need(table, 'SELECT', 'INSERT', 'UPDATE');
  return new Map([...needs].sort(([a], [b]) => a.localeCompare(b)).map(([table, rights]) => [table, [...rights]]));
}

/** The T-SQL that gives a login these rights and no more. */
export function grantScript(registry: readonly Integration[]): string {
  const grants = [...neededRights(registry)].map(
    ([table, rights]) => `GRANT ${rights.join(', ')} ON dbo.[${table}] TO halo_integrator;`,
  );
  return `-- The least rights the Halo DB Integrator needs. Run it in Halo's database, as its owner.
-- Make the login first: CREATE LOGIN halo_integrator WITH PASSWORD = '...';
IF DATABASE_PRINCIPAL_ID('halo_integrator') IS NULL CREATE USER halo_integrator FOR LOGIN halo_integrator;
${grants.join('\n')}
-- Optional, in master: lets a second run say which session holds the lock.
-- GRANT VIEW SERVER STATE TO halo_integrator;
`;
}
