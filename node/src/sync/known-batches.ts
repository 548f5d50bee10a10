import type { Clock } from '../environment.ts';
import { IntegratorError } from '../errors/integrator-error.ts';
import { StateFolderError } from '../errors/run-errors.ts';
import { CancelledError } from '../errors/sync-errors.ts';
import type { HeldRecords } from '../halo-api/halo-api.ts';
import type { VendorPage } from '../reading/vendor-page.ts';
import type { MappingBasis } from '../integrations/entity.ts';
import type { StateFolder } from './state-folder.ts';

/** A batch that was compared with Halo, and how Halo held it then. */
interface KnownBatch {
  /** Its pages: a hash of what the vendor wrote, and how many records that is. */
  readonly pages: readonly (readonly [content: string, size: number])[];
  readonly comparedAt: string;
  readonly held: HeldRecords;
}

/** What is kept from one run to the next. */
interface Kept {
  /** The engine that mapped the records: another one may map them otherwise. */
  readonly version: string;
  readonly settings: string;
  readonly basis: unknown;
  readonly batches: readonly KnownBatch[];
}

/** What known batches are kept by. */
export interface KnownBatchesParts {
  readonly folder: StateFolder;
  readonly clock: Clock;
  /** File of the entity, without its ending. */
  readonly name: string;
  readonly version: string;
  /** A hash of the settings in use. */
  readonly settings: string;
  /** A batch that was compared longer ago is compared anew; 0 keeps nothing. */
  readonly hours: number;
  /** Told where they cannot be kept, or found: everything is compared then, which is no reason to fail. */
  warn(message: string): void;
}

/**
 * Batches of an earlier run. Where the vendor gives the same pages again, Halo still holds what came of them, and they would be
 * mapped by the same, there is nothing to read, map or compare.
 */
export class KnownBatches {
  readonly #parts: KnownBatchesParts;
  readonly #sizes = new Map<string, number>();
  readonly #batches = new Map<string, KnownBatch>();
  readonly #touched = new Set<string>();
  #kept: Kept | undefined;
  #basis: MappingBasis | undefined;

  private constructor(parts: KnownBatchesParts) {
    this.#parts = parts;
  }

  /** Reads what the last run left. */
  static async load(parts: KnownBatchesParts): Promise<KnownBatches> {
    const known = new KnownBatches(parts);
    if (parts.hours === 0) return known;
    const kept = (await known.#orWarning(() => parts.folder.read(`${parts.name}.known`))) as Kept | undefined;
    if (!kept) return known;
    if (kept.version !== parts.version || kept.settings !== parts.settings || !areBatches(kept.batches)) return known;
    known.#kept = kept;
    for (const { pages } of kept.batches) for (const [content, size] of pages) known.#sizes.set(content, size);
    return known;
  }

  /** Whether batches are to be kept in mind at all. */
  get inUse(): boolean {
    return this.#basis !== undefined;
  }

  /** How many records a page of this content has. */
  sizeOf(content: string): number | undefined {
    return this.#sizes.get(content);
  }

  /** Looks whether records would be mapped as they were; without a basis, that cannot be told. */
  async begin(basis: MappingBasis | undefined): Promise<void> {
    if (!basis || this.#parts.hours === 0) return;
    this.#basis = basis;
    if (!this.#kept) return;
    try {
      await basis.lookUpAgain(this.#kept.basis);
    } catch (error) {
      // What cannot be looked up may not be needed any more; where it is, the records that need it say so.
      if (!(error instanceof IntegratorError) || error instanceof CancelledError) throw error;
      return;
    }
    if (JSON.stringify(await basis.value()) !== JSON.stringify(this.#kept.basis)) return;
    const now = this.#parts.clock.now().getTime();
    for (const batch of this.#kept.batches) {
      const age = now - Date.parse(batch.comparedAt);
      // A clock that was ahead would make one last.
      if (age >= 0 && age < this.#parts.hours * 3_600_000) this.#batches.set(nameOf(batch.pages), batch);
    }
  }

  /** How Halo held these pages' records when they were last compared; undefined where they are new. */
  find(pages: readonly VendorPage[]): HeldRecords | undefined {
    const name = pagesOf(pages);
    return name && this.#batches.get(nameOf(name))?.held;
  }

  /** Keeps a batch that is as it was. */
  stillGood(pages: readonly VendorPage[]): void {
    const known = pagesOf(pages);
    if (known) this.#touched.add(nameOf(known));
  }

  /** Keeps a batch that was just compared, or written. */
  learn(pages: readonly VendorPage[], held: HeldRecords): void {
    const known = pagesOf(pages);
    if (!known) return;
    this.#batches.set(nameOf(known), { pages: known, comparedAt: this.#parts.clock.now().toISOString(), held });
    this.#touched.add(nameOf(known));
  }

  /** Keeps a batch no longer: a record of it is to be looked at again, whatever Halo holds of the others. */
  forget(pages: readonly VendorPage[]): void {
    const known = pagesOf(pages);
    if (known) this.#batches.delete(nameOf(known));
  }

  /** Leaves everything for the next run; what a whole read did not come by is gone. */
  async save(whole: boolean): Promise<void> {
    if (!this.#basis) return;
    const { folder, name, version, settings } = this.#parts;
    const left = [...this.#batches].filter(([key]) => !whole || this.#touched.has(key));
    const batches = left.map(([, batch]) => batch);
    const kept: Kept = { version, settings, basis: await this.#basis.value(), batches };
    await this.#orWarning(() => folder.write(`${name}.known`, kept));
  }

  async #orWarning<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StateFolderError)) throw error;
      this.#parts.warn(error.message);
      return undefined;
    }
  }
}

/** Whether they are as they are kept here. */
function areBatches(batches: unknown): batches is readonly KnownBatch[] {
  return (
    Array.isArray(batches) &&
    batches.every(
      (batch) => Array.isArray((batch as Partial<KnownBatch> | null)?.pages) && batch.pages.every(Array.isArray),
    )
  );
}

/** The pages by content and size; undefined where the content of one is not known. */
function pagesOf(pages: readonly VendorPage[]): KnownBatch['pages'] | undefined {
  const known = pages.flatMap(({ content, size }) =>
    content === undefined || size === undefined ? [] : [[content, size] as const],
  );
  return known.length === pages.length ? known : undefined;
}

function nameOf(pages: KnownBatch['pages']): string {
  return pages.map(([content]) => content).join();
}
