import writeFileAtomic from 'write-file-atomic';
import type { Environment } from '../environment.ts';
import { SettingsInvalidError, SettingsNotSavedError, type SettingsFault } from '../errors/config-errors.ts';
import { ownFile } from '../own-files.ts';
import { despiteHolders } from '../held-files.ts';
import type { IntegrationFacts } from '../integrations/integration.ts';
import { secretSettings } from './secrets.ts';
import { meantBy } from './sections.ts';
import { readSettingsFile } from './settings-file.ts';
import { pathInOwnSpelling } from './own-spelling.ts';
import { schemaOf } from './settings-validator.ts';
import { spelledContent } from './spelled-content.ts';
import { whileLocked } from './settings-lock.ts';
import { faultsIn } from './validate-settings.ts';

/** New values by the path of the setting (`Database.Server`); undefined removes the key. */
export type SettingsChanges = Readonly<Record<string, unknown>>;

/**
 * Changes keys of an appsettings.json and replaces the file in one step. Other members and their order stay; comments
 * go, and keys come in the product's own spelling. A change that brings a new fault is refused, one that leaves old faults is not, so a
 * broken file can be mended: what is still wrong is answered.
 */
export async function saveSettings(
  path: string,
  changes: SettingsChanges,
  environment: Environment,
  registry: readonly IntegrationFacts[],
): Promise<readonly SettingsFault[]> {
  return whileLocked(path, environment, () => changeFile(path, changes, environment, registry));
}

async function changeFile(
  path: string,
  changes: SettingsChanges,
  environment: Environment,
  registry: readonly IntegrationFacts[],
): Promise<readonly SettingsFault[]> {
  const file = await readSettingsFile(path, environment);
  const found = spelledContent(file, registry);
  const before = new Set(faultsIn(found, registry).map((fault) => JSON.stringify(fault)));
  const content = isMembers(found) ? found : {};
  for (const [setting, value] of Object.entries(changes)) change(content, keysOf(setting, registry), value);
  const left = faultsIn(content, registry);
  const added = left.filter((fault) => !before.has(JSON.stringify(fault)));
  if (added.length > 0 && (before.size === 0 || added.some((fault) => touches(fault.path, changes)))) {
    throw new SettingsInvalidError(path, added, true);
  }
  const newline = file.text.includes('\r\n') ? '\r\n' : '\n';
  const text = `${JSON.stringify(content, undefined, 2)}\n`.replaceAll('\n', newline);
  try {
    await despiteHolders(() => writeFileAtomic(path, text, { mode: ownFile }), environment);
  } catch (error) {
    throw new SettingsNotSavedError(path, error);
  }
  return left;
}

/** Switches entities of an integration on or off in this instance. */
export async function setEntity(
  path: string,
  integration: string,
  entities: readonly string[],
  on: boolean,
  environment: Environment,
  registry: readonly IntegrationFacts[],
): Promise<readonly SettingsFault[]> {
  const changes = entities.map((entity) => [`Integrations.${integration}.Entities.${entity}`, on]);
  return saveSettings(path, Object.fromEntries(changes) as SettingsChanges, environment, registry);
}

function touches(faultPath: string, changes: SettingsChanges): boolean {
  const fault = faultPath.toLowerCase();
  return Object.keys(changes).some((setting) => {
    const changed = setting.toLowerCase();
    return fault.startsWith(changed) || changed.startsWith(fault);
  });
}

/** A setting's keys; what stands behind a secret for each name is the name, be there dots in it or not. */
function keysOf(setting: string, registry: readonly IntegrationFacts[]): string[] {
  const named = secretSettings(meantBy(setting, registry)).find(
    ({ path, perName }) => perName && setting.toLowerCase().startsWith(`${path.toLowerCase()}.`),
  );
  if (named) return [...named.path.split('.'), setting.slice(named.path.length + 1)];
  return pathInOwnSpelling(setting.split('.'), schemaOf(registry));
}

type Members = Record<string, unknown>;

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function change(content: Members, path: readonly string[], value: unknown): void {
  let parent = content;
  for (const key of path.slice(0, -1)) {
    let next = Object.hasOwn(parent, key) ? parent[key] : undefined;
    if (!isMembers(next)) {
      if (value === undefined) return;
      next = {};
      define(parent, key, next);
    }
    parent = next as Members;
  }
  const last = path.at(-1) as string;
  if (value === undefined) delete parent[last];
  else define(parent, last, value);
}

/** A plain assignment would take `__proto__` for the prototype. */
function define(parent: Members, key: string, value: unknown): void {
  Object.defineProperty(parent, key, { value, enumerable: true, configurable: true, writable: true });
}
