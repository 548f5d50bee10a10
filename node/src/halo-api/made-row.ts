import type { Row, Value } from '../database/row.ts';
import type { ChangeCause, Making, RowChange } from './changes.ts';

/** What is told of any change of a row. */
type About = Pick<RowChange, 'table' | 'key' | 'vendorId' | 'name'>;

/** How a row that was made is told. */
export interface MadeRowParts {
  readonly cause: ChangeCause;
  /** What the row holds; where two say the same column, the later one counts. */
  readonly values: readonly Row[];
  /** Whether a column is a trace, and no part of what was made. */
  isTrace(column: string): boolean;
  /** To make it again takes what it was given to hold nothing in, too: the column's default may be something. */
  readonly nulls: boolean;
  readonly making?: Making | undefined;
}

/**
 * A row that a transaction made. What it holds is put together when somebody asks: a batch makes thousands, and to hold each of them a
 * second time until the batch is committed costs more than to read it.
 */
export class MadeRow implements RowChange {
  readonly action = 'created';
  readonly table: string;
  readonly key: Row;
  declare readonly vendorId?: string;
  declare readonly name?: string;
  declare readonly making?: Making;
  readonly cause: ChangeCause;
  readonly #parts: MadeRowParts;

  constructor({ table, key, vendorId, name }: About, parts: MadeRowParts) {
    this.table = table;
    this.key = key;
    if (vendorId !== undefined) this.vendorId = vendorId;
    if (name !== undefined) this.name = name;
    if (parts.making) this.making = parts.making;
    this.cause = parts.cause;
    this.#parts = parts;
  }

  /** The columns that hold something, without those it is known by. */
  get after(): Row {
    const { values, nulls, isTrace } = this.#parts;
    const after: Record<string, Value> = {};
    for (const part of values) {
      for (const name in part) {
        const value = part[name] ?? null;
        if (value === null && !nulls) delete after[name];
        else if (!(name in this.key) && !isTrace(name)) after[name] = value;
      }
    }
    return after;
  }
}
