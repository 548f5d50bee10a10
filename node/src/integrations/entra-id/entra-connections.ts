import { UnknownModuleError } from '../../errors/vendor-errors.ts';
import type { HaloApi } from '../../halo-api/halo-api.ts';
import { listedEntities } from '../listed-entities.ts';
import type { HaloConnection, InstanceView } from '../connection.ts';
import { EntraName } from './entra-settings.ts';
import { isOn } from '../halo-row.ts';

/** The table of Entra ID's connections. */
export const EntraTable = 'AzureADConnection';

/** Names the module may have in MODULESETUP; which one a Halo uses is not public. */
const ModuleNames = [EntraName, 'Entra ID', 'Microsoft Entra ID', 'AzureAD', 'Azure AD', 'Azure Active Directory'];

const Synonyms: Readonly<Record<string, string>> = {
  user: 'Users',
  users: 'Users',
  agent: 'Agents',
  agents: 'Agents',
  licence: 'Licences',
  licences: 'Licences',
  license: 'Licences',
  licenses: 'Licences',
  subscriptions: 'Licences',
  licenceusers: 'LicenceUsers',
  assignments: 'LicenceUsers',
  device: 'Devices',
  devices: 'Devices',
  assets: 'Devices',
  intune: 'Devices',
};

/** The Entra ID connections set up in Halo, one per row of AzureADConnection. */
export async function readEntraConnections(api: HaloApi, instance?: InstanceView): Promise<readonly HaloConnection[]> {
  const rows = await api.settingsRows(EntraTable);
  if (rows.length === 0) return [];
  const moduleId = await moduleOf(api);
  if (moduleId === undefined) throw new UnknownModuleError(EntraName);
  return rows.map((row): HaloConnection => {
    const id = Number(row['ACid']);
    const name = row['ACName'];
    const lastSync = row['ACHaloIntegratorLastSync'];
    const lastError = row['ACHaloIntegratorLastError'];
    if (
      Number(row['acgraphendpoint'] ?? 0) > 0 &&
      isOn(row['ACHaloIntegratorEnabled']) &&
      !instance?.settings['GraphUrl']
    )
      instance?.warn(
        `The connection ${id} is for a cloud of its own in Halo (acgraphendpoint), and Graph of the common one is asked. ` +
          'Set Integrations.EntraId.Settings.GraphUrl and LoginUrl.',
      );
    return {
      id,
      name: typeof name === 'string' && name !== '' ? name : `Entra ID ${id}`,
      moduleId,
      enabled: isOn(row['ACHaloIntegratorEnabled']),
      entities: entitiesOf(row, instance),
      ...(lastSync instanceof Date ? { lastSync } : {}),
      ...(typeof lastError === 'string' && lastError !== '' ? { lastError } : {}),
      row,
    };
  });
}

async function moduleOf(api: HaloApi): Promise<number | undefined> {
  for (const name of ModuleNames) {
    const id = await api.moduleId(name);
    if (id !== undefined) return id;
  }
  return undefined;
}

/** The entities ticked in Halo; devices have switches of their own beside the list. */
function entitiesOf(row: Readonly<Record<string, unknown>>, instance?: InstanceView): readonly string[] {
  const listed = listedEntities(row['ACHaloIntegratorImportList'], EntraName, Synonyms, instance) ?? [
    ...new Set(Object.values(Synonyms)),
  ];
  // A row that is Intune's alone brings devices and nothing else.
  if (isOn(row['ACIsIntune'])) return listed.filter((name) => name === 'Devices');
  const intune = isOn(row['ACIntuneEnabled']);
  return listed.filter((name) => name !== 'Devices' || intune);
}
