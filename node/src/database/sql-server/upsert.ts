import { IntegratorError } from '../../errors/integrator-error.ts';
import type { ActualTable, Row, Value } from '../database.ts';
import { decideUpsert, type FoundRows, type UpsertWriter } from '../decide-upsert.ts';
import type { UpsertOutcome, UpsertRequest } from '../upsert.ts';
import { columnOf } from './column-of.ts';
import { columnValue } from './column-value.ts';
import { findingsOf, findRows, isAlone } from './find-rows.ts';
import { slicesOf, type Slice } from './slice.ts';
import { numberColumn, type StageColumn } from './sql-text/stage.ts';
import * as text from './sql-text/upsert.ts';
import type { TransactionTools } from './sql-server-transaction.ts';

/** Writes a request's rows: stage, find what is there, decide, then update what differs and insert what is missing. */
export async function upsert(tools: TransactionTools, request: UpsertRequest): Promise<UpsertOutcome> {
  if (request.rows.length === 0) return { rows: [] };
  const table = await tools.table(request.table);
  const link = request.link && (await linkNames(tools, request));
  const columns = request.columns.map((name) => columnOf(table, name));
  const findings = findingsOf(request, table, columns);
  const alone = isAlone(findings, link !== undefined);
  const [stage, found, todo] = [tools.nameStage(), alone ? undefined : tools.nameStage(), tools.nameStage()];
  const insertOnly = new Set((request.insertOnly ?? []).map((name) => columnOf(table, name).name));
  const names: text.UpsertNames = {
    stage,
    found,
    todo,
    table: table.name,
    key: columnOf(table, request.key.column).name,
    columns,
    compared: columns.flatMap(({ name }, at) => (insertOnly.has(name) ? [] : [at])),
    before: (request.before ?? []).map((name) => columnOf(table, name).name),
    ...(link && { link }),
  };
  const rejected = await stageRows(tools, request, names);
  const staged = request.rows.length - rejected.size;
  const there = await findRows(tools, names, findings, rejected);
  const first = await firstNewKey(tools, request, names, there);
  let next = first;
  const work: Work = { inserts: [], rows: new Map() };
  const outcome = await decideUpsert(request, there, () => next++, request.whatIf ? undefined : writerInto(work));
  let result = outcome;
  const known = alone && findings[0]?.by === 'key';
  const whole = staged === request.rows.length ? wholeOf(work, staged, request.key.kind, known, first) : undefined;
  if (work.rows.size > 0)
    result = await write(tools, request, { ...names, ...(whole && { whole }) }, work, insertOnly, outcome);
  await tools.drop([stage, ...(found ? [found] : []), ...(work.rows.size > 0 && !whole ? [todo] : [])]);
  return result;
}

async function linkNames(tools: TransactionTools, request: UpsertRequest): Promise<text.LinkNames | undefined> {
  const { link } = request;
  if (!link) return undefined;
  const table = await tools.table(link.table);
  const given = new Set(request.rows.flatMap((row) => Object.keys(row.linkValues ?? {})));
  return {
    table: table.name,
    rowKey: table.primaryKey[0] ?? link.keyColumn,
    keyColumn: columnOf(table, link.keyColumn).name,
    idColumn: columnOf(table, link.idColumn).name,
    scope: link.scope,
    columns: [...given].map((name) => columnOf(table, name)),
  };
}

async function stageRows(
  tools: TransactionTools,
  request: UpsertRequest,
  names: text.UpsertNames,
): Promise<Map<number, string>> {
  const { link } = names;
  const idColumn = link && columnOf(await tools.table(link.table), link.idColumn);
  const columns: StageColumn[] = [
    numberColumn('n'),
    numberColumn('k'),
    ...(idColumn ? [{ name: 'e', column: idColumn }] : []),
    ...names.columns.map((column, at) => ({ name: `v${at}`, column })),
    ...(link?.columns ?? []).map((column, at) => ({ name: `l${at}`, column })),
  ];
  const rejected = new Map<number, string>();
  const rows: Value[][] = [];
  request.rows.forEach((row, place) => {
    try {
      rows.push([
        place,
        row.key ?? null,
        ...(idColumn ? [row.linkId === undefined ? null : columnValue(idColumn, row.linkId)] : []),
        ...names.columns.map((column, at) => columnValue(column, row.values[request.columns[at] ?? ''])),
        ...(link?.columns ?? []).map((column) =>
          row.linkValues ? columnValue(column, row.linkValues[column.name]) : null,
        ),
      ]);
    } catch (error) {
      if (!(error instanceof IntegratorError)) throw error;
      rejected.set(place, error.message);
    }
  });
  await tools.stage(names.stage, columns, rows);
  if (names.found) await tools.stage(names.found, [numberColumn('n'), numberColumn('k'), numberColumn('several')], []);
  return rejected;
}

/** The first number to give; nothing is locked where nothing can be new. */
async function firstNewKey(
  tools: TransactionTools,
  request: UpsertRequest,
  names: text.UpsertNames,
  there: FoundRows,
): Promise<number> {
  if (request.rows.every((_, place) => there.existing[place] || there.rejected.has(place))) return 1;
  const [row] = await tools.run(text.highestNumber(names.table, names.key));
  return Math.max(Number(row?.['highest'] ?? 0), 0) + 1;
}

/** What is to be done: [key, action, link action, link row] by place; 1 is insert, 2 is update. */
interface Work {
  readonly inserts: number[];
  readonly rows: Map<number, [key: number, action: number, linkAction: number, linkRow: number | null]>;
}

/** Whether the same is to be done with everything staged, so that no list of what is to be done is needed. */
function wholeOf(
  work: Work,
  staged: number,
  kind: UpsertRequest['key']['kind'],
  known: boolean,
  first: number,
): text.UpsertNames['whole'] {
  if (work.rows.size !== staged) return undefined;
  const rows = [...work.rows.values()];
  const linkAction = rows[0]?.[2];
  if (linkAction === 2 || rows.some((row) => row[2] !== linkAction)) return undefined;
  if (kind === 'allocate' && work.inserts.length === staged) return { first };
  return known && linkAction === 0 && rows.every((row) => row[1] === 2) ? 'known' : undefined;
}

function writerInto(work: Work): UpsertWriter {
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

async function write(
  tools: TransactionTools,
  request: UpsertRequest,
  names: text.UpsertNames,
  work: Work,
  insertOnly: ReadonlySet<string>,
  outcome: UpsertOutcome,
): Promise<UpsertOutcome> {
  const table = await tools.table(request.table);
  const { link } = names;
  const identity = request.key.kind === 'identity';
  if (!names.whole)
    await tools.stage(
      names.todo,
      ['n', 'k', 'a', 'la', 'lr'].map(numberColumn),
      [...work.rows].map(([place, [key, action, linkAction, linkRow]]) => [place, key, action, linkAction, linkRow]),
    );
  const stamps = named(table, request.stamps);
  const brought = new Set(names.columns.map(({ name }) => name));
  const keys: number[] = [];
  const parts = partsOf(work, request.rows.length);
  for (const { part, does } of parts) {
    if (does(1, 2))
      await tools.run(
        text.updateRows(names, new Set([...insertOnly, names.key, ...Object.keys(stamps)]), stamps, part),
      );
    if (does(1, 1)) {
      const constants = without(
        { ...tools.fillers(table, brought), ...named(table, request.onInsert), ...stamps },
        brought,
        names.key,
      );
      const inserted = await tools.insert(
        text.insertRows(names, new Set([names.key]), constants, identity, part),
        table.name,
        names.key,
      );
      keys.push(...inserted.map((row) => Number(row['k'])));
    }
  }
  const given = new Map<number, number>();
  if (identity && work.inserts.length > 0) {
    work.inserts.forEach((place, at) => given.set(place, keys[at] ?? 0));
    await tools.run(text.keysOfInserted(names, JSON.stringify([...given].map(([n, k]) => ({ n, k })))));
  }
  if (link && request.link) {
    const linkTable = await tools.table(link.table);
    const taken = new Set([link.keyColumn, link.idColumn, ...link.columns.map(({ name }) => name)]);
    const constants = without({ ...named(linkTable, request.link.onInsert), ...named(linkTable, link.scope) }, taken);
    for (const { part, does } of parts) {
      if (does(2, 1)) await tools.run(text.insertLinks(names, link, constants, part));
      if (does(2, 2)) await tools.run(text.updateLinks(names, link, part));
    }
  }
  if (given.size === 0) return outcome;
  return {
    rows: outcome.rows.map((row, place) => {
      const key = given.get(place);
      return key === undefined || row.outcome !== 'created' ? row : { outcome: 'created', key };
    }),
  };
}

/** What one statement takes in hand, and whether an action is among it. */
interface Part {
  readonly part: Slice;
  does(at: 1 | 2, action: number): boolean;
}

function partsOf(work: Work, count: number): Part[] {
  return [...slicesOf(count)].map((part) => {
    const actions = new Set<string>();
    for (let place = part.from; place <= part.to; place++) {
      const row = work.rows.get(place);
      if (row) actions.add(`1 ${row[1]}`).add(`2 ${row[2]}`);
    }
    return { part, does: (at, action) => actions.has(`${at} ${action}`) };
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
