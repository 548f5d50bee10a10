import type { Row, Value } from '../../database/row.ts';
import type { ChangeCause, Making, RowChange } from './changes.ts';

/** What rows that were made together have in common. */
export interface MadeRowSet {
  readonly table: string;
  readonly cause: ChangeCause;
  /** The columns that each is known by. */
  readonly known: readonly string[];
  /** What each holds beside its own values, where it brings none for the column. */
  readonly constants: Row;
  /** A second number that each has got. */
  readonly numbered?: string | undefined;
  /** Where its name stands. */
  readonly named?: string | undefined;
  /** To make it again takes what it was given to hold nothing in, too: the column's default may be something. */
  readonly nulls: boolean;
  /** Whether a column is a trace, and no part of what was made. */
  isTrace(column: string): boolean;
}

/** A row of a set. */
export interface MadeRowParts {
  /** What it is known by, in the order of the set's columns. */
  readonly keys: readonly Value[];
  readonly values: Row;
  readonly vendorId?: string | undefined;
  readonly number?: number | undefined;
  readonly making?: Making | undefined;
}

/**
 * A row that a transaction made. What it holds is put together when somebody asks: a batch makes thousands, and to hold each of them a
 * second time until the batch is committed costs more than to read it.
 */
export class MadeRow implements RowChange {
  readonly set: MadeRowSet;
  readonly keys: readonly Value[];
  /** What it was given. */
  readonly values: Row;
  readonly vendorId: string | undefined;
  readonly number: number | undefined;
  readonly making: Making | undefined;

  constructor(set: MadeRowSet, { keys, values, vendorId, number, making }: MadeRowParts) {
    this.set = set;
    this.keys = keys;
    this.values = values;
    this.vendorId = vendorId;
    this.number = number;
    this.making = making;
  }

  get action(): 'created' {
    return 'created';
  }

  get table(): string {
    return this.set.table;
  }

  get cause(): ChangeCause {
    return this.set.cause;
  }

  get key(): Row {
    return Object.fromEntries(this.set.known.map((name, at) => [name, this.keys[at] ?? null]));
  }

  get name(): string | undefined {
    const { named } = this.set;
    const name = named === undefined ? undefined : this.values[named];
    return typeof name === 'string' ? name : undefined;
  }

  /** The columns that hold something, without those it is known by. */
  get after(): Row {
    const after: Record<string, Value> = {};
    for (const name of columnsOf(this)) {
      const value = this.valueIn(name);
      if (value !== null || this.set.nulls) after[name] = value;
    }
    return after;
  }

  /** What it holds in a column. */
  valueIn(column: string): Value {
    if (column === this.set.numbered && this.number !== undefined) return this.number;
    const value = this.values[column];
    return value === undefined && !(column in this.values) ? (this.set.constants[column] ?? null) : (value ?? null);
  }
}

/** The columns of which a row says something, but for those it is known by. */
export function columnsOf({ set, values, number }: MadeRow): readonly string[] {
  const names = new Set([...Object.keys(set.constants), ...Object.keys(values)]);
  if (set.numbered !== undefined && number !== undefined) names.add(set.numbered);
  return [...names].filter((name) => !set.known.includes(name) && !set.isTrace(name));
}
