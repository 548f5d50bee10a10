import type { RecordShape } from '../../../reading/record-shape.ts';
import type { Paging } from './paging.ts';

/**
 * A list of a vendor's, as data: where it is, how it is paged, where its records are and how they look. `{Name}` in an address, the
 * query or a header is a setting, `{parent.field}` a field of the parent.
 */
export interface DeclaredSource<T = unknown> {
  /** How a record must look; what does not is set aside. */
  readonly shape: RecordShape<T>;
  /** Below the API's address where it begins with `/`. */
  readonly url: string;
  /** Default: GET. */
  readonly method?: 'GET' | 'POST';
  readonly query?: Readonly<Record<string, string | number | boolean>>;
  /** Sent as JSON. A text that is nothing but `{Name}` is filled in. */
  readonly json?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: JSON. */
  readonly format?: 'json' | 'xml' | CsvFormat;
  /** Where the records are in an answer (`data.items`); absent where the answer is the list. */
  readonly records?: string;
  /** Where an answer with status 200 says that it is none (GraphQL: `errors`). */
  readonly errors?: string;
  readonly paging: Paging;
  /** How it brings only what changed, where an earlier read was whole. */
  readonly changes?: Changes;
  /** The list is one of many: of each record of another. */
  readonly parents?: Parents;
}

/** Comma-separated values with a line of names. */
export interface CsvFormat {
  readonly csv: {
    /** Columns that must be there; a page that only says what went wrong has none of them. */
    readonly columns: readonly [string, ...string[]];
    /** Default: a comma. */
    readonly delimiter?: string;
  };
}

/**
 * How a list brings only what changed, once it was read whole: it is asked for so, it is sorted so, or its last page gives a link for
 * next time (`delta` of link paging). What went is in no such list, so it is read whole again from time to time.
 */
export interface Changes {
  /** Parameters that ask for it, in the query, or in the body where the source has one (a path); `{since}` is the moment. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** What `{since}` is written as. Default: ISO 8601 in UTC. */
  readonly as?: 'iso' | 'epoch-seconds' | 'epoch-milliseconds' | ((since: Date) => string);
  /** The list is sorted by this field, a date, the latest first: reading ends with the page that comes to the moment. */
  readonly latestFirstBy?: string;
  /** Minutes that are read once more, since the vendor's clock is another one. Default 10. */
  readonly overlapMinutes?: number;
  /** Hours after which everything is read all the same. Default 24. */
  readonly wholeAfterHours?: number;
}

/** The records whose lists are read one by one. */
export interface Parents {
  readonly source: DeclaredSource;
  /** The member of each record under which its parent is found afterwards. */
  readonly as: string;
  /** Fields of the parent that are kept there; all where nothing is said. */
  readonly fields?: readonly string[];
  /** Lists read at once. Default 4. */
  readonly atOnce?: number;
  /** How many records the parent says its list has. */
  readonly count?: string;
  /** Which parents are read; the others have no list. */
  readonly only?: (parent: Readonly<Record<string, unknown>>) => boolean;
  /** Statuses by which a vendor says that there is no such list, beside 404: one without access to it. They are told, and passed over. */
  readonly goneBy?: readonly number[];
}
