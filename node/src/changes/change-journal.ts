import { hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Row, Value } from '../database/database.ts';
import type { Environment } from '../environment.ts';
import { StateFolderError } from '../errors/run-errors.ts';
import type { ChangeSink, RowChange } from '../halo-api/changes.ts';
import { ownFile, ownFolder } from '../own-files.ts';
import type { KnownSecrets } from '../secrets/known-secrets.ts';
import { changesFile, changesFolder, version, type ChangeLine, type KeptRow, type KeptValue } from './change-file.ts';

/** Characters of a text that is kept whole: of a new row, whose old value nobody needs, and of one that was changed. */
const longest = { made: 2000, changed: 200_000 };

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
  /** What was prepared and not committed: its lines, and where they begin. */
  #pending: { readonly text: string; readonly from: number } | undefined;

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

  async #prepare(entity: ChangedEntity, changes: readonly RowChange[]): Promise<void> {
    if (this.#full) return;
    const text = this.#linesOf(changes);
    await this.#using(async () => {
      // The same again: the commit of the first try failed, and it makes no difference which of the two it is.
      if (this.#pending?.text === text) return;
      this.#pending = undefined;
      this.#file ??= await this.#open();
      const at = this.#parts.environment.clock.now().toISOString();
      const head = `${JSON.stringify({ batch: ++this.#batches, at, ...entity })}\n`;
      if (this.#size + head.length + text.length > this.#parts.mostBytes) return this.#leave();
      const from = this.#size;
      try {
        await this.#append(head + text);
        await this.#file.datasync();
      } catch (error) {
        await this.#file.truncate(from).catch(() => undefined);
        this.#size = from;
        throw error;
      }
      this.#pending = { text, from };
    });
  }

  async #committed(): Promise<void> {
    if (!this.#pending) return;
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

  async #append(text: string): Promise<void> {
    const bytes = Buffer.from(text);
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

  #linesOf(changes: readonly RowChange[]): string {
    const { secrets } = this.#parts;
    let text = '';
    const names = new Set<string>();
    for (const change of changes) {
      const line = lineOf(change);
      text += `${JSON.stringify(line)}\n`;
      addNames(line, names);
    }
    // To look through the whole costs a part of what each of its texts would.
    if (!secrets.areIn(text) && !isSecretAmong(names)) return text;
    return changes.map((change) => `${JSON.stringify(secrets.maskNamed(lineOf(change)))}\n`).join('');
  }
}

/** Removes files that are older than the logs are kept, and the oldest of those that are too many together. */
export async function forgetChanges(
  parts: Pick<JournalParts, 'folder' | 'environment' | 'retentionDays' | 'mostBytes'>,
): Promise<void> {
  const { fs, clock } = parts.environment;
  const folder = changesFolder(parts.folder);
  const files: { readonly path: string; readonly at: number; readonly size: number }[] = [];
  for (const name of await fs.readdir(folder).catch(() => [])) {
    const found = name.endsWith('.jsonl') && (await fs.stat(join(folder, name)).catch(() => undefined));
    if (found) files.push({ path: join(folder, name), at: found.mtimeMs, size: found.size });
  }
  const first = clock.now().getTime() - parts.retentionDays * 86_400_000;
  let room = parts.mostBytes;
  for (const { path, at, size } of files.toSorted((one, other) => other.at - one.at)) {
    room -= size;
    // One that another process holds open goes at the next run.
    if (at < first || room < 0) await fs.rm(path, { force: true }).catch(() => undefined);
  }
}

/** A change as it is kept; what is undefined in it is not written. @param most characters of a text that is kept whole */
export function lineOf(
  { action, cause, key, before, after, table, vendorId, name }: RowChange,
  most = action === 'created' ? longest.made : longest.changed,
) {
  return {
    table,
    vendorId,
    name,
    action,
    key: keptRow(key, most),
    before: before && keptRow(before, most),
    after: keptRow(after, most),
    cause: cause === 'record' ? undefined : cause,
  } satisfies { [name in keyof ChangeLine]: ChangeLine[name] | undefined };
}

function keptRow(row: Row, most: number): KeptRow {
  // As good as every row of a first run: it is kept as it is.
  if (isKeptAsItIs(row, most)) return row;
  const kept: Record<string, KeptValue> = {};
  for (const name in row) kept[name] = keptValue(row[name] ?? null, most);
  return kept;
}

/** Whether JSON writes each of its values as it is kept; dates, too, become the same text by either way. */
function isKeptAsItIs(row: Row, most: number): row is Record<string, string | number | boolean | null> {
  for (const name in row) {
    const value = row[name];
    if (typeof value === 'string' ? value.length > most : typeof value === 'bigint') return false;
    if (value instanceof Uint8Array) return false;
  }
  return true;
}

/** A value as it is kept. */
export function keptValue(value: Value, most = longest.changed): KeptValue {
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string' && value.length <= most) return value;
  if (typeof value === 'string' || value instanceof Uint8Array)
    return { sha256: hash('sha256', value), length: value.length };
  return value;
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
