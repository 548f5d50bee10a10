import { randomUUID } from 'node:crypto';
import type { HaloSession } from '../halo-api/halo-api.ts';
import type { EntityContext, OpenEntity } from '../integrations/entity.ts';
import { ListProof } from '../reading/list-proof.ts';
import type { VendorPage } from '../reading/vendor-page.ts';
import type { ReadSoFar } from './cursor-store.ts';

/** What a position is kept by. */
export interface PositionParts {
  readonly entity: OpenEntity;
  readonly context: EntityContext;
  readonly session: HaloSession;
  /** How far an earlier run came, where it did not come to the end. */
  readonly kept?: ReadSoFar | undefined;
}

/** How far a read is, and whether it is whole: everything from the beginning on was seen, by this run or those it goes on from. */
export class Position {
  /** Name of the session's set of the records that were seen. */
  readonly seen = `seen_${randomUUID().replaceAll('-', '')}`;
  readonly #parts: PositionParts;
  readonly #proof: ListProof;
  readonly #doubts = new Set<string>();
  #moved = false;
  /** Whether the page to come is one that an earlier run has read already. */
  #repeats: boolean;
  #pageStart: string | undefined;
  #cursor: string | undefined;
  #before = { size: 0, repeats: 0 };

  constructor(parts: PositionParts) {
    const { entity, context, session, kept } = parts;
    this.#parts = parts;
    const known = (content: string): boolean => context.sizeOfPage?.(content) !== undefined;
    this.#proof = new ListProof(entity.source.shape, known, kept?.proof);
    this.#repeats = kept?.repeats === true;
    this.#cursor = context.cursor;
    if (kept?.seen !== undefined) session.remember(this.seen, kept.seen);
    else if (kept) this.#doubts.add('a part of this one was read by an earlier run, which cannot say what it saw');
  }

  /** Whether the page at hand is the last one of an earlier run. */
  get repeats(): boolean {
    return this.#repeats;
  }

  /** Whether the page taken last is the last of all. */
  get atEnd(): boolean {
    return this.#cursor === undefined;
  }

  /** How many different records of Halo's came, by earlier runs of this read, too. */
  get records(): number {
    return this.#parts.session.remembered(this.seen).size;
  }

  /** Why missing records cannot be told from those that passed by unseen; empty where the read is whole. */
  get doubts(): readonly string[] {
    return [...this.#doubts, ...this.#proof.doubts];
  }

  /** Whether all of the vendor's list came, by this run or those it goes on from, whatever they know of what they saw. */
  get cameWhole(): boolean {
    return this.atEnd && !this.#moved && this.#proof.doubts.length === 0;
  }

  /** Takes the next page in. Throws IncompleteListError where it cannot be one of a whole list. */
  take(page: VendorPage): void {
    this.#proof.take(page, this.#repeats);
    this.#pageStart = this.#cursor;
    this.#cursor = page.cursor;
  }

  /** Judges a page that is sure to be written. Throws IncompleteListError where the list ends with it and is not whole. */
  settle(page: VendorPage): void {
    this.#proof.settle(page);
  }

  /** Called when no further page comes. */
  end(): void {
    this.#proof.end();
  }

  /** Called before a batch is written. */
  batchBegins(): void {
    const { size, repeats } = this.#parts.session.remembered(this.seen);
    this.#before = { size, repeats };
  }

  /**
   * Called after a batch is written. A record that is new on the page read twice has moved there, and so has one that comes a second
   * time on another page: others may have moved past, unseen.
   */
  batchEnds(): void {
    const { size, repeats } = this.#parts.session.remembered(this.seen);
    const moved = this.#repeats ? size > this.#before.size : repeats > this.#before.repeats;
    const counts = this.#parts.entity.source.pagesShift === true || (!this.#repeats && this.#proof.countsRecords);
    if (!counts || !moved) return;
    this.#moved = true;
    this.#doubts.add('records moved during this one and some may have passed by unseen');
  }

  /** The page that an earlier run had read is behind us. */
  repeated(): void {
    this.#repeats = false;
  }

  /**
   * How far the read is after a commit; undefined where nothing can be gone on with. What rejected records are is not known, so they
   * may be the missing ones.
   */
  soFar(rejected: number, rejectedNow: number, settles: boolean): ReadSoFar | undefined {
    if (this.#cursor === undefined) return undefined;
    const proof = this.#proof.soFar();
    if (this.doubts.length > 0 || rejectedNow > 0 || !settles)
      return { cursor: this.#cursor, repeats: false, rejected, proof };
    const repeats = this.#parts.entity.source.pagesShift === true;
    const seen = this.#parts.session.remembered(this.seen).toText();
    return { cursor: repeats ? this.#pageStart : this.#cursor, seen, repeats, proof };
  }
}
