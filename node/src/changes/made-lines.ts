import type { Value } from '../database/row.ts';
import { columnsOf, type MadeRow } from '../halo-api/changes/made-row.ts';
import type { ColumnOfRows, KeptValue, MadeLine } from './change-file.ts';

/** Rows of one line: so many are lost where a line is damaged. */
const rowsAtOnce = 500;

/** As it is kept. */
export type Keep = (value: Value) => KeptValue;

/**
 * Rows that were made alike, as lines of many rows each, column by column: that takes a fifth of the room of a line for each, and of
 * the time. Undefined where they bring different columns.
 * @param rows of one set
 */
export function madeLines(rows: readonly MadeRow[], keep: Keep): readonly MadeLine[] | undefined {
  const [first] = rows;
  if (!first) return [];
  const names = Object.keys(first.values);
  if (!rows.every((row) => hasNames(row, names) && (row.number === undefined) === (first.number === undefined)))
    return undefined;
  const columns = columnsOf(first);
  const lines: MadeLine[] = [];
  for (let from = 0; from < rows.length; from += rowsAtOnce)
    lines.push(madeLine(first, columns, rows.slice(from, from + rowsAtOnce), keep));
  return lines;
}

function hasNames({ values }: MadeRow, names: readonly string[]): boolean {
  let at = 0;
  for (const name in values) if (names[at++] !== name) return false;
  return at === names.length;
}

function madeLine({ set }: MadeRow, columns: readonly string[], rows: readonly MadeRow[], keep: Keep): MadeLine {
  const texts = new TextsOfLine(keep);
  const columnOf = (valueOf: (row: MadeRow) => Value): ColumnOfRows => texts.column(rows.map(valueOf));
  const { table, cause, known, named, numbered } = set;
  const own = rows[0]?.values ?? {};
  const held = (name: string): ColumnOfRows => {
    if (name === numbered) return columnOf((row) => row.valueIn(name));
    return name in own ? columnOf(({ values }) => values[name] ?? null) : { same: keep(set.constants[name] ?? null) };
  };
  return {
    made: rows.length,
    table,
    ...(cause !== 'record' && { cause }),
    key: Object.fromEntries(known.map((name, at) => [name, columnOf(({ keys }) => keys[at] ?? null)])),
    vendorId: columnOf(({ vendorId }) => vendorId ?? null),
    name: named === undefined ? { same: null } : columnOf(({ name }) => name ?? null),
    after: Object.fromEntries(columns.map((name) => [name, held(name)])),
    texts: texts.all,
  };
}

/** The values of a line that come again and again, each once. */
class TextsOfLine {
  readonly all: KeptValue[] = [];
  readonly #places = new Map<Value, number>();
  readonly #keep: Keep;

  constructor(keep: Keep) {
    this.#keep = keep;
  }

  /** A column in the form that takes the least. */
  column(values: readonly Value[]): ColumnOfRows {
    const [first = null] = values;
    if (values.every((value) => value === first)) return { same: this.#keep(first) };
    if (values.every((value) => typeof value === 'number')) return values;
    if (isMostlyDifferent(values)) return values.map(this.#keep);
    return { at: values.map((value) => (value === null ? -1 : this.#placeOf(value))) };
  }

  #placeOf(value: Value): number {
    let place = this.#places.get(value);
    if (place === undefined) {
      this.#places.set(value, (place = this.all.length));
      this.all.push(this.#keep(value));
    }
    return place;
  }
}

/** Whether it is not worth while to look for values that come again: ids differ in the first few already. */
function isMostlyDifferent(values: readonly Value[]): boolean {
  const looked = values.slice(0, 64);
  return new Set(looked).size > looked.length / 2;
}
