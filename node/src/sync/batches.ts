import type { BatchMark, HaloOutcome, HaloRecord, HeldRecords } from '../halo-api/halo-api.ts';
import type { VendorPage } from '../reading/vendor-page.ts';
import { aboutRecord, fittingRecords, mapRecords, unlinkable } from './map-records.ts';
import { settlesMissing } from './settle-missing.ts';
import type { EntityRun } from './entity-run.ts';
import type { Rejection } from './sync.ts';
import type { Position } from './position.ts';
import type { Tally } from './tally.ts';
import { followUpsOf } from './follow-ups.ts';

/** Writes pages batch by batch: checked, mapped, written, followed up, and what is known of them kept. */
export class Batches {
  readonly #run: EntityRun;
  readonly #position: Position;
  readonly #tally: Tally;
  #pages: VendorPage[] = [];
  #size = 0;
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
    return this.#pages.length > 0;
  }

  /** Whether enough pages wait to be written together. */
  get full(): boolean {
    const { target } = this.#run.entity;
    if ('write' in target) return this.#size >= (target.pageIsBatch ? 1 : this.#run.batchSize);
    return this.#size >= Math.min(this.#run.batchSize, target.recordsAtOnce ?? Infinity);
  }

  /** Puts a page to those that wait; answers how many records are on it. */
  add(page: VendorPage): number {
    const records = page.size ?? page.records.length;
    this.#pages.push(page);
    this.#size += records;
    return records;
  }

  /** Writes what waits. @param last whether nothing comes behind it, so that the mark of the read goes with it */
  async write(last = false): Promise<void> {
    const { known, whatIf, keep } = this.#run;
    const [pages, records] = [this.#pages, this.#size];
    [this.#pages, this.#size] = [[], 0];
    this.#position.batchBegins();
    const before = await this.#heldAsBefore(pages);
    if (before?.certain) {
      known.stillGood(pages);
      this.#tally.counts.unchanged += records;
    } else if (records > 0) await this.#writeRecords(pages, last, before);
    this.#before += records;
    this.#position.batchEnds();
    if (!whatIf) await keep(this.#soFar());
    await this.#run.batchDone();
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

  async #writeRecords(pages: readonly VendorPage[], last: boolean, before: HeldRecords | undefined): Promise<void> {
    const { entity, context, session, warnings } = this.#run;
    const { shape } = entity.source;
    const came = pages.flatMap((page) => page.records);
    const warned = warnings();
    const aside = new Set<string>();
    const reject = (rejection: Rejection): void => {
      if (rejection.id !== undefined) aside.add(rejection.id);
      this.#tally.reject(rejection);
    };
    const vendorRecords = fittingRecords(shape, came, this.#before, reject);
    const mapped = await mapRecords(entity.mapping, shape, vendorRecords, this.#before, context.signal);
    const records: HaloRecord[] = [];
    const places: number[] = [];
    let nothingToSay = 0;
    const sources: unknown[] = [];
    mapped.forEach((one, index) => {
      const trouble = 'fields' in one ? unlinkable(one) : 'quarantined' in one ? one.reason : undefined;
      if (trouble !== undefined) {
        const about = aboutRecord(shape, vendorRecords[index], this.#before + index);
        const name = 'quarantined' in one ? one.quarantined.trim() : '';
        const id = about.id ?? ('quarantined' in one ? one.third_party_id : undefined);
        reject({ ...about, ...(name !== '' && { record: name, name }), id, reason: trouble });
      } else if ('fields' in one) {
        records.push(one);
        places.push(index);
        sources.push(vendorRecords[index]);
      } else if ('left_out' in one && one.lasts) nothingToSay++;
    });
    // What was set aside, or warned of, is to be said again next time.
    const silent = records.length + nothingToSay === came.length && warnings() === warned;
    if (!silent) this.#run.known.forget(pages);
    const sourcesOf = sourcesBy(records, sources);
    const outcomes = await this.#upsert(records, sourcesOf, last, silent ? pages : undefined, before);
    // Kept with the rest, since an earlier run's part of the read counts as well.
    if (typeof entity.missing === 'object' && entity.missing.find)
      session.remembered(this.#position.seen).add(records, outcomes);
    const idOf = (at: number): string | undefined =>
      shape.idOf(vendorRecords[places[at] ?? -1]) ?? records[at]?.third_party_id;
    this.#tally.count(outcomes, records, idOf);
    outcomes.forEach((outcome, at) => outcome.outcome === 'rejected' && aside.add(idOf(at) ?? ''));
    this.#notePassed(vendorRecords, records, outcomes, aside);
    if ('write' in entity.target && !this.#run.whatIf) await entity.target.settle?.(sources);
  }

  /** Notes what came and was not rejected, of which an earlier run may have said that it was. */
  #notePassed(
    came: readonly unknown[],
    records: readonly HaloRecord[],
    outcomes: readonly HaloOutcome[],
    aside: ReadonlySet<string>,
  ): void {
    const { list, entity } = this.#run;
    if (!list?.looksForPassed) return;
    const pass = (id: string | undefined): void => {
      if (id !== undefined && !aside.has(id)) list.passed(id);
    };
    for (const record of came) pass(entity.source.shape.idOf(record));
    outcomes.forEach((outcome, at) => {
      // A message that was seen and not tried again has no row yet.
      if ('id' in outcome && outcome.id !== 0) pass(records[at]?.third_party_id);
    });
  }

  /** @param learned the pages of which is kept in mind what Halo holds; undefined where they are to be read again next time */
  #upsert(
    records: readonly HaloRecord[],
    sourcesOf: (records: readonly HaloRecord[]) => readonly unknown[],
    last: boolean,
    learned: readonly VendorPage[] | undefined,
    before: HeldRecords | undefined,
  ): Promise<readonly HaloOutcome[]> {
    const { entity, context, session, resource, whatIf, known } = this.#run;
    const { target } = entity;
    if ('write' in target) return target.write(session, records, { whatIf: whatIf && target.looksItself === true });
    const rejectedBefore = this.#tally.counts.rejected;
    const followUps = followUpsOf(this.#run, sourcesOf, this.#tally.reject.bind(this.#tally));
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

/** The vendor's record of each of some of the records: mostly of all, since parts of a batch are written only where one is refused. */
function sourcesBy(
  all: readonly HaloRecord[],
  sources: readonly unknown[],
): (records: readonly HaloRecord[]) => readonly unknown[] {
  let known: Map<HaloRecord, unknown> | undefined;
  return (records) => {
    if (records === all) return sources;
    known ??= new Map(all.map((record, at) => [record, sources[at]]));
    return records.map((record) => known?.get(record));
  };
}
