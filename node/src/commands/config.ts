import { UsageError } from '../errors/command-errors.ts';
import { secretReferences } from '../config/load-settings.ts';
import { locateSettings } from '../config/settings-file.ts';
import type { Command } from './command.ts';

const hidden = '***';

/** Secrets written in the clear are not shown; references to them are. */
function withoutSecrets(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return /password|secret|token|key/i.test(key) ? hidden : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => withoutSecrets(one));
  if (['Environment', 'Protected', 'Vault'].some((name) => name in value)) return value;
  // A secret for each name: what is under a secret's key is one.
  const secrets = /^(passwords|secrets)$/i.test(key);
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, withoutSecrets(one, secrets ? key : name)]),
  );
}

/** The settings as saved, defaults filled in, without secrets. */
export const configGet: Command = {
  name: 'config-get',
  async run(engine) {
    const { settings, path } = await engine.savedSettings();
    return { data: { path, settings: withoutSecrets(settings) }, exitCode: 0 };
  },
};

/** Saves changes given by the path of the setting (`Database.Server`); the whole file is replaced in one step. */
export const configSet: Command = {
  name: 'config-set',
  async run(engine, params) {
    const { changes } = params;
    if (typeof changes !== 'object' || changes === null) throw new UsageError('config set needs settings and values.');
    const { saveSettings } = await import('../config/save-settings.ts');
    const path = await locateSettings(engine.configPath, engine.environment);
    await saveSettings(path, changes as Record<string, unknown>, engine.environment, engine.registry);
    return { data: { path, changed: Object.keys(changes) }, exitCode: 0 };
  },
};

/** The secrets that whoever started the engine has to open for it; it sends them back in a `secrets` message. */
export const secretReferencesCommand: Command = {
  name: 'secret-references',
  async run(engine) {
    const { settings } = await engine.savedSettings();
    return { data: { references: secretReferences(settings, engine.registry) }, exitCode: 0 };
  },
};
