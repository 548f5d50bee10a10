import type { HaloRecord } from '../halo-api/halo-api.ts';
import { aboutRecord, fittingRecords, mapRecords, unlinkable } from './map-records.ts';
import type { EntityRun } from './entity-run.ts';
import type { Rejection } from './sync.ts';

/** What mapping a batch needs of its run. */
export type MappedBatchParts = Pick<EntityRun, 'entity' | 'context' | 'list' | 'warnings'>;

/** The records of a batch as Halo takes them. Of the vendor's own, nothing is held that is not asked for once they are written. */
export class MappedBatch {
  readonly records: HaloRecord[] = [];
  /** The vendor's record of each, where what follows from them goes by it. */
  readonly sources: unknown[] = [];
  /** Ids of what was set aside. */
  readonly aside = new Set<string>();
  /** Ids of what came, where somebody waits for one to pass. */
  readonly cameIds: string[] = [];
  /** How many came. */
  came = 0;
  readonly #parts: MappedBatchParts;
  readonly #before: number;
  readonly #told: (rejection: Rejection) => void;
  readonly #warned: number;
  readonly #ids: (string | undefined)[] = [];
  #fitting = 0;
  #nothingToSay = 0;

  /** @param before how many records came in earlier batches @param told of each that is set aside */
  constructor(parts: MappedBatchParts, before: number, told: (rejection: Rejection) => void) {
    this.#parts = parts;
    this.#before = before;
    this.#told = told;
    this.#warned = parts.warnings();
  }

  /** Whether nothing was set aside or warned of, which is to be said again next time. */
  get silent(): boolean {
    return this.records.length + this.#nothingToSay === this.came && this.#parts.warnings() === this.#warned;
  }

  /** The vendor's id of a record, by its place. */
  idOf(place: number): string | undefined {
    return this.#ids[place] ?? this.records[place]?.third_party_id;
  }

  /** Takes the vendor's records that come next. */
  async take(came: readonly unknown[]): Promise<void> {
    const { entity, context, list } = this.#parts;
    const { shape } = entity.source;
    const fitting = fittingRecords(shape, came, this.#before + this.came, (one) => this.#reject(one));
    const first = this.#before + this.#fitting;
    const mapped = await mapRecords(entity.mapping, shape, fitting, first, context.signal);
    const wantsSources = entity.followUps !== undefined || 'write' in entity.target;
    mapped.forEach((one, at) => {
      const trouble = 'fields' in one ? unlinkable(one) : 'quarantined' in one ? one.reason : undefined;
      if (trouble !== undefined) {
        const about = aboutRecord(shape, fitting[at], first + at);
        const name = 'quarantined' in one ? one.quarantined.trim() : '';
        const id = about.id ?? ('quarantined' in one ? one.third_party_id : undefined);
        this.#reject({ ...about, ...(name !== '' && { record: name, name }), id, reason: trouble });
      } else if ('fields' in one) {
        this.records.push(one);
        this.#ids.push(shape.idOf(fitting[at]));
        if (wantsSources) this.sources.push(fitting[at]);
      } else if ('left_out' in one && one.lasts) this.#nothingToSay++;
    });
    if (list?.looksForPassed) this.cameIds.push(...fitting.flatMap((record) => shape.idOf(record) ?? []));
    this.#fitting += fitting.length;
    this.came += came.length;
  }

  #reject(rejection: Rejection): void {
    if (rejection.id !== undefined) this.aside.add(rejection.id);
    this.#told(rejection);
  }
}
