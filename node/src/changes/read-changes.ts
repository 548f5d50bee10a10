import type { FileHandle } from 'node:fs/promises';
import type { Environment } from '../environment.ts';
import { ChangesDamagedError, RunNotFoundError, StateFolderError } from '../errors/run-errors.ts';
import { changesFile, changesFolder, version, type BatchLine, type ChangeLine, type HeadLine } from './change-file.ts';
import { isLine, type Line } from './line-shape.ts';
import { changesIn, isOfMade, readMadeLine, type MadeRows } from './read-made-line.ts';

/** The changes of one transaction. */
export interface ChangeBatch extends Omit<BatchLine, 'batch'> {
  readonly run: string;
  /** Whether it is known to have been committed; else a process ended, or a connection broke, just then. */
  readonly certain: boolean;
  readonly changes: readonly ChangeLine[];
}

/** Where a transaction's changes stand in a file, in bytes. */
export interface BatchPlace {
  readonly from: number;
  readonly to: number;
}

/** A file of changes, opened to be read. */
export interface OpenChanges extends AsyncDisposable {
  readonly run: string;
  /** The run that this one undid. */
  readonly undoes?: string;
  /** The changes from the first on. */
  batches(): AsyncGenerator<ChangeBatch>;
  /** Where each transaction's changes are, and whether all changes of the run are there. */
  places(): Promise<{ readonly places: readonly BatchPlace[]; readonly whole: boolean }>;
  /** Lines that cannot be read, or belong to nothing, among those looked through last. A last one that was cut is none of them. */
  readonly damaged: number;
  /** The changes at a place. */
  at(place: BatchPlace): Promise<ChangeBatch | undefined>;
}

/**
 * Opens the changes of a run by its id or the beginning of it; undefined where none are kept of such a run. Throws RunNotFoundError where
 * several begin with it, StateFolderError, ChangesDamagedError.
 */
export async function openChanges(
  instanceFolder: string,
  run: string,
  { fs }: Pick<Environment, 'fs'>,
): Promise<OpenChanges | undefined> {
  const folder = changesFolder(instanceFolder);
  const names = await fs.readdir(folder).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === 'ENOENT') return [];
    throw new StateFolderError(folder, error);
  });
  const fitting = names.filter((name) => name.endsWith('.jsonl') && name.toLowerCase().startsWith(run.toLowerCase()));
  if (fitting.length > 1) throw new RunNotFoundError(run, fitting.length);
  const [name] = fitting;
  return name === undefined ? undefined : openFile(changesFile(instanceFolder, name.slice(0, -'.jsonl'.length)), fs);
}

/** Opens the changes of the run of that id; undefined where none are kept of it. Throws StateFolderError, ChangesDamagedError. */
export async function openChangesOf(
  instanceFolder: string,
  run: string,
  { fs }: Pick<Environment, 'fs'>,
): Promise<OpenChanges | undefined> {
  const path = changesFile(instanceFolder, run);
  const there = await fs.stat(path).catch(() => undefined);
  return there && openFile(path, fs);
}

async function openFile(path: string, fs: Environment['fs']): Promise<OpenChanges> {
  let file: FileHandle | undefined;
  try {
    file = await fs.open(path, 'r');
    const [first] = await firstLine(file);
    if (!first || !('version' in first))
      throw new ChangesDamagedError(path, 'the file is damaged, or something else is in its place');
    if (first.version > version)
      throw new ChangesDamagedError(path, `a newer release wrote the file (layout ${first.version})`);
    return opened(file, path, first);
  } catch (error) {
    await file?.close();
    throw error instanceof ChangesDamagedError ? error : new StateFolderError(path, error);
  }
}

async function firstLine(file: FileHandle): Promise<(Line | MadeRows)[]> {
  for await (const { line } of linesOf(file)) return line ? [line] : [];
  return [];
}

function opened(file: FileHandle, path: string, { run, undoes }: HeadLine): OpenChanges {
  let damaged = 0;

  /** The lines that can be read; the others are counted. */
  async function* readable(): AsyncGenerator<BatchPlace & { readonly line: Line | MadeRows }> {
    damaged = 0;
    let inBatch = false;
    for await (const { line, from, to } of linesOf(file)) {
      // Without the line before them nobody knows what changes are of.
      if (!line || ('table' in line && !inBatch)) damaged++;
      else if (inBatch || !('committed' in line)) {
        if ('batch' in line || 'committed' in line) inBatch = 'batch' in line;
        yield { line, from, to };
      }
    }
  }

  async function* batches(): AsyncGenerator<ChangeBatch> {
    let head: BatchLine | undefined;
    let changes: ChangeLine[] = [];
    const batch = (certain: boolean): ChangeBatch[] => (head ? [batchOf(head, run, certain, changes)] : []);
    for await (const { line } of readable()) {
      if ('table' in line) changes.push(...changesIn(line));
      else if ('batch' in line) {
        yield* batch(false);
        [head, changes] = [line, []];
      } else if ('committed' in line) {
        yield* batch(line.committed === head?.batch);
        [head, changes] = [undefined, []];
      }
    }
    yield* batch(false);
  }
  return {
    run,
    ...(undoes !== undefined && { undoes }),
    batches,
    get damaged() {
      return damaged;
    },
    async places() {
      const places: { from: number; to: number }[] = [];
      let whole = true;
      for await (const { line, from, to } of readable()) {
        const last = places.at(-1);
        if ('batch' in line) places.push({ from, to });
        else if (last && ('table' in line || 'committed' in line)) last.to = to;
        if ('left' in line) whole = false;
      }
      return { places, whole };
    },
    async at({ from, to }) {
      const { buffer } = await file.read(Buffer.alloc(to - from), 0, to - from, from);
      const lines = buffer
        .toString('utf8')
        .split('\n')
        .flatMap((text) => parsed(text) ?? []);
      const [head] = lines;
      if (!head || !('batch' in head)) throw new ChangesDamagedError(path, 'the file was changed while it was read');
      const certain = lines.some((line) => 'committed' in line && line.committed === head.batch);
      return batchOf(
        head,
        run,
        certain,
        lines.flatMap((line) => ('table' in line ? changesIn(line) : [])),
      );
    },
    [Symbol.asyncDispose]: () => file.close(),
  };
}

function batchOf(
  { at, integration, connection, entity }: BatchLine,
  run: string,
  certain: boolean,
  changes: readonly ChangeLine[],
): ChangeBatch {
  return { run, at, integration, connection, entity, certain, changes };
}

/** The lines with their places in bytes; one that was damaged or edited is none. A last one that was cut short is left out. */
async function* linesOf(file: FileHandle): AsyncGenerator<BatchPlace & { readonly line: Line | MadeRows | undefined }> {
  let from = 0;
  let cut: BatchPlace | undefined;
  for await (const text of file.readLines({ start: 0, autoClose: false })) {
    const to = from + Buffer.byteLength(text) + 1;
    if (cut) yield { line: undefined, ...cut };
    cut = undefined;
    const line = parsed(text);
    if (line !== undefined) yield { line, from, to };
    // What a killed process had written of a line; any other way to end is damage, and so is this one where more follows.
    else if (/^\{"[^\0]*$/.test(text)) cut = { from, to };
    else if (text !== '') yield { line, from, to };
    from = to;
  }
}

function parsed(text: string): Line | MadeRows | undefined {
  if (text === '') return undefined;
  try {
    const line: unknown = JSON.parse(text);
    return isOfMade(line) ? readMadeLine(line) : isLine(line) ? line : undefined;
  } catch {
    return undefined;
  }
}

/** What is said where lines are damaged; undefined where none is. */
export function damagedLines({ run, damaged }: OpenChanges): string | undefined {
  if (damaged === 0) return undefined;
  const [are, they] = damaged === 1 ? ['1 line is', 'its'] : [`${damaged} lines are`, 'their'];
  return `The changes kept of the run ${run} are damaged: ${are} left out, and ${they} changes are neither shown nor undone.`;
}
