import type { Condition } from '../../database/query.ts';

/** JSON type of a field, as Halo publishes it. */
export type FieldType = 'string' | 'int' | 'double' | 'boolean' | 'date';

/** A field of Halo's JSON and the column behind it. */
export interface Field {
  readonly json: string;
  /** Column of the resource's table, or `alias.Column` of one of its parents. */
  readonly column: string;
  readonly type: FieldType;
  /** Shown in answers and never written. */
  readonly readOnly?: boolean;
  /** No field of Halo's published API, under its column's name: found by and written, and in no answer of the API. */
  readonly unpublished?: boolean;
}

/** A table joined for names that a resource shows of its parent. */
export interface Parent {
  readonly table: string;
  readonly as: string;
  readonly on: readonly (readonly [left: string, right: string])[];
  /** Its own key, where a record may have several of it and is listed once with each. */
  readonly several?: string;
}

/**
 * What a query parameter asks of a column: by itself that it equals; or that its text contains, that it is one or none of a list
 * with commas, that a switch is as said; or, where the parameter is true, a condition of its own.
 */
export type Filter =
  | string
  | { readonly column: string; readonly kind: 'contains' | 'one of' | 'none of' | 'switch' }
  | { readonly when: Condition };

/** Which rows count as inactive. */
export interface InactiveRule {
  readonly column: string;
  /** Halo's parameter that lists them too, where it is another than `includeinactive`, which is taken as well. */
  readonly parameter?: string;
  /** The column's value in an inactive row. */
  readonly value: boolean;
}

/** The id of a resource's records. */
export interface ResourceKey {
  readonly json: string;
  readonly column: string;
  readonly kind: 'allocate' | 'identity';
  /** Set where ids count anew within a parent; the parent's field is then part of each request for one record. */
  readonly within?: {
    readonly json: string;
    readonly column: string;
    /** The table's identity column, by which a row can be named alone. */
    readonly rowId: string;
  };
}

/** A resource of Halo's published API over one of Halo's tables, as data. */
export interface Resource {
  /** Path segment: `/Client`. */
  readonly name: string;
  /** Name of its schema in Halo's published API. */
  readonly schema: string;
  readonly table: string;
  readonly key: ResourceKey;
  /** Key of the array in the answer's envelope; undefined where Halo answers the bare array. */
  readonly listKey?: string;
  readonly fields: readonly Field[];
  readonly parents?: readonly Parent[];
  /** Columns the `search` parameter looks in. */
  readonly search: readonly string[];
  readonly inactive?: InactiveRule;
  /** Query parameter → what it asks. */
  readonly filters: Readonly<Record<string, Filter>>;
  /** Date field that `startdate` and `enddate` look at where `datesearch` names no other; undefined where Halo publishes none. */
  readonly dateSearch?: string;
  /** Columns an insert must give: NOT NULL without a default (halo schema). */
  readonly required?: readonly string[];
  /** Column stamped with the time of each write. */
  readonly lastUpdate?: string;
  /** Whether Halo publishes `lastupdatefromdate` and `lastupdatetodate` for it; they look at `lastUpdate`. */
  readonly filtersByLastUpdate?: boolean;
  /** Column stamped with the time of the insert. */
  readonly created?: string;
  /** Row stamp and the counter of CHANGESEQ it follows. */
  readonly changeClock?: { readonly column: string; readonly counter: string };
  /** Histories kept of records made and of columns updated. */
  readonly history?: readonly HistoryRule[];
  /** Field → line of the primary delivery address in ADDRESSSTORE; written with the record, not listed. */
  readonly address?: Readonly<Record<string, string>>;
  /** Set where records are changed through the built-in API and never made by it. */
  readonly neverCreated?: boolean;
  /** Columns that are 0 in a new row where its record says nothing of them: reports of Halo's leave out a row that has nothing there. */
  readonly zero?: readonly string[];
  /** A second number of the primary key, counted within another column and given when a row is new (an asset within its site). */
  readonly numbered?: { readonly column: string; readonly within: string };
  /** Columns whose values before a write are needed for what is written beside it. */
  readonly before?: readonly string[];
  /** Fields of an asset that are rows of other tables; written with the record, not listed. */
  readonly assetParts?: AssetParts;
  /** Set where the published API has no POST, and where nothing here writes. */
  readonly readOnly?: boolean;
}

/** Names of the fields of an asset that are rows of other tables. */
export interface AssetParts {
  /** Ids of users, linked with it in USERDEVICE. */
  readonly users: string;
  /** Values of the fields of its type, `{id, value}` by FIELD.Yseq, in INFO. */
  readonly fields: string;
  /** The software found on it, `{name, version}`, in DeviceApplications. */
  readonly software: string;
  /** Its type by name, `{name, assetgroup_id, fields}`, which is made where there is none: XTYPE. */
  readonly type: string;
}

/** What leaves a row of history: that a record was made, or that a column of it changed. */
export type HistoryRule = {
  /** Name in `Halo.HistoryFieldIds` of the settings; without an id no row is written. */
  readonly name: string;
  readonly table: 'LicenceChange' | 'UserChange';
} & ({ readonly of: 'creation' } | { readonly of: 'number' | 'switch'; readonly column: string });

/** `json=column` pairs of one type as fields. */
export function fieldsOf(type: FieldType, pairs: Readonly<Record<string, string>>): Field[] {
  return Object.entries(pairs).map(([json, column]) => ({ json, column, type }));
}
