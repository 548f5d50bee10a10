import type { Clock } from '../environment.ts';
import { StateFolderError } from '../errors/run-errors.ts';
import type { KnownSecrets } from '../secrets/known-secrets.ts';
import { shownLine } from '../shown-text.ts';
import { isKeptList, rejectionsFile, type KeptRejection, type KeptRejections } from './kept-rejections.ts';
import type { StateFolder } from './state-folder.ts';
import type { Rejection } from './sync.ts';

/** Rejected records of an entity that are kept by name; of more, only their number is. */
const mostKept = 5000;

/** What a list of rejected records is kept by. */
export interface RejectionListParts {
  readonly folder: StateFolder;
  readonly clock: Clock;
  /** File of the entity, without its ending. */
  readonly name: string;
  readonly of: Pick<KeptRejections, 'integration' | 'connection' | 'entity'>;
  /** The run at work. */
  readonly run: string;
  /** Whether it goes on with a read that an earlier run began. */
  readonly goesOn: boolean;
  /** Days after which a record is forgotten that was not given again. */
  readonly days: number;
  readonly secrets: KnownSecrets;
  /** Told where the list cannot be kept, which is no reason to fail. */
  warn(message: string): void;
}

/**
 * The records of an entity that are rejected as things stand. One leaves the list when it comes and is not rejected any more, or when a
 * whole read does not bring it.
 */
export class RejectionList {
  readonly #parts: RejectionListParts;
  /** What earlier runs left, but for what came and passed since. */
  readonly #before: Map<string, KeptRejection>;
  readonly #now = new Map<string, KeptRejection>();
  /** When the read at hand began; undefined where that is not known. */
  readonly #began: string | undefined;
  readonly #leftBefore: number;
  #left: number;
  #changed: boolean;
  /** Whether there is a file, which says of a read at work when it began. */
  #kept: boolean;
  #whole = false;

  private constructor(parts: RejectionListParts, kept: KeptRejections | undefined) {
    this.#parts = parts;
    this.#before = new Map(kept?.rejections.map((one) => [keyOf(one), one]));
    this.#began = parts.goesOn ? kept?.began : this.#at();
    this.#leftBefore = kept?.left ?? 0;
    this.#left = parts.goesOn ? this.#leftBefore : 0;
    this.#kept = kept !== undefined;
    this.#changed = this.#kept && !parts.goesOn;
  }

  /** Reads what earlier runs left. */
  static async load(parts: RejectionListParts): Promise<RejectionList> {
    const read = async (): Promise<unknown> => parts.folder.read(rejectionsFile(parts.name));
    const kept = await orWarning(read, parts.warn);
    return new RejectionList(parts, isKeptList(kept) ? kept : undefined);
  }

  /** Whether a record that passes might be on the list. */
  get looksForPassed(): boolean {
    return this.#before.size > 0 || this.#now.size > 0;
  }

  /** Notes a record that was rejected. */
  rejected({ record, name, id, reason }: Rejection): void {
    const at = this.#at();
    const { run } = this.#parts;
    const key = keyOf({ record, id });
    const known = this.#now.get(key) ?? this.#before.get(key);
    if (!known && this.#now.size >= mostKept) return void this.#left++;
    const runs = known ? known.runs + Number(known.run !== run) : 1;
    this.#before.delete(key);
    this.#now.set(key, {
      ...{ record, reason, since: known?.since ?? at, last: at, run, runs },
      ...(name !== undefined && { name }),
      ...(id !== undefined && { id }),
    });
    this.#changed = true;
  }

  /** Notes a record that came and was not rejected, by its id or else by what it is called. */
  passed(name: string): void {
    const key = shownLine(name);
    if (this.#before.delete(key) || this.#now.delete(key)) this.#changed = true;
  }

  /** Notes that everything the vendor has was read, so that what did not come is there no longer. */
  wholeRead(): void {
    const began = this.#began;
    if (began === undefined) return;
    for (const [key, { last }] of this.#before) if (last < began) this.#before.delete(key);
    [this.#whole, this.#changed] = [true, true];
  }

  /** Leaves the list for the next run, where something of it changed. @param ended whether the read has come to its end */
  async save(ended = false): Promise<void> {
    if (!this.#changed && !(ended && this.#kept)) return;
    const { folder, name, of, secrets, warn, clock, days } = this.#parts;
    const oldest = new Date(clock.now().getTime() - days * 86_400_000).toISOString();
    const all = [...this.#now.values(), ...this.#before.values()].filter(({ last }) => last >= oldest);
    const beyond = Math.max(0, all.length - mostKept);
    const left = (this.#whole ? this.#left : Math.max(this.#left, this.#leftBefore)) + beyond;
    const kept: KeptRejections = {
      ...of,
      ...(!ended && this.#began !== undefined && { began: this.#began }),
      left,
      rejections: all.slice(0, mostKept),
    };
    const content = all.length === 0 && left === 0 && ended ? undefined : secrets.mask(kept);
    await orWarning(() => folder.write(rejectionsFile(name), content), warn);
    [this.#changed, this.#kept] = [false, content !== undefined];
  }

  #at(): string {
    return this.#parts.clock.now().toISOString();
  }
}

function keyOf({ id, record }: Pick<KeptRejection, 'id' | 'record'>): string {
  return id ?? record;
}

async function orWarning<T>(work: () => Promise<T>, warn: (message: string) => void): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StateFolderError)) throw error;
    warn(error.message);
    return undefined;
  }
}
