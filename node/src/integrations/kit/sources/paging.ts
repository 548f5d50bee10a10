/** Something an answer says: a path within its body, a header, or the first of several paths that says something. */
export type Place = string | { readonly header: string } | readonly string[];

/** Whether a place is a header. */
export function isHeader(place: Place): place is Extract<Place, { readonly header: string }> {
  return typeof place === 'object' && 'header' in place;
}

/**
 * How a list comes in pages. Parameters stand in the query; where the source has a body, in that, and then they are paths
 * (`variables.after`).
 */
export type Paging =
  WholePaging | NumberedPaging | OffsetPaging | LastIdPaging | CursorPaging | LinkPaging | ExportPaging;

/** How many records are asked for at once. What comes counts, not this. */
export interface PageSize {
  readonly parameter: string;
  readonly value: number;
}

/** The list comes in one answer. */
export interface WholePaging {
  readonly style: 'whole';
  /** How many records there are, where the answer says. */
  readonly total?: Place;
}

/** Pages by number. They are at their end where the vendor says so, else with an empty page. */
export interface NumberedPaging {
  readonly style: 'page';
  readonly parameter: string;
  /** Number of the first page. */
  readonly first: 0 | 1;
  readonly size?: PageSize;
  readonly total?: Place;
  /** How many pages there are. */
  readonly pages?: Place;
  /** How many records a page takes, by the answer. */
  readonly pageSize?: Place;
  /** Which page came. */
  readonly number?: Place;
  /** Whether there are more (true or false). */
  readonly more?: Place;
}

/** So many records from the one of a number on: offset and limit, start and count, skip and top. */
export interface OffsetPaging {
  readonly style: 'offset';
  readonly parameter: string;
  readonly size: PageSize;
  readonly total?: Place;
  readonly more?: Place;
}

/** Records after the last one of the page before, by its id. The list is at its end with an empty page. */
export interface LastIdPaging {
  readonly style: 'last-id';
  readonly parameter: string;
  /** Where the id is in a record; the shape's own where nothing is said. */
  readonly id?: string;
  readonly size?: PageSize;
  readonly total?: Place;
}

/** A text of the vendor's that stands for the next page: cursor, page token, key to go on from, GraphQL's cursors. */
export interface CursorPaging {
  readonly style: 'cursor';
  readonly parameter: string;
  /** Where the answer has the next one; without it, the list is at its end. */
  readonly next: Place;
  /** Where the answer says whether there are more; then that counts. */
  readonly more?: Place;
  /**
   * The cursor is the name of something the vendor keeps, which moves by itself: it is the same on each page, so this is where the
   * answer says how far it is. The list is at its end with an empty page, too, and cannot be gone on with later.
   */
  readonly moves?: Place;
  readonly size?: PageSize;
  readonly total?: Place;
  /** Further parameters of the first page, and of the others: `{ page: 'FIRST' }`, `{ page: 'NEXT' }`. */
  readonly first?: Readonly<Record<string, string | number | boolean>>;
  readonly later?: Readonly<Record<string, string | number | boolean>>;
}

/** The address of the next page, in the body or in the Link header (RFC 8288). It must be the vendor's own. */
export interface LinkPaging {
  readonly style: 'link';
  /** Where it is in the body; absent for the header. */
  readonly next?: Place;
  readonly size?: PageSize;
  readonly total?: Place;
  /** Where the last page gives the address for the next read, which then brings only what changed. */
  readonly delta?: Place;
}

/** A list that the vendor puts together first: asked for, looked after, and fetched in parts or as one file. */
export interface ExportPaging {
  readonly style: 'export';
  /** How its state is asked for; the source's own request is the one that orders it. `{export}` is its id. */
  readonly state: {
    readonly url: string;
    readonly method?: 'GET' | 'POST';
    readonly json?: Readonly<Record<string, unknown>>;
  };
  /** Where the order's answer has its id. */
  readonly id: string;
  /** Where the state is said, and the words for done and for failed, in any case. */
  readonly status: string;
  readonly done: readonly string[];
  readonly failed?: readonly string[];
  /** Numbers of the parts that can be fetched, and where each is: `/assets/export/{export}/chunks/{chunk}`. */
  readonly chunks?: { readonly at: string; readonly url: string };
  /** Where the state has the address of the one file. It is fetched without credentials where it is at another host. */
  readonly file?: string;
  /** Seconds between two looks. Default 5. */
  readonly everySeconds?: number;
  /** Minutes after which it is given up. Default 60. */
  readonly withinMinutes?: number;
}
