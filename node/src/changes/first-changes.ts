import type { Environment } from '../environment.ts';
import { ChangesDamagedError, StateFolderError } from '../errors/run-errors.ts';
import { changesFile } from './change-file.ts';
import { openChangesOf } from './read-changes.ts';
import { shownChange, type ShownChange } from './shown-change.ts';

/** The first changes of a run. */
export interface FirstChanges {
  readonly changes: readonly ShownChange[];
  /** Rows that the run changed in all, as far as they were kept; undefined where they are too many to be counted. */
  readonly all: number | undefined;
}

/** Bytes of a file whose lines are counted: more would take longer than who waits for a page likes. */
const countedBytes = 64 * 1024 ** 2;

/** Lines of a file of changes that are no change. */
const besides = /^\{"(?:version|batch|committed|left)"/;

/** Rows that are told together, and how many. */
const together = /^\{"made":(\d{1,6}),/;

/**
 * The first changes of a run, and how many there are; undefined where none are kept of it, or they cannot be read.
 * @param most how many of them
 */
export async function firstChanges(
  instanceFolder: string,
  run: string,
  most: number,
  { fs }: Pick<Environment, 'fs'>,
): Promise<FirstChanges | undefined> {
  try {
    await using open = await openChangesOf(instanceFolder, run, { fs });
    if (!open) return undefined;
    const changes: ShownChange[] = [];
    for await (const { changes: lines, ...batch } of open.batches()) {
      changes.push(...lines.slice(0, most - changes.length).map((line) => shownChange(line, batch)));
      if (changes.length >= most) break;
    }
    return {
      changes,
      all: changes.length < most ? changes.length : await counted(changesFile(instanceFolder, run), fs),
    };
  } catch (error) {
    if (!(error instanceof StateFolderError || error instanceof ChangesDamagedError)) throw error;
    return undefined;
  }
}

async function counted(path: string, fs: Environment['fs']): Promise<number | undefined> {
  const file = await fs.open(path, 'r');
  try {
    if ((await file.stat()).size > countedBytes) return undefined;
    let count = 0;
    for await (const line of file.readLines({ autoClose: false }))
      if (line !== '' && !besides.test(line)) count += Number(together.exec(line)?.[1] ?? 1);
    return count;
  } finally {
    await file.close();
  }
}
