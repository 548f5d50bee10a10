import type { FileHandle } from 'node:fs/promises';
import type { Environment } from '../environment.ts';
import { RunNotFoundError, StateFolderError } from '../errors/run-errors.ts';
import { changesFile, changesFolder, version, type BatchLine, type ChangeLine, type HeadLine } from './change-file.ts';
import { isLine, type Line } from './line-shape.ts';

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
  /** The changes at a place. */
  at(place: BatchPlace): Promise<ChangeBatch | undefined>;
}

/**
 * Opens the changes of a run by its id or the beginning of it; undefined where none are kept of such a run. Throws RunNotFoundError where
 * several begin with it, StateFolderError.
 */
export async function openChanges(
  instanceFolder: string,
  run: string,
  { fs }: Pick<Environment, 'fs'>,
): Promise<OpenChanges | undefined> {
  const names = await fs.readdir(changesFolder(instanceFolder)).catch(() => []);
  const fitting = names.filter((name) => name.endsWith('.jsonl') && name.toLowerCase().startsWith(run.toLowerCase()));
  if (fitting.length > 1) throw new RunNotFoundError(run, fitting.length);
  const [name] = fitting;
  return name === undefined ? undefined : openFile(changesFile(instanceFolder, name.slice(0, -'.jsonl'.length)), fs);
}

/** Opens the changes of the run of that id; undefined where none are kept of it. Throws StateFolderError. */
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
    if (!first || !('version' in first)) throw new Error('its first line is not that of a file of changes');
    if (first.version > version) throw new Error(`it was written by a newer release (layout ${first.version})`);
    return opened(file, path, first);
  } catch (error) {
    await file?.close();
    throw new StateFolderError(path, error);
  }
}

async function firstLine(file: FileHandle): Promise<Line[]> {
  for await (const { line } of linesOf(file)) return [line];
  return [];
}

function opened(file: FileHandle, path: string, { run, undoes }: HeadLine): OpenChanges {
  async function* batches(): AsyncGenerator<ChangeBatch> {
    let head: BatchLine | undefined;
    let changes: ChangeLine[] = [];
    const batch = (certain: boolean): ChangeBatch[] => (head ? [batchOf(head, run, certain, changes)] : []);
    for await (const { line } of linesOf(file)) {
      if ('table' in line) changes.push(line);
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
    async places() {
      const places: { from: number; to: number }[] = [];
      let whole = true;
      for await (const { line, from, to } of linesOf(file)) {
        const last = places.at(-1);
        if ('batch' in line) places.push({ from, to });
        else if (last && ('table' in line || 'committed' in line)) last.to = to;
        if ('left' in line) whole = false;
      }
      return { places, whole };
    },
    async at({ from, to }) {
      const { buffer } = await file.read(Buffer.alloc(to - from), 0, to - from, from);
      const lines = buffer.toString('utf8').split('\n').flatMap(parsed);
      const [head] = lines;
      if (!head || !('batch' in head)) throw new StateFolderError(path, new Error('it was changed while it was read'));
      const certain = lines.some((line) => 'committed' in line && line.committed === head.batch);
      return batchOf(
        head,
        run,
        certain,
        lines.filter((line) => 'table' in line),
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

/** The lines with their places in bytes; one that was cut by a power failure, or damaged or edited, is none. */
async function* linesOf(file: FileHandle): AsyncGenerator<BatchPlace & { readonly line: Line }> {
  let from = 0;
  for await (const text of file.readLines({ start: 0, autoClose: false })) {
    const to = from + Buffer.byteLength(text) + 1;
    for (const line of parsed(text)) yield { line, from, to };
    from = to;
  }
}

function parsed(text: string): Line[] {
  if (text === '') return [];
  try {
    const line: unknown = JSON.parse(text);
    return isLine(line) ? [line] : [];
  } catch {
    return [];
  }
}
