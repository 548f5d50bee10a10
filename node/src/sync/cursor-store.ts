import { join } from 'node:path';
import type { Environment } from '../environment.ts';
import { StateFolderError } from '../errors/run-errors.ts';

/** How far an unfinished read is. */
export interface ReadSoFar {
  /** Where it goes on; absent where that is the beginning. */
  readonly cursor?: string | undefined;
  /** What it has seen from its beginning on, as the session gives it; absent where something may have been passed over. */
  readonly seen?: string | undefined;
  /** Records rejected so far; absent where there was none. */
  readonly rejected?: number;
  /** Whether the first page to come is the last one that was read, once more. */
  readonly repeats: boolean;
}

/** With the moment it was saved. */
type Kept = ReadSoFar & { readonly at: string };

/** An unfinished read that nobody went on with for so long begins anew: too much has moved since, and links are no longer taken. */
const oldest = 30 * 86_400_000;

/** Where an unfinished read goes on, one small file per entity in the instance's `state` folder. Throws StateFolderError. */
export class CursorStore {
  readonly #folder: string;
  readonly #fs: Environment['fs'];
  readonly #clock: Environment['clock'];

  /** @param instanceFolder the folder of the instance's appsettings.json */
  constructor(instanceFolder: string, { fs, clock }: Pick<Environment, 'fs' | 'clock'>) {
    this.#folder = join(instanceFolder, 'state');
    this.#fs = fs;
    this.#clock = clock;
  }

  /** How far the last read came; undefined when it was whole, is a month old, or is not one of ours. */
  async load(name: string): Promise<ReadSoFar | undefined> {
    const path = this.#path(name);
    try {
      const kept = JSON.parse(await this.#fs.readFile(path, 'utf8')) as Partial<Kept> | null;
      const age = this.#clock.now().getTime() - Date.parse(String(kept?.at));
      return age <= oldest && typeof kept?.repeats === 'boolean' ? (kept as Kept) : undefined;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return undefined;
      throw new StateFolderError(path, error);
    }
  }

  /** Saves how far a read is, or forgets it. Written aside and renamed, so that a kill leaves the old or the new one. */
  async save(name: string, read: ReadSoFar | undefined): Promise<void> {
    const path = this.#path(name);
    try {
      if (read === undefined) return await this.#fs.rm(path, { force: true });
      await this.#fs.mkdir(this.#folder, { recursive: true });
      const kept: Kept = { at: this.#clock.now().toISOString(), ...read };
      await this.#fs.writeFile(`${path}.new`, JSON.stringify(kept));
      await this.#fs.rename(`${path}.new`, path);
    } catch (error) {
      throw new StateFolderError(path, error);
    }
  }

  #path(name: string): string {
    return join(this.#folder, `${name}.cursor`);
  }
}
