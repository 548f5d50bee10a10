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

/** The items of a list that Halo keeps as text: a JSON array (of texts, numbers or objects with a name or id) or a comma list. */
export function codesIn(list: unknown): readonly string[] {
  if (typeof list !== 'string' || list.trim() === '') return [];
  let items: unknown = list.split(',');
  try {
    const parsed: unknown = JSON.parse(list);
    items = Array.isArray(parsed) ? parsed : [parsed];
  } catch {
    // Not JSON: the comma list stands.
  }
  return (items as unknown[]).map((item) => codeOf(item).trim()).filter((code) => code !== '');
}

function codeOf(item: unknown): string {
  if (typeof item !== 'object' || item === null) return String(item);
  const { id, name } = item as Record<string, unknown>;
  return String(name ?? id ?? JSON.stringify(item));
}

function meaningsOf(setting: unknown, synonyms: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  const meanings = new Map<string, string>();
  for (const line of Array.isArray(setting) ? setting : []) {
    const [code, name] = String(line).split('=', 2);
    const entity = name === undefined ? undefined : synonyms[name.trim().toLowerCase()];
    if (code !== undefined && entity !== undefined) meanings.set(code.trim().toLowerCase(), entity);
  }
  return meanings;
}
