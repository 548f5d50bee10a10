import type { SQLInputValue, StatementSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import type { Row } from '../database.ts';
import { decideUpsert } from '../decide-upsert.ts';
import { leftAlone } from '../upsert.ts';
import type { UpsertOutcome, UpsertRequest } from '../upsert.ts';
import { writingEncoder } from './column-values.ts';
import type { Connection, KnownTable } from './connection.ts';
import { nextNumber } from './number-allocation.ts';
import { quote } from './table-definitions.ts';
import { classify } from './upsert-classify.ts';
import { stageRows } from './upsert-stage.ts';
import type { EncodedRow, Stage } from './upsert-stage.ts';

/** How rows of one request are written; each is one prepared statement, which in SQLite costs no round trip. */
interface Writer {
  /** With its second number, where the request has rows numbered. */
  insert(key: number, row: EncodedRow, number: number | undefined): void;
  update(key: number, row: EncodedRow): void;
  insertLink(key: number, row: EncodedRow): void;
  updateLink(link: number, key: number, row: EncodedRow): void;
}

/**
 * Writes a request's rows: stage, find what is there in one reading a match, write only what is new or differs. SQLite works
 * in this thread, so it pauses now and then for the vendor's answers to come in meanwhile.
 */
export async function upsert(connection: Connection, request: UpsertRequest): Promise<UpsertOutcome> {
  const target = connection.table(request.table);
  const link = request.link ? connection.table(request.link.table) : undefined;
  const stage = stageRows(connection, request, target, link);
  await setImmediate();
  const found = classify(connection, request, stage, target, link);
  const writer = request.whatIf ? undefined : writerOf(connection, request, stage, target, link);
  const numbers = request.numbered && !request.whatIf ? numbersOf(connection, target, request.numbered) : undefined;
  const given = new Map<number, number>();
  let next: number | undefined;
  const rowAt = (place: number): EncodedRow => stage.rows[place] as EncodedRow;
  const insertAt = (key: number, place: number): void => {
    const number = numbers?.(request.rows[place]?.values ?? {});
    if (number !== undefined) given.set(place, number);
    writer?.insert(key, rowAt(place), number);
  };
  const outcome = await decideUpsert(
    request,
    found,
    () => {
      const key = (next ??= nextNumber(connection, target, request.key.column));
      next = key + 1;
      return key;
    },
    writer && {
      insert: insertAt,
      update: (key, place) => writer.update(key, rowAt(place)),
      insertLink: (key, place) => writer.insertLink(key, rowAt(place)),
      updateLink: (row, key, place) => writer.updateLink(row, key, rowAt(place)),
    },
    () => setImmediate(),
  );
  if (given.size === 0) return outcome;
  return {
    ...outcome,
    rows: outcome.rows.map((row, place) => {
      const number = given.get(place);
      return row.outcome === 'created' && number !== undefined ? { ...row, number } : row;
    }),
  };
}

/** The next number within the parent of each row asked for. */
function numbersOf(
  connection: Connection,
  target: KnownTable,
  { column, within }: NonNullable<UpsertRequest['numbered']>,
): (values: Row) => number {
  const next = new Map<string, number>();
  return (values) => {
    const parent = String(values[within]);
    const number = next.get(parent) ?? nextNumber(connection, target, column, [within], values);
    next.set(parent, number + 1);
    return number;
  };
}

function writerOf(
  connection: Connection,
  request: UpsertRequest,
  stage: Stage,
  target: KnownTable,
  link: KnownTable | undefined,
): Writer {
  const key = target.column(request.key.column).name;
  const brought = stage.columns.flatMap(({ name }, at) => (name === key ? [] : [{ name, at }]));
  const skipped = new Set(leftAlone(request).map((name) => target.column(name).name));
  const numbered = request.numbered ? [target.column(request.numbered.column).name] : [];
  const stamps = constants(target, request.stamps, new Set());
  const created = constants(
    target,
    { ...request.onInsert, ...request.stamps },
    new Set([key, ...brought.map(({ name }) => name)]),
  );
  const stamped = new Set(stamps.names);
  const updated = brought.filter(({ name }) => !skipped.has(name) && !stamped.has(name));
  const insert = lazily(() =>
    connection.prepare(
      insertSql(target.name, [key, ...brought.map(({ name }) => name), ...created.names, ...numbered]),
    ),
  );
  const update = lazily(() =>
    connection.prepare(updateSql(target.name, [...updated.map(({ name }) => name), ...stamps.names], quote(key))),
  );
  const linkRow = request.link && link ? linkColumns(request.link, stage, link) : undefined;
  const insertLink = lazily(() =>
    connection.prepare(insertSql(link?.name ?? '', [...(linkRow?.perRow ?? []), ...(linkRow?.constant.names ?? [])])),
  );
  const updateLink = lazily(() =>
    connection.prepare(
      updateSql(link?.name ?? '', [...(linkRow?.changing ?? []), ...(linkRow?.updated.names ?? [])], 'rowid'),
    ),
  );
  // One array for all rows of a kind: to spread several into a call takes a third of the time of the insertion itself.
  const inserted: SQLInputValue[] = [];
  const changed: SQLInputValue[] = [];
  const linked: SQLInputValue[] = [];
  const relinked: SQLInputValue[] = [];
  return {
    insert(keyOfRow, row, number) {
      bind(inserted, 0, [keyOfRow]);
      const end = bind(inserted, bindAt(inserted, 1, row.values, brought), created.values);
      if (request.numbered) bind(inserted, end, [number ?? null]);
      insert().run(...inserted);
    },
    update(number, row) {
      if (updated.length + stamps.names.length === 0) return;
      bind(changed, bind(changed, bindAt(changed, 0, row.values, updated), stamps.values), [number]);
      update().run(...changed);
    },
    insertLink(number, row) {
      const from = bind(linked, bind(linked, 0, [number, row.id]), row.linkValues ?? []);
      bind(linked, from, linkRow?.constant.values ?? []);
      insertLink().run(...linked);
    },
    updateLink(rowId, number, row) {
      const from = bind(relinked, bind(relinked, 0, [number]), row.linkValues ?? []);
      bind(relinked, bind(relinked, from, linkRow?.updated.values ?? []), [rowId]);
      updateLink().run(...relinked);
    },
  };
}

/** Puts values into what is bound, from a place on; answers the place behind them. */
function bind(bound: SQLInputValue[], from: number, values: readonly SQLInputValue[]): number {
  let to = from;
  for (const value of values) bound[to++] = value;
  return to;
}

/** The same with those of a row's values that stand at some places. */
function bindAt(
  bound: SQLInputValue[],
  from: number,
  values: EncodedRow['values'],
  places: readonly { readonly at: number }[],
): number {
  let to = from;
  for (const { at } of places) bound[to++] = values[at] ?? null;
  return to;
}

/** The link's columns: those that come with each row in the order they are bound, and the constant ones. */
function linkColumns(request: NonNullable<UpsertRequest['link']>, stage: Stage, link: KnownTable) {
  const keyColumn = link.column(request.keyColumn).name;
  const values = stage.linkColumns.map(({ name }) => name);
  const perRow = [keyColumn, link.column(request.idColumn).name, ...values];
  return {
    perRow,
    changing: [keyColumn, ...values],
    updated: constants(link, request.onUpdate ?? {}, new Set(perRow)),
    constant: constants(link, { ...request.onInsert, ...request.scope }, new Set(perRow)),
  };
}

/** The rows of a constant part: real names, and values as stored, without the columns taken. */
function constants(
  table: KnownTable,
  row: Row,
  taken: ReadonlySet<string>,
): { readonly names: string[]; readonly values: SQLInputValue[] } {
  const columns = Object.entries(row)
    .map(([name, value]) => ({ column: table.column(name), value }))
    .filter(({ column }) => !taken.has(column.name));
  return {
    names: columns.map(({ column }) => column.name),
    values: columns.map(({ column, value }) => writingEncoder(column)(value)),
  };
}

function insertSql(table: string, names: readonly string[]): string {
  return `INSERT INTO ${quote(table)} (${names.map(quote).join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
}

function updateSql(table: string, names: readonly string[], key: string): string {
  return `UPDATE ${quote(table)} SET ${names.map((name) => `${quote(name)} = ?`).join(', ')} WHERE ${key} = ?`;
}

function lazily(prepare: () => StatementSync): () => StatementSync {
  let statement: StatementSync | undefined;
  return () => (statement ??= prepare());
}
