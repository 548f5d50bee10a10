import { UsageError } from '../errors/command-errors.ts';
import { secretSettings } from '../config/secrets.ts';
import type { Integration } from '../integrations/integration.ts';

/**
 * A value on the command line, which is JSON where it reads as such. A secret in the clear is refused, be it the setting itself
 * or a part of its value, since anybody can list arguments. Throws UsageError.
 */
export function settingOf(setting: string, given: string, registry: readonly Integration[]): unknown {
  const value = parsed(given);
  for (const { path, perName } of secretSettings(registry)) {
    const inside = path === setting ? value : partOf(value, path, setting);
    const named = perName && setting.toLowerCase().startsWith(`${path.toLowerCase()}.`) ? [value] : undefined;
    const secrets = named ?? (perName ? Object.values(isObject(inside) ? inside : {}) : [inside]);
    if (secrets.some((one) => typeof one === 'string' || typeof one === 'number'))
      throw new UsageError(
        `${setting} is or holds a secret, and must not be given as an argument.`,
        'Use Set-HaloDbConfig -Credential, write it into the file, or give a reference such as {"Environment": "NAME"}.',
      );
  }
  return value;
}

/** What a setting's value has at a path below it. */
function partOf(value: unknown, path: string, setting: string): unknown {
  if (!path.toLowerCase().startsWith(`${setting.toLowerCase()}.`)) return undefined;
  return path
    .slice(setting.length + 1)
    .split('.')
    .reduce((part: unknown, key) => (isObject(part) ? part[key] : undefined), value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
