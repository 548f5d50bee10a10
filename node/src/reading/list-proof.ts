import { IncompleteListError } from '../errors/list-errors.ts';
import { PageMemory } from './page-memory.ts';
import type { RecordShape } from './record-shape.ts';
import type { ListFacts, VendorPage } from './vendor-page.ts';

/** Empty pages in a row that a list of counted pages may have, and one of links, where a filter may pass over many records. */
const emptyPagesCounted = 5;
const emptyPagesLinked = 1000;

/** What a run that goes on must know of the list, as JSON. */
export interface ProofSoFar {
  /** Which list of several it is. */
  readonly name?: string | undefined;
  /** Items that came, and the most the vendor ever said there are; absent where it says nothing. */
  readonly read: number;
  readonly promised?: number | undefined;
  /** Items of the last page. */
  readonly lastItems: number;
  /** The pages and cursors that came. */
  readonly pages: readonly string[];
}

/**
 * Proves that a vendor's list is whole, be it read by several runs. One rule for every source: the vendor says where the list ends,
 * as many items came as it ever said there are, no page and no cursor came twice, and what a resumed read looks at again is still
 * there. What cannot be is an IncompleteListError; what may have let records pass by unseen is a doubt.
 */
export class ListProof {
  readonly #shape: RecordShape<unknown>;
  readonly #known: (content: string) => boolean;
  readonly #doubts = new Set<string>();
  #memory: PageMemory;
  #name: string | undefined;
  #read: number;
  #promised: number | undefined;
  #stated: number | undefined;
  #pages: number | undefined;
  #lastItems: number;
  #empties = 0;
  #countsRecords = false;
  #ended = false;
  #resumed: boolean;
  #began = false;

  /**
   * @param known whether a page of this content came before, so that its records need not be read
   * @param kept what an earlier run left
   */
  constructor(shape: RecordShape<unknown>, known: (content: string) => boolean, kept?: ProofSoFar) {
    this.#shape = shape;
    this.#known = known;
    this.#memory = new PageMemory(kept?.pages);
    this.#name = kept?.name;
    this.#read = kept?.read ?? 0;
    this.#promised = kept?.promised;
    this.#lastItems = kept?.lastItems ?? 0;
    this.#resumed = kept !== undefined;
  }

  /** Why records may have passed by unseen, as parts of a sentence. */
  get doubts(): readonly string[] {
    return [...this.#doubts];
  }

  /** Whether the vendor says of how many records the list is: then one that comes twice stands for another that does not come. */
  get countsRecords(): boolean {
    return this.#countsRecords;
  }

  /** What the next run must know, were this one to stop here. */
  soFar(): ProofSoFar {
    const { pages } = this.#memory;
    return { name: this.#name, read: this.#read, promised: this.#promised, lastItems: this.#lastItems, pages };
  }

  /**
   * Takes the next page in; throws IncompleteListError where it cannot be one of a whole list.
   * @param repeated it is the last page of an earlier run, read once more
   */
  take(page: VendorPage, repeated = false): void {
    const { list } = page;
    // A page that is read once more belongs to what was read before it, be it the first one.
    if (!repeated && (list?.begins || (list?.name !== undefined && list.name !== this.#name))) this.#begin(list.name);
    const items = list?.items ?? page.size ?? page.records.length;
    this.#count(page, items, repeated);
    if (!repeated) this.#findRepeats(page);
    if (this.#empties > 0 && items > 0 && list?.position !== undefined)
      this.#doubts.add('a page in its middle was empty');
    this.#empties = items === 0 && page.cursor !== undefined ? this.#empties + 1 : 0;
    this.#countsRecords = list?.parts
      ? list.parts.some(({ total }) => total !== undefined)
      : list?.total !== undefined && list.items === undefined;
    const most = list?.position === undefined ? emptyPagesLinked : emptyPagesCounted;
    if (this.#empties > most) throw new IncompleteListError(`${this.#empties} empty pages came one after another`);
    for (const part of list?.parts ?? [])
      if (part.total !== undefined && part.total !== part.came)
        this.#doubts.add(`of ${part.name} ${part.total} records were promised and ${part.came} came`);
    if (page.incomplete) this.#doubts.add('a part of it could not be read');
    this.#lastItems = items;
  }

  /** Called once a page's records are sure to be written; throws IncompleteListError where the list ends with it and is not whole. */
  settle(page: VendorPage): void {
    const { list } = page;
    const more = this.#promised !== undefined && this.#read > this.#promised;
    if (more) throw new IncompleteListError(`the vendor says it has ${this.#promised} records, and ${this.#read} came`);
    if (!list?.end) return;
    this.#ended = true;
    const [read, promised = 0, stated = 0] = [this.#read, this.#promised, this.#stated];
    if (read < stated || (read < promised && this.#lastItems === 0))
      throw new IncompleteListError(`${Math.max(stated, promised)} records were promised and ${read} came`);
    if (read < promised) this.#doubts.add(fell(promised, stated));
  }

  /** Called when no further page comes. */
  end(): void {
    if (!this.#ended) this.#doubts.add('the vendor did not say that this is its end');
  }

  #begin(name: string | undefined): void {
    if (this.#began && !this.#ended && name !== this.#name)
      this.#doubts.add('one of its parts did not come to its end');
    this.#memory = new PageMemory();
    this.#name = name;
    [this.#read, this.#empties, this.#lastItems] = [0, 0, 0];
    this.#promised = this.#stated = this.#pages = undefined;
    this.#ended = this.#resumed = false;
  }

  #count({ list }: VendorPage, items: number, repeated: boolean): void {
    const first = this.#resumed && !this.#began;
    this.#began = true;
    this.#ended = false;
    const { total, position } = list ?? {};
    if (items === 0 && position !== undefined && total !== undefined && position > total)
      throw new IncompleteListError(
        `it has ${total} records, and a page behind the first ${position} was to be read${first ? ', where the last run stopped' : ''}`,
      );
    if (repeated && items === 0)
      throw new IncompleteListError('the page at which the last run stopped is empty when it is read again');
    if (repeated && items < this.#lastItems)
      this.#doubts.add('records moved: the page at which the last run stopped is shorter when it is read again');
    if (!repeated) this.#read += items;
    this.#countPages(list?.pages, items);
    if (total === undefined) return;
    // What goes while we read moves others to a page that was read before, and they pass by unseen.
    if (this.#promised !== undefined && total < this.#promised) this.#doubts.add(fell(this.#promised, total));
    // Where pages are counted, what came at the end may make up for what went further ahead, so that no count tells of it.
    if (position !== undefined && this.#stated !== undefined && total > this.#stated)
      this.#doubts.add(`records moved: the vendor said it has ${this.#stated} records, and later ${total}`);
    this.#promised = Math.max(this.#promised ?? 0, total);
    this.#stated = total;
  }

  /** A list that is said to have fewer pages than before, or than came, may end before its end. */
  #countPages(pages: ListFacts['pages'], items: number): void {
    if (!pages) return;
    const before = Math.max(this.#pages ?? 0, items > 0 ? pages.number : 0);
    if (pages.all < before)
      this.#doubts.add(`records moved: the vendor has ${before} pages, and says that it has ${pages.all}`);
    this.#pages = Math.max(this.#pages ?? 0, pages.all);
  }

  #findRepeats(page: VendorPage): void {
    const known = page.content !== undefined && this.#known(page.content);
    for (const key of known ? [page.content] : [page.content, this.#endsOf(page.records)])
      if (key !== undefined && this.#lastsLong(page) && !this.#memory.add(key))
        throw new IncompleteListError('a page repeats one that came before');
    if (page.cursor !== undefined && !this.#memory.add(`cursor ${page.cursor}`))
      throw new IncompleteListError('it leads back to a page that came before');
  }

  /** An empty page is like any other empty one. */
  #lastsLong(page: VendorPage): boolean {
    return (page.size ?? page.records.length) > 0;
  }

  /** Tells a page from others by its first and last record, without the cost of the whole page. */
  #endsOf(records: readonly unknown[]): string | undefined {
    const ends = [records[0], records.at(-1)];
    const ids = ends.map((record) => this.#shape.idOf(record));
    if (ids.every((id) => id !== undefined)) return JSON.stringify([records.length, ...ids]);
    try {
      return JSON.stringify([records.length, ...ends]);
    } catch {
      // Nested deeper than can be written.
      return undefined;
    }
  }
}

function fell(promised: number, stated: number): string {
  return `records moved: the vendor said it has ${promised} records, and later ${stated}`;
}
