import { comparedText } from './compared-text.ts';
import type { Row } from './database.ts';
import type { LinkOutcome, RowOutcome, UpsertOutcome, UpsertRequest } from './upsert.ts';

/** What the database has for a request's rows, by their place. */
export interface FoundRows {
  /**
   * The row there is for a staged one; `before` has its values of the request's `before` columns, `located` those of the primary key where
   * that finds it quicker, `old` what a changed one has, where it was read with it.
   */
  readonly existing: readonly (
    | {
        readonly key: number;
        readonly changed: boolean;
        readonly located?: readonly number[];
        readonly before?: Row;
        readonly old?: Row;
      }
    | undefined
  )[];
  /** The link there is for a third-party id: its row, the key it carries, whether its values differ, and those, where they were read. */
  readonly links: readonly (
    { readonly row: number; readonly key: number | null; readonly changed: boolean; readonly old?: Row } | undefined
  )[];
  /** Why a row cannot be written. */
  readonly rejected: ReadonlyMap<number, string>;
}

/** Told what is to be written, in the order of the rows. */
export interface UpsertWriter {
  insert(key: number, place: number): void;
  update(key: number, place: number): void;
  insertLink(key: number, place: number): void;
  updateLink(link: number, key: number, place: number): void;
}

/** Rows decided between two pauses. */
const rowsAtOnce = 500;

/**
 * Decides what becomes of each row of a request, the same way for every database: a known key must be there, a third-party
 * id comes once, and a row is written by one record only. A writer that does its work in this thread gives a pause, so that
 * what else is under way goes on between its rows.
 */
export async function decideUpsert(
  request: UpsertRequest,
  found: FoundRows,
  nextKey: () => number,
  writer: UpsertWriter | undefined,
  pause?: () => Promise<unknown>,
): Promise<UpsertOutcome> {
  const byKey = request.match.some((match) => match.by === 'key');
  const claimed = new Set<number>();
  const newIds = new Set<string>();
  const links: LinkOutcome[] = [];

  const { reserved } = request;
  const reservedText = reserved && comparedText(reserved.text);
  const isReserved = (before: Row | undefined): boolean =>
    reserved !== undefined && comparedText(before?.[reserved.column]) === reservedText;

  const decide = (place: number): RowOutcome => {
    const row = request.rows[place];
    const reason = found.rejected.get(place);
    if (!row || reason !== undefined) return { outcome: 'rejected', reason: reason ?? 'there is no such row' };
    const there = found.existing[place];
    let outcome: RowOutcome & { key: number };
    if (!there) {
      if (row.key !== undefined && byKey)
        return { outcome: 'rejected', reason: `${request.table} has no row ${row.key}` };
      if (request.updateOnly) return { outcome: 'missing' };
      const id = row.linkId === undefined ? undefined : comparedText(row.linkId);
      if (id !== undefined && newIds.has(id))
        return { outcome: 'rejected', reason: `the third-party id ${row.linkId} came earlier in the same set` };
      if (id !== undefined) newIds.add(id);
      outcome = { outcome: 'created', key: nextKey() };
      writer?.insert(outcome.key, place);
    } else if (isReserved(there.before)) {
      return { outcome: 'rejected', reason: request.reserved?.reason ?? '' };
    } else if (claimed.has(there.key)) {
      return {
        outcome: 'rejected',
        reason: `row ${there.key} of ${request.table} was matched by an earlier record too`,
      };
    } else {
      claimed.add(there.key);
      const { key, before, old } = there;
      const found = { key, ...(before && { before }), ...(old && { old }) };
      outcome = { outcome: there.changed ? 'updated' : 'unchanged', ...found };
      if (there.changed) writer?.update(there.key, place);
    }
    if (request.link && row.linkId !== undefined && row.linkValues) {
      const linked = found.links[place];
      if (!linked) {
        writer?.insertLink(outcome.key, place);
        links.push({ place });
      } else if (linked.changed || linked.key !== outcome.key) {
        writer?.updateLink(linked.row, outcome.key, place);
        links.push({ place, there: { key: linked.row, old: { [request.link.keyColumn]: linked.key, ...linked.old } } });
      }
    }
    return outcome;
  };
  const rows: RowOutcome[] = [];
  for (let place = 0; place < request.rows.length; place++) {
    if (pause && place > 0 && place % rowsAtOnce === 0) await pause();
    rows.push(decide(place));
  }
  return request.tellOld ? { rows, links } : { rows };
}
