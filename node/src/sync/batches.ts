import type { BatchMark, HaloOutcome, HeldRecords } from '../halo-api/halo-api.ts';
import type { VendorPage } from '../reading/vendor-page.ts';
import { settlesMissing } from './settle-missing.ts';
import type { EntityRun } from './entity-run.ts';
import { MappedBatch } from './mapped-batch.ts';
import type { Position } from './position.ts';
import type { Tally } from './tally.ts';
import { followUpsOf, sourcesBy } from './follow-ups.ts';

/** Pages that wait to be written together. */
interface WaitingBatch {
  /** Of those that are mapped already, only what they are known by. */
  pages: VendorPage[];
  size: number;
  mapped?: MappedBatch;
  mappedPages: number;
}

/** Writes pages batch by batch: checked, mapped, written, followed up, and what is known of them kept. */
export class Batches {
  readonly #run: EntityRun;
  readonly #position: Position;
  readonly #tally: Tally;
  #batch: WaitingBatch = { pages: [], size: 0, mappedPages: 0 };
  /** Records of earlier batches. */
  #before = 0;
  #marked = false;

  constructor(run: EntityRun, position: Position, tally: Tally) {
    this.#run = run;
    this.#position = position;
    this.#tally = tally;
  }

  /** Whether the mark of the read was committed with the last batch. */
  get marked(): boolean {
    return this.#marked;
  }

  /** Whether pages wait to be written. */
  get waiting(): boolean {
    return this.#batch.pages.length > 0;
  }

  /** Whether enough pages wait to be written together. */
  get full(): boolean {
    const { target } = this.#run.entity;
    if ('write' in target) return this.#batch.size >= (target.pageIsBatch ? 1 : this.#run.batchSize);
    return this.#batch.size >= Math.min(this.#run.batchSize, target.recordsAtOnce ?? Infinity);
  }

  /** Puts a page to those that wait; answers how many records are on it. */
  async add(page: VendorPage): Promise<number> {
    const records = page.size ?? page.records.length;
    const { entity, known } = this.#run;
    const batch = this.#batch;
    batch.pages.push(page);
    batch.size += records;
    // What never came before is to be written, and need not be held as the vendor gave it until it is.
    const isNew = page.content === undefined || known.sizeOf(page.content) === undefined;
    if (entity.mapping.eachPage && isNew) {
      this.#takeWaiting();
      await this.#map(batch);
      this.#batch = batch;
    }
    return records;
  }

  /** Writes what waits. @param last whether nothing comes behind it, so that the mark of the read goes with it */
  async write(last = false): Promise<void> {
    const { known, whatIf, keep } = this.#run;
    const batch = this.#takeWaiting();
    this.#position.batchBegins();
    const before = await this.#heldAsBefore(batch.pages);
    if (before?.certain) {
      known.stillGood(batch.pages);
      this.#tally.counts.unchanged += batch.size;
    } else if (batch.size > 0) await this.#writeRecords(await this.#map(batch), batch.pages, last, before);
    this.#before += batch.size;
    this.#position.batchEnds();
    if (!whatIf) await keep(this.#soFar());
    await this.#run.batchDone();
  }

  /** What waits is dealt with once, whatever comes of it. */
  #takeWaiting(): WaitingBatch {
    const batch = this.#batch;
    this.#batch = { pages: [], size: 0, mappedPages: 0 };
    return batch;
  }

  /** Maps the pages that are not mapped yet. */
  async #map(batch: WaitingBatch): Promise<MappedBatch> {
    batch.mapped ??= new MappedBatch(this.#run, this.#before, (rejection) => this.#tally.reject(rejection));
    const open = batch.pages.slice(batch.mappedPages);
    for (const some of this.#run.entity.mapping.eachPage ? open.map((page) => [page]) : [open])
      await batch.mapped.take(some.length === 1 ? (some[0]?.records ?? []) : some.flatMap((page) => page.records));
    batch.pages = batch.pages.map(({ content, size }) => ({ content, size, records: [] }));
    batch.mappedPages = batch.pages.length;
    return batch.mapped;
  }

  #soFar(): ReturnType<Position['soFar']> {
    const { counts, rejectedSoFar } = this.#tally;
    return this.#position.soFar(rejectedSoFar, counts.rejected, settlesMissing(this.#run.entity));
  }

  /** What Halo still holds of these pages, where the vendor gave them before. */
  async #heldAsBefore(pages: readonly VendorPage[]): Promise<HeldRecords | undefined> {
    const { known, session, resource, context } = this.#run;
    const held = known.find(pages);
    const { scope } = context;
    const same = held && (await session.stillHolds(resource, held, { scope, rememberAs: this.#position.seen }));
    return same ? held : undefined;
  }

  async #writeRecords(
    mapped: MappedBatch,
    pages: readonly VendorPage[],
    last: boolean,
    before: HeldRecords | undefined,
  ): Promise<void> {
    const { entity, session } = this.#run;
    const { records, aside, silent } = mapped;
    // What was set aside, or warned of, is to be said again next time.
    if (!silent) this.#run.known.forget(pages);
    const outcomes = await this.#upsert(mapped, last, silent ? pages : undefined, before);
    // Kept with the rest, since an earlier run's part of the read counts as well; an upsert does so itself.
    if (typeof entity.missing === 'object' && entity.missing.find && 'write' in entity.target)
      session.remembered(this.#position.seen).add(records, outcomes);
    const idOf = (at: number): string | undefined => mapped.idOf(at);
    this.#tally.count(outcomes, records, idOf);
    outcomes.forEach((outcome, at) => outcome.outcome === 'rejected' && aside.add(idOf(at) ?? ''));
    this.#notePassed(mapped, outcomes);
    if ('write' in entity.target && !this.#run.whatIf) await entity.target.settle?.(mapped.sources);
  }

  /** Notes what came and was not rejected, of which an earlier run may have said that it was. */
  #notePassed({ cameIds, records, aside }: MappedBatch, outcomes: readonly HaloOutcome[]): void {
    const { list } = this.#run;
    if (!list?.looksForPassed) return;
    const pass = (id: string | undefined): void => {
      if (id !== undefined && !aside.has(id)) list.passed(id);
    };
    for (const id of cameIds) pass(id);
    outcomes.forEach((outcome, at) => {
      // A message that was seen and not tried again has no row yet.
      if ('id' in outcome && outcome.id !== 0) pass(records[at]?.third_party_id);
    });
  }

  /** @param learned the pages of which is kept in mind what Halo holds; undefined where they are to be read again next time */
  #upsert(
    { records, sources }: MappedBatch,
    last: boolean,
    learned: readonly VendorPage[] | undefined,
    before: HeldRecords | undefined,
  ): Promise<readonly HaloOutcome[]> {
    const { entity, context, session, resource, whatIf, known } = this.#run;
    const { target } = entity;
    if ('write' in target) return target.write(session, records, { whatIf: whatIf && target.looksItself === true });
    const rejectedBefore = this.#tally.counts.rejected;
    const followUps = followUpsOf(this.#run, sourcesBy(records, sources), this.#tally.reject.bind(this.#tally));
    const learn = (pagesOfBatch: readonly VendorPage[], state: HeldRecords): void => {
      // What hangs on the records and was rejected is to be tried again, too.
      if (this.#tally.counts.rejected === rejectedBefore) known.learn(pagesOfBatch, state);
      else known.forget(pagesOfBatch);
    };
    const { insertOnly, matchFields, ownIdField } = target;
    return session.upsert(resource, records, {
      ...(insertOnly && { insertOnly }),
      ...(matchFields && { matchFields }),
      ...(ownIdField !== undefined && { ownIdField }),
      ...(followUps && { followUps }),
      scope: context.scope,
      rememberAs: this.#position.seen,
      ...(last && !whatIf && this.#withMark()),
      ...(known.inUse &&
        !whatIf &&
        learned && { held: (state) => learn(learned, state), fingerprintBefore: before?.fingerprint }),
    });
  }

  /** The mark of a whole read; where something comes after the last batch, it waits for that. */
  #withMark(): { mark?: BatchMark } {
    const { source, followUps } = this.#run.entity;
    if (!('readMark' in source) || settlesMissing(this.#run.entity) || followUps) return {};
    const rows: BatchMark['rows'] = (outcomes) => {
      const rejected = outcomes.filter(({ outcome }) => outcome === 'rejected').length;
      return source.readMark({ rejected: this.#tally.rejectedSoFar + rejected, missingLeft: false });
    };
    return { mark: { rows, kept: () => void (this.#marked = true) } };
  }
}
