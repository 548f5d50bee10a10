import { memberOf } from '../config/member-of.ts';
import { isSecretSource } from '../config/secrets.ts';
import { locateSettings, readSettingsFile } from '../config/settings-file.ts';
import { spelledContent } from '../config/spelled-content.ts';
import { suggestion } from '../config/validate-settings.ts';
import { UsageError } from '../errors/command-errors.ts';
import { SettingsInvalidError } from '../errors/config-errors.ts';
import type { IntegrationFacts, IntegrationSettingField } from '../integrations/integration.ts';
import { findIntegration } from '../sync/plan.ts';
import { command } from './command.ts';
import type { Given } from './params.ts';
import { tellSaved } from './tell-saved.ts';

const shape = {
  integration: 'text',
  setting: 'text',
  name: 'text',
  value: 'value',
  text: 'text',
  secret: 'value',
  whatIf: 'switch',
} as const;
type Params = Given<typeof shape>;

const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/**
 * Sets one of an integration's own settings, by its name in any case; null removes it. What is a secret is taken as `secret`
 * and nothing else is, so that none is typed as a plain value. With `whatIf`, names and kind are looked at only.
 */
export const settingSet = command('setting-set', shape, async (engine, params) => {
  const { registry, configPath, environment } = engine;
  const integration = findIntegration(registry, params.integration ?? '');
  const path = await locateSettings(configPath, environment);
  const content = spelledContent(await readSettingsFile(path, environment), registry);
  const [key, field] = findSetting(integration, params.setting ?? '', path);
  const keys = ['Integrations', integration.name, 'Settings', key];
  const value = valueOf(`${key} of ${integration.name}`, field, params);
  const { name } = params;
  if (name) {
    const names = Object.keys(keys.reduce(memberOf, content) ?? {});
    keys.push(names.find((one) => sameName(one, name)) ?? name);
  }
  const setting = keys.join('.');
  if (!params.whatIf) {
    const { saveSettings } = await import('../config/save-settings.ts');
    tellSaved(engine, path, await saveSettings(path, { [setting]: value }, environment, registry));
  }
  return { data: { path, setting }, exitCode: 0 };
});

function findSetting(
  { name, settings }: IntegrationFacts,
  asked: string,
  path: string,
): readonly [key: string, field: IntegrationSettingField] {
  const found = Object.entries(settings).find(([key]) => sameName(key, asked));
  if (found) return found;
  const known = Object.keys(settings);
  const fault = {
    path: `Integrations.${name}.Settings.${asked}`,
    problem: 'is not known',
    fix: suggestion(asked, known),
  };
  throw new SettingsInvalidError(path, [fault], true);
}

/** The value to save, undefined for none. Throws UsageError where it was given in a way that does not fit the setting. */
function valueOf(what: string, field: IntegrationSettingField, params: Params): unknown {
  const { secret, value, name } = params;
  const given = value !== undefined || secret !== undefined;
  if (field.perName && !name)
    throw new UsageError(`${what} is a secret for each of several names: give the name as -For.`, 'Add -For.');
  if (!field.perName && name) throw new UsageError(`${what} is not kept by name: leave out -For.`, 'Leave out -For.');
  if (field.secret || field.perName) {
    const reference = isSecretSource(value) && typeof value !== 'string';
    if (secret !== undefined) return secret;
    if (value === null) return undefined;
    if (reference) return value;
    throw new UsageError(
      `${what} is a secret: give it as -Secret (Read-Host -AsSecureString)${given ? ', not as -Value' : ''}.`,
      "Use -Secret, or give a reference such as @{ Environment = 'NAME' } as -Value.",
    );
  }
  if (secret !== undefined)
    throw new UsageError(`${what} is no secret: give it as -Value, not as -Secret.`, 'Use -Value.');
  if (!given) throw new UsageError(`${what} was given no value: give one as -Value.`, 'Use -Value; $null removes it.');
  return value === null ? undefined : asKind(field.type, value, params.text ?? String(value));
}

/** A value as the setting's kind where it can be read as that, else as it is, to be refused by what checks the settings. */
function asKind(type: IntegrationSettingField['type'], value: unknown, text: string): unknown {
  if (typeof value !== 'string' && typeof value !== 'number') return value;
  switch (type) {
    case 'string':
      return text;
    case 'string[]':
      return [text];
    case 'number':
      return text.trim() === '' || Number.isNaN(Number(value)) ? value : Number(value);
    case 'boolean':
      return /^(true|false)$/i.test(text) ? text.toLowerCase() === 'true' : value;
  }
}
