import { hash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Environment } from '../environment.ts';
import { StateFolderError } from '../errors/run-errors.ts';
import { despiteHolders } from '../held-files.ts';
import type { Marks } from '../integrations/entity.ts';
import { ownFile, ownFolder } from '../own-files.ts';
import { openMarks } from './state-marks.ts';

/** The instance's `state` folder: small files that one run leaves for the next. Throws StateFolderError. */
export class StateFolder {
  readonly #folder: string;
  readonly #warn: (message: string) => void;
  readonly #fs: Environment['fs'];
  readonly #environment: Pick<Environment, 'clock' | 'platform'>;

  /**
   * @param instanceFolder the folder of the instance's appsettings.json
   * @param warn told of a file that is damaged; it is made anew by what is written next
   */
  constructor(
    instanceFolder: string,
    environment: Pick<Environment, 'fs' | 'clock' | 'platform'>,
    warn: (message: string) => void = () => {},
  ) {
    this.#warn = warn;
    this.#folder = join(instanceFolder, 'state');
    this.#fs = environment.fs;
    this.#environment = environment;
  }

  /** What was written; undefined where there is nothing, or where it was damaged or edited since. */
  async read(name: string): Promise<unknown> {
    const path = join(this.#folder, name);
    try {
      const file: unknown = JSON.parse(await this.#fs.readFile(path, 'utf8'));
      const { sum, kept } = (file ?? {}) as { sum?: unknown; kept?: unknown };
      if (kept !== undefined && sum === sumOf(kept)) return kept;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      if (!(error instanceof SyntaxError)) throw new StateFolderError(path, error);
    }
    this.#warn(`The state file ${path} is damaged, or was edited: it is made anew, and this run begins without it.`);
    return undefined;
  }

  /** Makes sure that files can be left here. */
  async probe(): Promise<void> {
    const name = `.probe-${randomUUID()}`;
    await this.write(name, {});
    await this.write(name, undefined);
  }

  /** Writes a file aside and renames it, so that a kill leaves the old or the new one; undefined removes it. */
  async write(name: string, content: unknown): Promise<void> {
    const path = join(this.#folder, name);
    try {
      if (content === undefined) return await this.#held(() => this.#fs.rm(path, { force: true }));
      await this.#fs.mkdir(this.#folder, { recursive: true, mode: ownFolder });
      await this.#fs.writeFile(`${path}.new`, JSON.stringify({ sum: sumOf(content), kept: content }), {
        mode: ownFile,
      });
      await this.#held(() => this.#fs.rename(`${path}.new`, path));
    } catch (error) {
      throw new StateFolderError(path, error);
    }
  }

  /** Opens marks that outlive the process, however it ends. */
  async marks(name: string): Promise<Marks> {
    const path = join(this.#folder, name);
    try {
      await this.#fs.mkdir(this.#folder, { recursive: true, mode: ownFolder });
    } catch (error) {
      throw new StateFolderError(path, error);
    }
    return openMarks(path, this.#fs);
  }

  #held(work: () => Promise<void>): Promise<void> {
    return despiteHolders(work, this.#environment);
  }
}

function sumOf(content: unknown): string {
  return hash('sha256', JSON.stringify(content), 'base64');
}
