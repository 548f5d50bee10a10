import type { SettingsFault } from '../errors/config-errors.ts';
import type { IntegrationFacts } from '../integrations/integration.ts';
import { memberOf } from './member-of.ts';
import { withSection } from './sections.ts';

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Case, spaces and underscores make no difference where such words are read. */
function plain(word: string): string {
  return word.replaceAll(/[\s_]/g, '').toLowerCase();
}

/** Lines "code=meaning" whose code or meaning means nothing: they would be passed over, and what is assumed would stay. */
export function lineFaults(content: unknown, registry: readonly IntegrationFacts[]): SettingsFault[] {
  return withSection(content, registry).flatMap(({ name, settings, entities }) =>
    Object.entries(settings).flatMap(([key, { words, codes = 'number', meaning }]) => {
      const path = ['Integrations', name, 'Settings', key];
      const lines = path.reduce(memberOf, content);
      if ((!words && !meaning) || !Array.isArray(lines)) return [];
      const known = words ?? (meaning === 'entity' ? entities.map((entity) => entity.name) : undefined);
      const fits = (line: string): boolean => {
        const [, code = '', said = ''] = /^\s*(.*?)\s*=\s*(.*?)\s*$/s.exec(line) ?? [];
        if (codes === 'number' ? !/^-?\d+$/.test(code) : code === '') return false;
        return known ? known.some((word) => plain(word) === plain(said)) : guid.test(said);
      };
      const left = codes === 'number' ? 'code' : 'name';
      const fix = known
        ? `write each as "${left}=word"; the ${codes === 'number' ? 'code is a number' : `${left} is Halo's`}, the word one of ${known.join(', ')}`
        : `write each as "${left}=object id", with the id as Entra shows it: ${left}=00000000-0000-0000-0000-000000000000`;
      return lines
        .filter((line): line is string => typeof line === 'string' && !fits(line))
        .map((line) => ({ path: path.join('.'), problem: `has "${line}"`, fix }));
    }),
  );
}
