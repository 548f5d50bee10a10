import { UsageError } from '../errors/command-errors.ts';
import { secretReferences } from '../config/load-settings.ts';
import { locateSettings } from '../config/settings-file.ts';
import { memberOf } from '../config/member-of.ts';
import { isSecretSource, writtenSecrets } from '../config/secrets.ts';
import type { Settings } from '../config/settings.ts';
import type { IntegrationFacts } from '../integrations/integration.ts';
import { command } from './command.ts';
import { tellSaved } from './tell-saved.ts';

const hidden = '***';

/** Secrets written in the clear are not shown; references to them are. */
function withoutSecrets(settings: Settings, registry: readonly IntegrationFacts[]): unknown {
  const shown: unknown = structuredClone(settings);
  for (const [keys, value] of writtenSecrets(settings, registry)) {
    const parent = keys.slice(0, -1).reduce(memberOf, shown) as Record<string, unknown>;
    parent[keys.at(-1) as string] = isSecretSource(value) && typeof value !== 'string' ? value : hidden;
  }
  return shown;
}

/** The settings as saved, defaults filled in, without secrets. */
export const configGet = command('config-get', {}, async (engine) => {
  const { settings, path } = await engine.savedSettings();
  return { data: { path, settings: withoutSecrets(settings, engine.registry) }, exitCode: 0 };
});

/** Saves changes given by the path of the setting (`Database.Server`); the whole file is replaced in one step. */
export const configSet = command('config-set', { changes: 'object' }, async (engine, { changes }) => {
  if (!changes) throw new UsageError('config set needs settings and values.');
  const { saveSettings } = await import('../config/save-settings.ts');
  const path = await locateSettings(engine.configPath, engine.environment);
  tellSaved(engine, path, await saveSettings(path, changes, engine.environment, engine.registry));
  return { data: { path, changed: Object.keys(changes) }, exitCode: 0 };
});

/** The secrets that whoever started the engine has to open for it; it sends them back in a `secrets` message. */
export const secretReferencesCommand = command('secret-references', {}, async (engine) => {
  const { settings } = await engine.savedSettings();
  return { data: { references: secretReferences(settings, engine.registry) }, exitCode: 0 };
});
