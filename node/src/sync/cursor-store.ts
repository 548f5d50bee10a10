import type { Clock } from '../environment.ts';
import type { ProofSoFar } from '../reading/list-proof.ts';
import type { StateFolder } from './state-folder.ts';

/** How far an unfinished read is. */
export interface ReadSoFar {
  /** Where it goes on; absent where that is the beginning. */
  readonly cursor?: string | undefined;
  /** What it has seen from its beginning on, as the session gives it; absent where something may have been passed over. */
  readonly seen?: string | undefined;
  /** Records rejected so far; absent where there was none. */
  readonly rejected?: number;
  /** What the vendor's list came to. */
  readonly proof: ProofSoFar;
  /** Whether the first page to come is the last one that was read, once more. */
  readonly repeats: boolean;
}

/** With the moment it was saved, and the settings it belongs to. */
type Kept = ReadSoFar & { readonly at: string; readonly settings: string };

/** An unfinished read that nobody went on with for so long begins anew: too much has moved since, and links are no longer taken. */
const oldest = 30 * 86_400_000;

/** Where an unfinished read goes on, one small file per entity in the instance's state folder. Throws StateFolderError. */
export class CursorStore {
  readonly #folder: StateFolder;
  readonly #clock: Clock;
  readonly #settings: string;

  /** @param settings a hash of the settings in use: what was seen are rows of their database, and pages of their vendor */
  constructor(folder: StateFolder, clock: Clock, settings: string) {
    this.#folder = folder;
    this.#clock = clock;
    this.#settings = settings;
  }

  /** How far the last read came; undefined when it was whole, is a month old, or was made by other settings. */
  async load(name: string): Promise<ReadSoFar | undefined> {
    const kept = (await this.#folder.read(`${name}.cursor`)) as Kept | undefined;
    if (kept?.settings !== this.#settings || !isRead(kept)) return undefined;
    const age = this.#clock.now().getTime() - Date.parse(kept.at);
    return age <= oldest ? kept : undefined;
  }

  /** Saves how far a read is, or forgets it. */
  async save(name: string, read: ReadSoFar | undefined): Promise<void> {
    const kept: Kept | undefined = read && {
      at: this.#clock.now().toISOString(),
      settings: this.#settings,
      ...read,
    };
    await this.#folder.write(`${name}.cursor`, kept);
  }
}

/** Whether it is as this release keeps it: another one may keep it otherwise, and what cannot be proved is read anew. */
function isRead({ cursor, seen, rejected, proof }: Partial<ReadSoFar>): boolean {
  return (
    [cursor, seen].every((one) => one === undefined || typeof one === 'string') &&
    (rejected === undefined || Number.isInteger(rejected)) &&
    typeof proof === 'object' &&
    Number.isInteger((proof as ProofSoFar | null)?.read) &&
    Array.isArray(proof.pages) &&
    proof.pages.every((page) => typeof page === 'string')
  );
}
