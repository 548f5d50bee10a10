import { join } from 'node:path';
import type { Environment } from '../environment.ts';
import { StateFolderError } from '../errors/run-errors.ts';

/** How far an unfinished read is. */
export interface ReadSoFar {
  /** Where it goes on; absent where that is the beginning. */
  readonly cursor?: string | undefined;
  /** What it has seen from its beginning on, as the session gives it; absent where something may have been passed over. */
  readonly seen?: string | undefined;
  /** Whether the first page to come is the last one that was read, once more. */
  readonly repeats: boolean;
}

/** Where an unfinished read goes on, one small file per entity in the instance's `state` folder. Throws StateFolderError. */
export class CursorStore {
  readonly #folder: string;
  readonly #fs: Environment['fs'];

  /** @param instanceFolder the folder of the instance's appsettings.json */
  constructor(instanceFolder: string, fs: Environment['fs']) {
    this.#folder = join(instanceFolder, 'state');
    this.#fs = fs;
  }

  /** How far the last read came; undefined when it was whole, or when what is kept is not one of ours. */
  async load(name: string): Promise<ReadSoFar | undefined> {
    const path = this.#path(name);
    try {
      const kept = JSON.parse(await this.#fs.readFile(path, 'utf8')) as Partial<ReadSoFar> | null;
      return typeof kept === 'object' && typeof kept?.repeats === 'boolean' ? (kept as ReadSoFar) : undefined;
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
      await this.#fs.writeFile(`${path}.new`, JSON.stringify(read));
      await this.#fs.rename(`${path}.new`, path);
    } catch (error) {
      throw new StateFolderError(path, error);
    }
  }

  #path(name: string): string {
    return join(this.#folder, `${name}.cursor`);
  }
}
