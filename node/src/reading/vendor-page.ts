/**
 * A page as a vendor gave it. Pages come in the order of the listing, one list after another where a source reads several
 * (tenants, parents).
 */
export interface VendorPage {
  /**
   * The records as they came, unchecked: only what the source's {@link RecordShape} lets through is mapped. Where the page has a
   * `content`, they are read when they are asked for, so that a page which came before costs nothing. Throws VendorAnswerError.
   */
  readonly records: readonly unknown[];
  /** A hash of the records as the vendor wrote them; a page that comes with the same hash again has the same records. */
  readonly content?: string | undefined;
  /** How many records there are on it, where that is known without reading them; must be their number. */
  readonly size?: number | undefined;
  /** Where to go on should the run stop after this page; absent on the last page of all, and where nothing can be gone on with. */
  readonly cursor?: string | undefined;
  /** What the page says of the list it is of. */
  readonly list?: ListFacts | undefined;
  /** Something before this page could not be read, so what did not come by now may well be there: nothing is taken for missing. */
  readonly incomplete?: boolean | undefined;
}

/** What completeness is judged by. A source says all it knows, and judges nothing: `ListProof` does, for every source alike. */
export interface ListFacts {
  /** Which list the page is of, where a source reads several one after another: a tenant's id, a parent's. */
  readonly name?: string | undefined;
  /**
   * The list begins with this page; where it was read before, by this run or an earlier one, it begins anew, and what was read of
   * it before no longer counts.
   */
  readonly begins?: boolean | undefined;
  /** How many items the list has in all, as the vendor says on this page. */
  readonly total?: number | undefined;
  /** How many pages the list has in all, as the vendor says on this page, and which of them this is, from 1 on. */
  readonly pages?: { readonly all: number; readonly number: number } | undefined;
  /** About how many records are to come, for the display of progress alone, where the vendor states no total. */
  readonly expected?: number | undefined;
  /** How many items of the list are on this page, where that is not the number of its records (companies whose contacts they are). */
  readonly items?: number | undefined;
  /** How many items of the list stand before this page by the vendor's own count: page number × page size, or the offset asked for. */
  readonly position?: number | undefined;
  /** How the vendor says that this is the last page of the list; absent where more is to come. A list without an end is not whole. */
  readonly end?: ListEnd | undefined;
  /** Lists of parents that were read for this page, each from its beginning to its end. */
  readonly parts?: readonly ListPart[] | undefined;
}

/**
 * How a vendor says that a list is at its end: it names the last page or the number of pages, gives no link or cursor to go on with,
 * has given as many items as it said there are, gives fewer than were asked for where it promises full pages, or gives an empty page.
 */
export type ListEnd = 'last-page' | 'no-next' | 'total' | 'short-page' | 'empty-page';

/** One parent's list, read whole for a page: what the vendor said it has, and what came. */
export interface ListPart {
  /** The parent, as a warning names it. */
  readonly name: string;
  readonly total?: number | undefined;
  readonly came: number;
}
