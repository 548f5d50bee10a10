import { join } from 'node:path';
import type { Environment } from '../environment.ts';

/** Where an unfinished read goes on, one small file per entity in the instance's `state` folder. */
export class CursorStore {
  readonly #folder: string;
  readonly #fs: Environment['fs'];

  /** @param instanceFolder the folder of the instance's appsettings.json */
  constructor(instanceFolder: string, fs: Environment['fs']) {
    this.#folder = join(instanceFolder, 'state');
    this.#fs = fs;
  }

  /** The saved cursor; undefined when the last read was whole. */
  async load(name: string): Promise<string | undefined> {
    try {
      return await this.#fs.readFile(this.#path(name), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Saves where to go on, or forgets it. Written aside and renamed, so that a kill leaves the old or the new one. */
  async save(name: string, cursor: string | undefined): Promise<void> {
    const path = this.#path(name);
    if (cursor === undefined) return this.#fs.rm(path, { force: true });
    await this.#fs.mkdir(this.#folder, { recursive: true });
    await this.#fs.writeFile(`${path}.new`, cursor);
    await this.#fs.rename(`${path}.new`, path);
  }

  #path(name: string): string {
    return join(this.#folder, `${name}.cursor`);
  }
}
