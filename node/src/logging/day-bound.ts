import { statSync } from 'node:fs';
import { join } from 'node:path';
import { logFileName } from './log-files.ts';

/** Other processes write into the same file: its size is looked at again after so much of our own. */
const lookAgain = 1024 * 1024;
/** Errors still come when the rest no longer does, up to this share of the bound. */
const errorsShare = 1.1;

/** Keeps the log of a day within a size, whatever a vendor gives to write down. */
export class DayBound {
  readonly #folder: string;
  readonly #most: number;
  #file = '';
  #size = 0;
  #sinceLook = 0;
  #told = false;

  /** @param most bytes that the log of one day may take */
  constructor(folder: string, most: number) {
    this.#folder = folder;
    this.#most = most;
  }

  /** What becomes of a line of so many bytes: written, left out, or the first one that is, which is to be told. */
  take(bytes: number, level: string, now: Date): 'write' | 'tell' | 'leave' {
    const file = logFileName(now);
    if (file !== this.#file || this.#sinceLook > lookAgain) this.#look(file);
    if (this.#size + bytes <= this.#most * (level === 'error' ? errorsShare : 1)) {
      this.#size += bytes;
      this.#sinceLook += bytes;
      return 'write';
    }
    if (this.#told) return 'leave';
    this.#told = true;
    return 'tell';
  }

  #look(file: string): void {
    if (file !== this.#file) this.#told = false;
    this.#file = file;
    this.#sinceLook = 0;
    this.#size = statSync(join(this.#folder, file), { throwIfNoEntry: false })?.size ?? 0;
  }
}
