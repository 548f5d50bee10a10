import { hash } from 'node:crypto';
import type { Row, Value } from '../database/database.ts';
import type { RowChange } from '../halo-api/changes/changes.ts';
import { MadeRow } from '../halo-api/changes/made-row.ts';
import type { ChangeLine, KeptRow, KeptValue, MadeLine } from './change-file.ts';
import { madeLines } from './made-lines.ts';

/** Characters of a text that is kept whole: of a new row, whose old value nobody needs, and of one that was changed. */
const longest = { made: 2000, changed: 200_000 };

/** Fewer rows that were made alike are kept one by one, where they can be read as they stand. */
const fewest = 10;

type KeptLine = ReturnType<typeof lineOf> | MadeLine;

/** Changes as they are kept, in their order. */
export function* linesOf(changes: readonly RowChange[]): Generator<KeptLine> {
  for (let at = 0; at < changes.length;) {
    const alike = madeAlike(changes, at);
    const made = alike.length < fewest ? undefined : madeLines(alike, keptAsMade);
    const all = Math.max(alike.length, 1);
    yield* made ?? changes.slice(at, at + all).map((change) => lineOf(change));
    at += all;
  }
}

/** The rows of one set that come one after another from a place on; none where something else stands there. */
function madeAlike(changes: readonly RowChange[], from: number): readonly MadeRow[] {
  const alike: MadeRow[] = [];
  for (let at = from; at < changes.length; at++) {
    const change = changes[at];
    if (!(change instanceof MadeRow) || (alike[0] && change.set !== alike[0].set)) break;
    alike.push(change);
  }
  return alike;
}

function keptAsMade(value: Value): KeptValue {
  return keptValue(value, longest.made);
}

/** A change as it is kept; what is undefined in it is not written. @param most characters of a text that is kept whole */
export function lineOf(
  { action, cause, key, before, after, table, vendorId, name }: RowChange,
  most = action === 'created' ? longest.made : longest.changed,
) {
  return {
    table,
    vendorId,
    name,
    action,
    key: keptRow(key, most),
    before: before && keptRow(before, most),
    after: keptRow(after, most),
    cause: cause === 'record' ? undefined : cause,
  } satisfies { [name in keyof ChangeLine]: ChangeLine[name] | undefined };
}

function keptRow(row: Row, most: number): KeptRow {
  // As good as every row of a first run: it is kept as it is.
  if (isKeptAsItIs(row, most)) return row;
  const kept: Record<string, KeptValue> = {};
  for (const name in row) kept[name] = keptValue(row[name] ?? null, most);
  return kept;
}

/** Whether JSON writes each of its values as it is kept; dates, too, become the same text by either way. */
function isKeptAsItIs(row: Row, most: number): row is Record<string, string | number | boolean | null> {
  for (const name in row) {
    const value = row[name];
    if (typeof value === 'string' ? value.length > most : typeof value === 'bigint') return false;
    if (value instanceof Uint8Array) return false;
  }
  return true;
}

/** A value as it is kept. */
export function keptValue(value: Value, most = longest.changed): KeptValue {
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string' && value.length <= most) return value;
  if (typeof value === 'string' || value instanceof Uint8Array)
    return { sha256: hash('sha256', value), length: value.length };
  return value;
}
