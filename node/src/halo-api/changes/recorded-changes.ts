import type { PutOutcome, PutRequest } from '../../database/put.ts';
import type { Row, Value } from '../../database/row.ts';
import { isSameValue, type RowChange } from './changes.ts';

/**
 * The changes of a transaction, in order. Those of a set are put together when somebody goes through them, one at a time: a batch of
 * assets makes and changes tens of thousands of rows, and what tells each of them would be held until the commit.
 */
export class RecordedChanges implements Iterable<RowChange> {
  readonly #parts: (RowChange | Iterable<RowChange>)[] = [];

  /** Takes a change, or those of a set; a set may be gone through several times. */
  add(one: RowChange | Iterable<RowChange>): void {
    this.#parts.push(one);
  }

  /** Whether anything changed. */
  get some(): boolean {
    return this[Symbol.iterator]().next().done !== true;
  }

  *[Symbol.iterator](): Generator<RowChange, void, undefined> {
    for (const part of this.#parts)
      if (Symbol.iterator in part) yield* part;
      else yield part;
  }
}

/** How rows that were put are told. */
export interface PutRowsParts {
  /** @param keys what it is known by, in the request's order */
  made(keys: readonly Value[], values: Row): RowChange;
  changed(about: Pick<RowChange, 'table' | 'key'>, old: Row, now: Row): RowChange | undefined;
}

/** The rows that were put, as changes. */
export function putChanges(request: PutRequest, outcome: PutOutcome, parts: PutRowsParts): Iterable<RowChange> {
  const { table, known, columns, rows } = request;
  const named = (names: readonly string[], place: number, from: number): Row => {
    const row: Row = {};
    names.forEach((name, nth) => (row[name] = rows[place]?.[from + nth] ?? null));
    return row;
  };
  const about = (place: number) => ({ table, key: named(known, place, 0) });
  return {
    *[Symbol.iterator]() {
      for (const place of outcome.created)
        yield parts.made(
          known.map((_, nth) => rows[place]?.[nth] ?? null),
          named(columns, place, known.length),
        );
      for (const { place, before } of outcome.updated) {
        const old = Object.fromEntries(columns.map((name, nth) => [name, before[nth] ?? null]));
        const change = parts.changed(about(place), old, named(columns, place, known.length));
        if (change) yield change;
      }
    },
  };
}

/** What differs between a row as it was and as it is now; undefined where nothing does. */
export function changedColumns(old: Row, now: Row): { readonly before: Row; readonly after: Row } | undefined {
  const [before, after]: [Row, Row] = [{}, {}];
  let some = false;
  for (const name in old) {
    if (!(name in now) || isSameValue(old[name], now[name])) continue;
    before[name] = old[name] ?? null;
    after[name] = now[name] ?? null;
    some = true;
  }
  return some ? { before, after } : undefined;
}
