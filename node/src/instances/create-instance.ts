import { basename, dirname, join, resolve } from 'node:path';
import { isEmbedded } from '../config/embedded.ts';
import { locateSettings, readSettingsFile, SETTINGS_FILE } from '../config/settings-file.ts';
import { spelledContent } from '../config/spelled-content.ts';
import { faultsIn } from '../config/validate-settings.ts';
import type { Environment } from '../environment.ts';
import { SettingsInvalidError } from '../errors/config-errors.ts';
import { InstanceExistsError, InstanceFolderError } from '../errors/schedule-errors.ts';
import type { IntegrationFacts } from '../integrations/integration.ts';
import { ownFile, ownFolder } from '../own-files.ts';
import { frequencyIn } from '../schedule/frequency.ts';
import { engineLimit } from '../schedule/time-limits.ts';
import { fileIdentity } from './file-identity.ts';
import { listedInstance, type ListedInstance } from './list-instances.ts';

/** A folder that was made for an instance. */
export interface NewInstance extends ListedInstance {
  /** The settings it was made from. */
  readonly copiedFrom: string;
}

type Members = Record<string, unknown>;

/**
 * Makes a folder with an appsettings.json, `logs` and `state`. Address, database, sign-in and the integrations' settings
 * are those of another instance (the engine's own where none is named); every entity is off, so that none runs twice.
 */
export async function createInstance(
  wanted: { readonly path: string; readonly copyFrom?: string },
  environment: Environment,
  registry: readonly IntegrationFacts[],
): Promise<NewInstance> {
  const { fs } = environment;
  const asked = resolve(environment.workingFolder, wanted.path);
  // Who names the file means its folder.
  const folder = basename(asked).toLowerCase() === SETTINGS_FILE ? dirname(asked) : asked;
  const path = join(folder, SETTINGS_FILE);
  const source = await readSettingsFile(await locateSettings(wanted.copyFrom, environment), environment);
  const given = spelledContent(source, registry);
  const faults = faultsIn(given, registry);
  if (faults.length > 0) throw new SettingsInvalidError(source.path, faults);
  const frequency = frequencyIn(basename(folder));
  const timeLimitMinutes = frequency ? engineLimit(frequency) : 0;
  const content = forNewInstance(given as Members, timeLimitMinutes);
  const database = content['Database'] as { Server: string; Name: string };
  const embedded = isEmbedded(database) ? resolve(source.folder, database.Name) : undefined;
  // Nothing is to come into the engine's own folder, which an upgrade replaces; a database that is there already is shared.
  const own =
    (await fileIdentity(source.folder, environment)) === (await fileIdentity(environment.engineFolder, environment));
  if (embedded !== undefined && (!own || (await fs.stat(embedded).catch(() => undefined)))) database.Name = embedded;
  try {
    for (const one of ['logs', 'state']) await fs.mkdir(join(folder, one), { recursive: true, mode: ownFolder });
  } catch (error) {
    throw new InstanceFolderError(folder, error);
  }
  try {
    // Secrets may be in it. An existing file is never written over, not even by two at once.
    await fs.writeFile(path, `${JSON.stringify(content, undefined, 2)}\n`, { flag: 'wx', mode: ownFile });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw new InstanceExistsError(path);
    throw new InstanceFolderError(folder, error);
  }
  return { ...(await listedInstance(path, environment)), copiedFrom: source.path };
}

function forNewInstance(content: Members, timeLimitMinutes: number): Members {
  const copy = structuredClone(content);
  for (const integration of Object.values((copy['Integrations'] ?? {}) as Record<string, Members>)) {
    const entities = Object.keys((integration['Entities'] ?? {}) as Members);
    integration['Entities'] = Object.fromEntries(entities.map((name) => [name, false]));
  }
  copy['Sync'] = { ...(copy['Sync'] as Members | undefined), TimeLimitMinutes: timeLimitMinutes };
  return copy;
}
