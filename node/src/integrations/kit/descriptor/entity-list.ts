import { codeLines, codesIn } from '../../code-lists.ts';
import type { InstanceView } from '../../connection.ts';

/** An entity, and the words by which Halo's list may name it. */
export interface ListedEntity {
  readonly name: string;
  readonly labels: readonly string[];
}

/** What Halo's list may name beside entities: what Halo gets by webhook, mail or its own jobs. */
const broughtByHalo = ['alerts', 'threats', 'tickets', 'quotes', 'sales orders', 'invoices', 'opportunities', 'orders'];

/**
 * The entities Halo's list ticks; undefined where it is empty or nothing of it can be read, which counts as all: an entity needs the
 * switch in appsettings.json as well. A word that is not known is warned of and names nothing. `HaloEntityNames` gives further words.
 */
export function entitiesIn(
  list: unknown,
  integration: string,
  entities: readonly ListedEntity[],
  instance?: InstanceView,
): readonly string[] | undefined {
  const words = codesIn(list);
  if (words.length === 0) return undefined;
  const known = wordsOf(entities, instance?.settings['HaloEntityNames']);
  const unknown: string[] = [];
  const ticked = new Set<string>();
  let read = false;
  for (const word of words) {
    const names = namedBy(word, known);
    names?.forEach((name) => ticked.add(name));
    if (names) read = true;
    else unknown.push(word);
  }
  if (unknown.length > 0)
    instance?.warn(
      `Halo's list of ${integration} entities holds ${unknown.map((word) => `"${word}"`).join(', ')}, whose meaning is not ` +
        `known${read ? ', and which tick nothing' : ': every entity counts as ticked in Halo'}. Set ` +
        `Integrations.${integration}.Settings.HaloEntityNames to say what is meant.`,
    );
  return read ? entities.flatMap(({ name }) => (ticked.has(name) ? [name] : [])) : undefined;
}

/** The entities a word names; none for what Halo brings itself, undefined for an unknown word. */
function namedBy(word: string, known: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const whole = known.get(plain(word));
  if (whole) return whole;
  // "Clients and Sites", "Customers / Sites"
  const parts = word.split(/\s+and\s+|[/&+]/i).filter((part) => part.trim() !== '');
  if (parts.length < 2) return undefined;
  const named = parts.map((part) => known.get(plain(part)));
  return named.every((one) => one !== undefined) ? named.flat() : undefined;
}

function wordsOf(entities: readonly ListedEntity[], setting: unknown): ReadonlyMap<string, readonly string[]> {
  const known = new Map<string, readonly string[]>(broughtByHalo.map((word) => [word, []]));
  const add = (word: string, name: string): void => {
    const names = known.get(plain(word)) ?? [];
    if (!names.includes(name)) known.set(plain(word), [...names, name]);
  };
  for (const { name, labels } of entities) for (const word of [name, ...labels]) add(word, name);
  for (const [word, meaning] of codeLines(setting)) {
    const entity = entities.find(({ name }) => name.toLowerCase() === meaning.toLowerCase());
    if (entity) add(word, entity.name);
  }
  return known;
}

/** Case, spelling and spaces make no difference. */
function plain(word: string): string {
  return word
    .trim()
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replaceAll('organiz', 'organis')
    .replaceAll('license', 'licence');
}
