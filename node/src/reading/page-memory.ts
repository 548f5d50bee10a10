import { hash } from 'node:crypto';

/** Keys kept; a read of more pages keeps every second one of the older ones. */
const mostKeys = 4096;
/** Characters of a hash that are kept: 72 bits tell pages apart. */
const keyLength = 12;

/** The pages of a read that came so far, by short hashes: a page that comes again is known, however long ago it was. */
export class PageMemory {
  #keys: Set<string>;

  /** @param kept what `pages` said in an earlier run */
  constructor(kept: readonly string[] = []) {
    this.#keys = new Set(kept);
  }

  /** All that is kept. */
  get pages(): readonly string[] {
    return [...this.#keys];
  }

  /** Keeps a page in mind; false where it came before. */
  add(page: string): boolean {
    const key = hash('sha256', page, 'base64').slice(0, keyLength);
    if (this.#keys.has(key)) return false;
    // Pages that lead in a circle come by those that are left, too.
    if (this.#keys.size >= mostKeys) this.#keys = new Set([...this.#keys].filter((_, at) => at % 2 === 0));
    this.#keys.add(key);
    return true;
  }
}
