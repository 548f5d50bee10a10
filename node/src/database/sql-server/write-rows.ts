import type { Work } from './staged-work.ts';
import { RowsGoneError } from '../../errors/database-errors.ts';
import type { ActualTable, Row } from '../database.ts';
import type { FoundRows, UpsertWriter } from '../decide-upsert.ts';
import type { UpsertRequest } from '../upsert.ts';
import { columnOf } from './column-of.ts';
import { columnValue } from './column-value.ts';
import { checkNumbers, takeNumbers } from './number-allocation.ts';
import { rowsInserted, rowsUpdated, slicesOf, type Slice } from './slice.ts';
import { numberColumn } from './sql-text/stage.ts';
import type { Statement } from './sql-text/select.ts';
import * as text from './sql-text/upsert.ts';
import type { TransactionTools } from './transaction-tools.ts';

/** Whether the same is to be done with everything staged, so that no list of what is to be done is needed. */
export function wholeOf(
  work: Work,
  staged: number,
  kind: UpsertRequest['key']['kind'],
  known: boolean,
): 'new' | 'known' | undefined {
  if (work.rows.size !== staged) return undefined;
  const rows = [...work.rows.values()];
  const linkAction = rows[0]?.[2];
  if (linkAction === 2 || rows.some((row) => row[2] !== linkAction)) return undefined;
  if (kind === 'allocate' && work.inserts.length === staged) return 'new';
  return known && linkAction === 0 && rows.every((row) => row[1] === 2) ? 'known' : undefined;
}

/** Notes what is to be written. */
export function writerInto(work: Work): UpsertWriter {
  const at = (place: number, key: number) => {
    const row = work.rows.get(place) ?? [key, 0, 0, null];
    work.rows.set(place, row);
    return row;
  };
  return {
    insert(key, place) {
      at(place, key)[1] = 1;
      work.inserts.push(place);
    },
    update: (key, place) => void (at(place, key)[1] = 2),
    insertLink: (key, place) => void (at(place, key)[2] = 1),
    updateLink(row, key, place) {
      const todo = at(place, key);
      todo[2] = 2;
      todo[3] = row;
    },
  };
}

/** Stages the list of what is to be done. */
export function stageWork(
  tools: TransactionTools,
  names: text.UpsertNames,
  work: Work,
  there: FoundRows,
): Promise<void> {
  return tools.stage(
    names.todo,
    ['n', 'k', 'a', 'la', 'lr', ...names.located.map((_, at) => `p${at}`)].map(numberColumn),
    [...work.rows].map(([place, todo]) => [
      place,
      ...todo,
      ...names.located.map((_, at) => there.existing[place]?.located?.[at] ?? null),
    ]),
  );
}

/**
 * Updates what differs, inserts what is missing, links; `whole` says that the same is done with every staged row. Answers the key of
 * the n-th row inserted. The numbers of new rows are taken last, as nobody else can add to the table from then on.
 */
export async function writeRows(
  tools: TransactionTools,
  request: UpsertRequest,
  names: text.UpsertNames,
  work: Work,
  insertOnly: ReadonlySet<string>,
  whole: 'new' | 'known' | undefined,
): Promise<(row: number) => number> {
  const table = await tools.table(request.table);
  const stamps = named(table, request.stamps);
  const skipped = new Set([...insertOnly, names.key, ...Object.keys(stamps)]);
  const updating: text.UpsertNames = whole === 'known' ? { ...names, whole } : names;
  const changed = [
    ...names.columns.filter(({ name }) => !skipped.has(name)),
    ...Object.keys(stamps).map((name) => columnOf(table, name)),
  ];
  for (const { part, count } of partsOf(work, request.rows.length, rowsUpdated(table, changed)))
    await runAll(tools, table, count(1, 2), () => text.updateRows(updating, skipped, stamps, part));
  const { keyOf, linking } =
    work.inserts.length > 0
      ? await insertNew(tools, request, table, names, work, stamps, whole === 'new')
      : { keyOf: (row: number) => row, linking: updating };
  await writeLinks(tools, request, linking, work);
  return keyOf;
}

/** Runs a statement for so many rows, where there are any. Throws RowsGoneError, which is retried, where some of them are no longer there. */
async function runAll(
  tools: TransactionTools,
  { name }: Pick<ActualTable, 'name'>,
  rows: number,
  statement: () => Statement,
): Promise<void> {
  if (rows === 0) return;
  const [answer] = await tools.run(statement());
  if (!(Number(answer?.['n']) >= rows)) throw new RowsGoneError(name);
}

async function insertNew(
  tools: TransactionTools,
  request: UpsertRequest,
  table: ActualTable,
  names: text.UpsertNames,
  work: Work,
  stamps: Row,
  whole: boolean,
): Promise<{ readonly keyOf: (row: number) => number; readonly linking: text.UpsertNames }> {
  const brought = new Set([...names.columns, ...(names.numbered ? [names.numbered] : [])].map(({ name }) => name));
  const constants = without(
    { ...tools.fillers(table, brought), ...named(table, request.onInsert), ...stamps },
    brought,
    names.key,
  );
  const insert = async (into: text.UpsertNames, identity: boolean): Promise<number[]> => {
    const keys: number[] = [];
    for (const { part, count } of partsOf(work, request.rows.length, rowsInserted(table))) {
      if (count(1, 1) === 0) continue;
      const statement = text.insertRows(into, new Set([names.key]), constants, identity, part);
      const inserted = await tools.insert(statement, table.name, names.key);
      keys.push(...inserted.map((row) => Number(row['k'])));
    }
    return keys;
  };
  if (request.key.kind === 'identity') {
    const keys = await insert(names, true);
    const given = work.inserts.map((place, at) => ({ n: place, k: keys[at] ?? 0 }));
    await tools.run(text.keysOfInserted(names, JSON.stringify(given)));
    return { keyOf: (row) => keys[row - 1] ?? 0, linking: names };
  }
  const column = columnOf(table, names.key);
  const taken = await takeNumbers(tools, table, column, work.inserts.length);
  const numbered: text.UpsertNames = whole ? { ...names, whole: { first: taken.last + 1 } } : names;
  if (!whole) await tools.run(text.numberNew(names, taken.last));
  await insert(numbered, false);
  await checkNumbers(tools, table, column, taken);
  return { keyOf: (row) => taken.last + row, linking: numbered };
}

async function writeLinks(
  tools: TransactionTools,
  request: UpsertRequest,
  names: text.UpsertNames,
  work: Work,
): Promise<void> {
  const { link } = names;
  if (!link || !request.link) return;
  const linkTable = await tools.table(link.table);
  const taken = new Set([link.keyColumn, link.idColumn, ...link.columns.map(({ name }) => name)]);
  const constants = without({ ...named(linkTable, request.link.onInsert), ...named(linkTable, link.scope) }, taken);
  const updated = without(named(linkTable, request.link.onUpdate ?? {}), taken);
  const changed = [link.keyColumn, ...link.columns.map(({ name }) => name), ...Object.keys(updated)];
  const atOnce = Math.min(
    rowsInserted(linkTable),
    rowsUpdated(
      linkTable,
      changed.map((name) => columnOf(linkTable, name)),
    ),
  );
  for (const { part, count } of partsOf(work, request.rows.length, atOnce)) {
    await runAll(tools, linkTable, count(2, 1), () => text.insertLinks(names, link, constants, part));
    if (count(2, 2) === 0) continue;
    await runAll(tools, linkTable, count(2, 2), () => text.updateLinks(names, link, updated, part));
    if (link.index !== undefined) await tools.run(text.noteMovedLinks(names, link.index, part));
  }
}

/** What one statement takes in hand, and how many rows an action is for. */
interface Part {
  readonly part: Slice;
  count(at: 1 | 2, action: number): number;
}

function partsOf(work: Work, rows: number, atOnce: number): Part[] {
  return [...slicesOf(rows, atOnce)].map((part) => {
    const counts = new Map<string, number>();
    for (let place = part.from; place <= part.to; place++) {
      const row = work.rows.get(place);
      if (!row) continue;
      for (const action of [`1 ${row[1]}`, `2 ${row[2]}`]) counts.set(action, (counts.get(action) ?? 0) + 1);
    }
    return { part, count: (at, action) => counts.get(`${at} ${action}`) ?? 0 };
  });
}

function named(table: ActualTable, row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      const column = columnOf(table, name);
      return [column.name, columnValue(column, value)];
    }),
  );
}

function without(row: Row, taken: ReadonlySet<string>, key?: string): Row {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !taken.has(name) && name !== key));
}
