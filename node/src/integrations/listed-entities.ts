import { codeMeanings, codesIn } from './code-lists.ts';
import type { InstanceView } from './connection.ts';

/**
 * A connection's list of entities to import as entity names; undefined means all. How Halo writes such lists is not public: a
 * JSON array and a comma list are read, names in any case, codes by the setting HaloEntityNames. One unknown code makes the
 * list unreadable, and then it counts as all: an entity needs the switch in appsettings.json as well, so nothing runs that
 * nobody asked for.
 */
export function listedEntities(
  list: unknown,
  integration: string,
  synonyms: Readonly<Record<string, string>>,
  instance?: InstanceView,
): readonly string[] | undefined {
  const codes = codesIn(list);
  if (codes.length === 0) return undefined;
  const meanings = meaningsOf(instance?.settings['HaloEntityNames'], synonyms);
  const names = new Set<string>();
  for (const code of codes) {
    const name = meanings.get(code.toLowerCase()) ?? synonyms[code.toLowerCase()];
    if (name === undefined) {
      instance?.warn(
        `Halo's list of ${integration} entities holds "${code}", whose meaning is not known: every entity counts as ticked ` +
          `in Halo. Set Integrations.${integration}.Settings.HaloEntityNames to say what it means.`,
      );
      return undefined;
    }
    names.add(name);
  }
  return [...names];
}

function meaningsOf(setting: unknown, synonyms: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  const named = [...codeMeanings(setting)].flatMap(([code, name]): [string, string][] => {
    const entity = synonyms[name.toLowerCase()];
    return entity === undefined ? [] : [[code, entity]];
  });
  return new Map(named);
}
