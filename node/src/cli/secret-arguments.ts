import { UsageError } from '../errors/command-errors.ts';
import { memberOf } from '../config/member-of.ts';
import { secretSettings } from '../config/secrets.ts';
import { meantBy } from '../config/sections.ts';
import type { IntegrationFacts } from '../integrations/integration.ts';

/**
 * A value on the command line, which is JSON where it reads as such. A secret in the clear is refused, be it the setting itself
 * or a part of its value, since anybody can list arguments. Throws UsageError.
 */
export function settingOf(setting: string, given: string, registry: readonly IntegrationFacts[]): unknown {
  const value = parsed(given);
  const asked = setting.toLowerCase();
  for (const { path, perName, setBy } of secretSettings(meantBy(setting, registry))) {
    const known = path.toLowerCase();
    const below = `${known}.`.startsWith(`${asked}.`) ? path.slice(setting.length + 1) : undefined;
    const inside = below === undefined ? undefined : below.split('.').filter(Boolean).reduce(memberOf, value);
    const named = perName && asked.startsWith(`${known}.`) ? value : undefined;
    const secrets = perName ? [named, ...Object.values(inside ?? {})] : [inside];
    if (secrets.some((one) => typeof one === 'string' || typeof one === 'number'))
      throw new UsageError(
        `${setting} is or holds a secret, and must not be given as an argument.`,
        `Use ${setBy}, or give a reference such as {"Environment": "NAME"}.`,
      );
  }
  return value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
