import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { Environment } from '../environment.ts';
import { PlanNotSavedError } from '../errors/plan-errors.ts';
import { ownFile } from '../own-files.ts';
import type { AnyPlanLine, PlanEndLine } from './plan-file.ts';

/** Writes a plan line by line into a new file. Throws PlanNotSavedError, also where a file of that name is there. */
export class PlanWriter implements AsyncDisposable {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #sum = createHash('sha256');

  private constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
  }

  /** Makes the file, for this account alone. */
  static async create(path: string, { fs }: Pick<Environment, 'fs'>): Promise<PlanWriter> {
    const file = await fs.open(path, 'wx', ownFile).catch((error: unknown) => {
      throw new PlanNotSavedError(path, error);
    });
    return new PlanWriter(path, file);
  }

  async write(lines: readonly AnyPlanLine[]): Promise<void> {
    await this.#append(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  }

  /** Says that nothing more comes: a plan without this line is none. @param changes in all */
  async end(changes: number): Promise<void> {
    const line: PlanEndLine = { end: changes, sum: this.#sum.copy().digest('hex') };
    await this.#append(`${JSON.stringify(line)}\n`);
    await this.#file.sync();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }

  async #append(text: string): Promise<void> {
    this.#sum.update(text);
    await this.#file.appendFile(text).catch((error: unknown) => {
      throw new PlanNotSavedError(this.#path, error);
    });
  }
}
