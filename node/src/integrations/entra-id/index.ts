import type { Integration } from '../integration.ts';
import { agents } from './agents.ts';
import { devices } from './devices.ts';
import { EntraTable, readEntraConnections } from './entra-connections.ts';
import { EntraName, entraSettings, missingEntraCredentials } from './entra-settings.ts';
import { openGraph } from './graph-client.ts';
import { licenceUsers } from './licence-users.ts';
import { licences } from './licences.ts';
import { users } from './users.ts';
import { textIn } from '../halo-row.ts';

/** Entra ID (Microsoft Graph): users, agents, licences and Intune's devices. */
export const entraId: Integration = {
  name: EntraName,
  displayName: 'Entra ID',
  settings: entraSettings,
  entities: [users, agents, licences, licenceUsers, devices],
  modules: ['Intune'],
  tables: {
    [EntraTable]: ['SELECT', 'UPDATE'],
    AzureADMapping: ['SELECT'],
    AzureADFilter: ['SELECT'],
    AreaAzureTenant: ['SELECT'],
    AzureDelta: ['SELECT', 'INSERT', 'UPDATE'],
    AzureLicences: ['SELECT'],
    XTypeMapping: ['SELECT'],
  },
  connections: readEntraConnections,
  missingCredentials: missingEntraCredentials,
  async probe(context) {
    const tenant = textIn(context.connection.row['ACDirectoryID']);
    if (tenant === undefined)
      return 'The connection names no tenant of its own; its tenants are tried when they are read.';
    const start = { path: '/users', query: { $select: 'id', $top: '1' } };
    for await (const page of openGraph(context, tenant).pages(start))
      return page.records.length > 0
        ? `Signed in to the tenant ${tenant}.`
        : `Signed in to ${tenant}; it has no users.`;
    return `Signed in to the tenant ${tenant}.`;
  },
  recordSync: (connection, { at, error }, write) =>
    write(
      EntraTable,
      { column: 'ACid', value: connection.id },
      { ACHaloIntegratorLastSync: at, ACHaloIntegratorLastError: error },
    ),
};
