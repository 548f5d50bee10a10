import type { HaloDatabaseSettings } from '../../config/settings.ts';
import type { ActualTable, Transaction, Value } from '../../database/database.ts';
import type { Resource } from '../resources/resource.ts';

/** Rows named in one condition, as many as one statement may change. */
const rowsAtOnce = 2000;

type Keys = readonly number[];

type ClockOf = NonNullable<Resource['changeClock']>;

interface Written {
  readonly table: ActualTable;
  readonly clock: ClockOf;
  /** Columns that the rows are known by, and the values there. */
  readonly columns: readonly string[];
  readonly rows: Map<string, Keys>;
}

/** Rows of a table that has no resource, written with the number that was expected. */
export interface StampedRows {
  readonly table: string;
  /** The counter of CHANGESEQ, and the column stamped. */
  readonly counter: string;
  readonly column: string;
  /** Columns that the rows are known by. */
  readonly columns: readonly string[];
  /** The rows, each beginning with the values of those columns. */
  readonly rows: readonly (readonly Value[])[];
}

/**
 * The rows a transaction wrote that CHANGESEQ tells Halo's caches of. It is one row, which every save in Halo's web app may need,
 * and ours from the moment it is advanced: so that comes when all else is done and only the commit is left.
 */
export class ChangeClock {
  readonly #on: boolean;
  readonly #written = new Map<string, Written>();
  readonly #stamped: StampedRows[] = [];
  #expected: number | undefined;

  constructor(settings: HaloDatabaseSettings) {
    this.#on = settings.ChangeClock !== false;
  }

  /** Notes rows that were written, by their keys; a key that counts within a parent comes behind that of the parent. */
  wrote(resource: Resource, table: ActualTable, rows: readonly Keys[]): void {
    const { changeClock: clock, key } = resource;
    if (!this.#on || !clock || rows.length === 0) return;
    const columns = key.within ? [key.within.column, key.column] : [key.column];
    const known = this.#written.get(table.name) ?? { table, clock, columns, rows: new Map<string, Keys>() };
    this.#written.set(table.name, known);
    for (const row of rows) known.rows.set(row.join(), row);
  }

  /**
   * The number that this transaction will stamp where nobody else advances the clock before it: rows that are many are written with it at
   * once, and stamped anew only where it came out otherwise. Undefined where no clock is kept.
   */
  async expected(transaction: Transaction): Promise<number | undefined> {
    if (!this.#on) return undefined;
    if (this.#expected === undefined) {
      const [row] = await transaction.read({ from: 'CHANGESEQ', columns: ['lastseq'], limit: 1 });
      this.#expected = Number(row?.['lastseq'] ?? 0) + 1;
    }
    return this.#expected;
  }

  /** Notes rows that were written with the number expected, each by the values of several columns. */
  wroteStamped(rows: StampedRows): void {
    if (this.#on && rows.rows.length > 0) this.#stamped.push(rows);
  }

  /** Advances CHANGESEQ and stamps the new number on the rows written; does nothing where there are none. To be called last. */
  async strike(transaction: Transaction): Promise<void> {
    if (this.#written.size === 0 && this.#stamped.length === 0) return;
    const all: { readonly written: Written; readonly columns: readonly string[]; readonly rows: readonly Keys[] }[] =
      [];
    for (const written of this.#written.values())
      if (written.table.columns.has(written.clock.column))
        all.push({ written, ...(await byPrimaryKey(transaction, written)) });
    const counters = [
      ...[...this.#written.values()].map(({ clock }) => clock.counter),
      ...this.#stamped.map(({ counter }) => counter),
    ];
    const now = await transaction.increment('CHANGESEQ', ['lastseq', ...new Set(counters)]);
    for (const { written, columns, rows } of all)
      await transaction.stamp(written.table.name, { [written.clock.column]: now }, columns, rows);
    if (now === this.#expected) return;
    for (const { table, column, columns, rows } of this.#stamped) {
      const keys = rows.map((row) => row.slice(0, columns.length) as (number | string)[]);
      await transaction.stamp(table, { [column]: now }, columns, keys);
    }
  }
}

/** The rows by the primary key, where their own key is another: to find them by that may take a look at the whole table. */
async function byPrimaryKey(
  transaction: Transaction,
  { table, columns, rows }: Written,
): Promise<{ readonly columns: readonly string[]; readonly rows: readonly Keys[] }> {
  const all = [...rows.values()];
  const { primaryKey } = table;
  const isWhole = (name: string): boolean => table.columns.get(name)?.type === 'int';
  const [column = ''] = columns;
  if (columns.length > 1 || primaryKey.length === 0 || primaryKey[0] === column || !primaryKey.every(isWhole))
    return { columns, rows: all };
  const found: Keys[] = [];
  for (let from = 0; from < all.length; from += rowsAtOnce) {
    const values = all.slice(from, from + rowsAtOnce).map(([key = 0]) => key);
    const read = await transaction.read({ from: table.name, columns: primaryKey, where: { column, is: 'in', values } });
    found.push(...read.map((row) => primaryKey.map((name) => Number(row[name]))));
  }
  return { columns: primaryKey, rows: found };
}
