import type { Row, Value } from './row.ts';

/** A read as plain data; each database renders it in its own dialect. `alias.Column` names a column of a joined table. */
export interface Query {
  readonly from: string;
  readonly as?: string;
  /** Columns to read: `Column`, `alias.Column`, or `{column, as}`. */
  readonly columns: readonly (string | { readonly column: string; readonly as: string })[];
  readonly joins?: readonly Join[];
  readonly where?: Condition;
  readonly orderBy?: readonly { readonly column: string; readonly descending?: boolean }[];
  readonly limit?: number;
  readonly offset?: number;
  /**
   * That the rows are links of a scope, of which some of many are asked for by a list in the id or key column, which no index of Halo's
   * begins with: a database may keep an index of its own. Of the parts of an `any` among its conditions no link meets two.
   */
  readonly links?: {
    readonly keyColumn: string;
    readonly idColumn: string;
    readonly scope: Row;
  };
}

export interface Join {
  readonly kind: 'inner' | 'left';
  readonly table: string;
  readonly as: string;
  /** Column pairs that must be equal; odd key types (float to int) compare as numbers. */
  readonly on: readonly (readonly [left: string, right: string])[];
  /** Further conditions on the joined table. */
  readonly where?: Condition;
}

/** A condition as plain data. Text compares case-insensitively, as in Halo's collation. */
export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | {
      readonly column: string;
      readonly is: 'equal' | 'less' | 'less-or-equal' | 'greater' | 'greater-or-equal';
      readonly value: Value;
    }
  | { readonly column: string; readonly is: 'null' | 'not-null' }
  | { readonly column: string; readonly is: 'in'; readonly values: readonly Value[] }
  | { readonly column: string; readonly is: 'contains' | 'starts-with'; readonly value: string };
