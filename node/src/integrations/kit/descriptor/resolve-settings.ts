import type { ConnectionSettings } from './connection-settings.ts';
import type { Descriptor, SettingDeclaration } from './descriptor.ts';

type Settings = Readonly<Record<string, unknown>>;

/** The value of each setting: the instance's, else what Halo's row has where it is plain, else the default; absent where there is none. */
export function resolveSettings(
  { settings: declared }: Descriptor,
  told: ConnectionSettings,
  given: Settings,
): Settings {
  const values = Object.entries(declared).flatMap(([name, declaration]): [string, unknown][] => {
    const value = [given[name], plainIn(told, declaration), declaration.default].find(isGiven);
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(values);
}

/** Names of the settings without which the vendor cannot be asked, and which have no value. */
export function lackingSettings({ settings }: Descriptor, resolved: Settings): readonly string[] {
  return Object.entries(settings).flatMap(([name, { required }]) =>
    required && !isGiven(resolved[name]) ? [name] : [],
  );
}

function plainIn(told: ConnectionSettings, { fromHalo }: SettingDeclaration): unknown {
  const value = fromHalo && told[fromHalo.word];
  return typeof value === 'string' && fromHalo?.plain.test(value) ? value : undefined;
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}
