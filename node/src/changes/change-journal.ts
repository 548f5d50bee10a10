import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { Environment } from '../environment.ts';
import { StateFolderError } from '../errors/run-errors.ts';
import type { ChangeSink, RowChange } from '../halo-api/changes/changes.ts';
import { ownFile, ownFolder } from '../own-files.ts';
import type { KnownSecrets } from '../secrets/known-secrets.ts';
import { changesFile, changesFolder, version, type ChangeLine } from './change-file.ts';
import { forgetChanges } from './forget-changes.ts';
import { lineOf, linesOf } from './kept-change.ts';

/** Changes written at once: a batch may have tens of thousands, and their lines are not held together. */
const changesAtOnce = 1000;

/** What a journal is kept by. */
export interface JournalParts {
  /** The instance's folder. */
  readonly folder: string;
  readonly run: string;
  /** The run that is undone. */
  readonly undoes?: string;
  readonly environment: Pick<Environment, 'fs' | 'clock'>;
  /** What must never be written. */
  readonly secrets: KnownSecrets;
  readonly retentionDays: number;
  /** Bytes that the file of a run may take, and all files together. */
  readonly mostBytes: number;
  /** Told where changes are no longer kept. */
  warn(message: string): void;
}

/** The entity of a connection that changes belong to. */
export interface ChangedEntity {
  readonly integration: string;
  /** Id of the connection. */
  readonly connection: string;
  readonly entity: string;
}

/**
 * The changes of a run, a file of JSON lines. A transaction's changes are on disk before it is committed, and a line behind them says
 * that it was: a process that ends between the two leaves changes without that line, which may or may not be in Halo. Whoever reads
 * them is told so.
 */
export class ChangeJournal implements AsyncDisposable {
  readonly #parts: JournalParts;
  readonly #path: string;
  #file: FileHandle | undefined;
  #size = 0;
  #batches = 0;
  #full = false;
  /** A hash of what was prepared and not committed. */
  #pending: string | undefined;

  constructor(parts: JournalParts) {
    this.#parts = parts;
    this.#path = changesFile(parts.folder, parts.run);
  }

  /** Takes the changes of one entity; the file is made by the first of them. */
  of(entity: ChangedEntity): ChangeSink {
    return { prepare: (changes) => this.#prepare(entity, changes), committed: () => this.#committed() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }

  async #prepare(entity: ChangedEntity, changes: Iterable<RowChange>): Promise<void> {
    if (this.#full) return;
    await this.#using(async () => {
      // The same again: the commit of the first try failed, and it makes no difference which of the two it is.
      if (this.#pending !== undefined && this.#pending === this.#hashOf(changes)) return;
      this.#pending = undefined;
      this.#file ??= await this.#open();
      const from = this.#size;
      try {
        this.#pending = await this.#write(entity, changes);
      } catch (error) {
        await this.#cutTo(from).catch(() => undefined);
        throw error;
      }
      if (this.#pending !== undefined) return;
      await this.#cutTo(from);
      await this.#leave();
    });
  }

  /** Writes changes to the disk; answers their hash, undefined where there is no room for them. */
  async #write(entity: ChangedEntity, changes: Iterable<RowChange>): Promise<string | undefined> {
    const at = this.#parts.environment.clock.now().toISOString();
    const written = createHash('sha256');
    await this.#append(`${JSON.stringify({ batch: ++this.#batches, at, ...entity })}\n`);
    for (const text of this.#textsOf(changes)) {
      const bytes = Buffer.from(text);
      if (this.#size + bytes.length > this.#parts.mostBytes) return undefined;
      written.update(bytes);
      await this.#append(bytes);
    }
    await this.#file?.datasync();
    return written.digest('base64');
  }

  #hashOf(changes: Iterable<RowChange>): string {
    const all = createHash('sha256');
    for (const text of this.#textsOf(changes)) all.update(text);
    return all.digest('base64');
  }

  async #cutTo(size: number): Promise<void> {
    this.#size = size;
    await this.#file?.truncate(size);
  }

  async #committed(): Promise<void> {
    if (this.#pending === undefined) return;
    this.#pending = undefined;
    await this.#using(() => this.#append(`${JSON.stringify({ committed: this.#batches })}\n`));
  }

  async #leave(): Promise<void> {
    this.#full = true;
    await this.#append(`${JSON.stringify({ left: true })}\n`);
    const megabytes = Math.round(this.#parts.mostBytes / 1024 ** 2);
    this.#parts.warn(
      `The changes of this run take more than ${megabytes} MB (Logging.MaxChangesMegabytes): those from here on are not kept, and cannot be undone.`,
    );
  }

  async #open(): Promise<FileHandle> {
    const { environment, folder, run, undoes } = this.#parts;
    await environment.fs.mkdir(changesFolder(folder), { recursive: true, mode: ownFolder });
    await forgetChanges(this.#parts);
    const file = await environment.fs.open(this.#path, 'a', ownFile);
    this.#file = file;
    await this.#append(`${JSON.stringify({ version, run, ...(undoes !== undefined && { undoes }) })}\n`);
    return file;
  }

  async #append(text: string | Buffer): Promise<void> {
    const bytes = typeof text === 'string' ? Buffer.from(text) : text;
    await this.#file?.appendFile(bytes);
    this.#size += bytes.length;
  }

  async #using<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw new StateFolderError(this.#path, error);
    }
  }

  /** The lines of changes, so many at once. */
  *#textsOf(changes: Iterable<RowChange>): Generator<string, void, undefined> {
    let some: RowChange[] = [];
    for (const change of changes) {
      some.push(change);
      if (some.length < changesAtOnce) continue;
      yield this.#linesOf(some);
      some = [];
    }
    if (some.length > 0) yield this.#linesOf(some);
  }

  #linesOf(changes: readonly RowChange[]): string {
    const { secrets } = this.#parts;
    const names = new Set<string>();
    const lines: string[] = [];
    for (const line of linesOf(changes)) {
      lines.push(JSON.stringify(line));
      addNames(line, names);
    }
    lines.push('');
    const text = lines.join('\n');
    // To look through the whole costs a part of what each of its texts would.
    if (!secrets.areIn(text) && !isSecretAmong(names)) return text;
    return changes.map((change) => `${JSON.stringify(secrets.maskNamed(lineOf(change)))}\n`).join('');
  }
}

const secretName = /password|secret|token|credential/i;

/** Whether a column that changed has the name of a secret. */
export function hasSecretName(line: Pick<ChangeLine, 'before' | 'after'>): boolean {
  const names = new Set<string>();
  addNames(line, names);
  return isSecretAmong(names);
}

function addNames(
  { before, after }: { readonly before?: object | undefined; readonly after: object },
  names: Set<string>,
): void {
  for (const name in after) names.add(name);
  for (const name in before) names.add(name);
}

function isSecretAmong(names: ReadonlySet<string>): boolean {
  return [...names].some((name) => secretName.test(name));
}
