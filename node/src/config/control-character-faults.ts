import type { SettingsFault } from '../errors/config-errors.ts';
import type { IntegrationFacts } from '../integrations/integration.ts';
import { secretSettings } from './secrets.ts';
import { withSection } from './sections.ts';

const names: Readonly<Record<string, string>> = { '\n': 'n', '\r': 'r', '\t': 't', '\b': 'b', '\f': 'f' };

/**
 * Texts with a line end, tab or the like in them: nobody means one in the name of a server or a file. They come from a backslash
 * written once, which JSON reads together with the letter behind it. Secrets may hold anything.
 */
export function controlCharacterFaults(content: unknown, registry: readonly IntegrationFacts[]): SettingsFault[] {
  return faultsWithin(content, '', new Set(secretSettings(withSection(content, registry)).map(({ path }) => path)));
}

function faultsWithin(value: unknown, path: string, secret: ReadonlySet<string>): SettingsFault[] {
  if (secret.has(path)) return [];
  if (typeof value === 'string') {
    const [found] = /[\b\t\n\f\r]/.exec(value) ?? [];
    const letter = found === undefined ? undefined : names[found];
    if (letter === undefined) return [];
    const fix = `write each backslash twice: JSON reads \\${letter} as one character`;
    return [{ path, problem: 'holds a line end, a tab or the like', fix }];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => {
    const inside = Array.isArray(value) ? path : path === '' ? key : `${path}.${key}`;
    return faultsWithin(one, inside, secret);
  });
}
