import { IntegratorError } from '../../errors/integrator-error.ts';
import type { ActualColumn, ActualTable, Value } from '../database.ts';
import { decideUpsert } from '../decide-upsert.ts';
import { leftAlone, readBefore } from '../upsert.ts';
import type { UpsertOutcome, UpsertRequest } from '../upsert.ts';
import { columnOf } from './column-of.ts';
import { columnValue } from './column-value.ts';
import { findingsOf, findRows, isAlone } from './find-rows.ts';
import { lastNumber, numbersWithin } from './number-allocation.ts';
import { linkSource } from './link-index.ts';
import { numberColumn, type StageColumn } from './sql-text/stage.ts';
import { numberStaged, type LinkNames, type UpsertNames } from './sql-text/upsert.ts';
import type { TransactionTools } from './transaction-tools.ts';
import { withOld } from './read-old.ts';
import { stageWork, wholeOf, writerInto, writeRows } from './write-rows.ts';
import type { Work } from './staged-work.ts';

/** Writes a request's rows: stage, find what is there, decide, then update what differs and insert what is missing. */
export async function upsert(tools: TransactionTools, request: UpsertRequest): Promise<UpsertOutcome> {
  if (request.rows.length === 0) return { rows: [] };
  const table = await tools.table(request.table);
  const link = await linkOf(tools, request);
  const columns = request.columns.map((name) => columnOf(table, name));
  const second = request.numbered && columnOf(table, request.numbered.column);
  const findings = findingsOf(request, table, columns);
  const alone = isAlone(findings, link !== undefined);
  const [stage, found, todo] = [tools.nameStage(), alone ? undefined : tools.nameStage(), tools.nameStage()];
  const insertOnly = new Set(leftAlone(request).map((name) => columnOf(table, name).name));
  const key = columnOf(table, request.key.column);
  const names: UpsertNames = {
    stage,
    found,
    todo,
    table: table.name,
    key: key.name,
    keyLeads: key.leadsIndex === true,
    located: key.leadsIndex ? [] : locatedBy(table),
    columns,
    compared: columns.flatMap(({ name }, at) => (insertOnly.has(name) ? [] : [at])),
    before: readBefore(request).map((name) => columnOf(table, name).name),
    ...(link && { link }),
    ...(second && { numbered: second }),
  };
  const rejected = await stageRows(tools, request, names);
  const staged = request.rows.length - rejected.size;
  const there = await findRows(tools, names, findings, rejected, staged);
  let fresh = 0;
  const work: Work = { inserts: [], rows: new Map() };
  const lists = !request.whatIf || request.tellOld === true;
  const decided = await decideUpsert(request, there, () => ++fresh, lists ? writerInto(work) : undefined);
  const known = alone && findings[0]?.by === 'key' && names.located.length === 0;
  const whole = staged === request.rows.length ? wholeOf(work, staged, request.key.kind, known) : undefined;
  // New rows are counted from one on until they are inserted: no number is taken before that.
  let keyOf = (row: number): number => row;
  const numbers = second && !request.whatIf ? await numberNew(tools, request, names, work, second) : undefined;
  if (work.rows.size > 0 && !whole) await stageWork(tools, names, work, there);
  const outcome = request.tellOld ? await withOld(tools, decided, names, work, whole) : decided;
  if (work.rows.size > 0 && !request.whatIf) keyOf = await writeRows(tools, request, names, work, insertOnly, whole);
  else if (fresh > 0) {
    const last = await lastNumber(tools, table, key);
    keyOf = (row) => last + row;
  }
  await tools.drop([stage, ...(found ? [found] : []), ...(work.rows.size > 0 && !whole ? [todo] : [])]);
  if (fresh === 0) return outcome;
  return {
    ...outcome,
    rows: outcome.rows.map((row, place) => {
      if (row.outcome !== 'created') return row;
      const number = numbers?.get(place);
      return { outcome: 'created', key: keyOf(row.key), ...(number !== undefined && { number }) };
    }),
  };
}

/** Gives the new rows their second number, in the stage. Somebody else who takes the same one makes the insert fail, and all of it is repeated. */
async function numberNew(
  tools: TransactionTools,
  request: UpsertRequest,
  names: UpsertNames,
  { inserts }: Work,
  column: ActualColumn,
): Promise<ReadonlyMap<number, number>> {
  if (inserts.length === 0) return new Map();
  const table = await tools.table(request.table);
  const within = columnOf(table, request.numbered?.within ?? '');
  const rows = inserts.map((place) => request.rows[place]?.values ?? {});
  const given = await numbersWithin(tools, table, column, [within], rows);
  const numbers = inserts.map((place, at): [number, number] => [place, given[at] ?? 0]);
  await tools.run(numberStaged(names, JSON.stringify(numbers)));
  return new Map(numbers);
}

/** The primary key, where its rows can be sought by it and it is made of whole numbers. */
function locatedBy(table: ActualTable): readonly string[] {
  const columns = table.primaryKey.map((name) => columnOf(table, name));
  return columns[0]?.leadsIndex && columns.every(({ type }) => type === 'int') ? columns.map(({ name }) => name) : [];
}

/** The link's names, with the session's index of links where there is one. */
async function linkOf(tools: TransactionTools, request: UpsertRequest): Promise<LinkNames | undefined> {
  const link = await linkNames(tools, request);
  if (!link || !request.link) return undefined;
  const source = linkSource(await tools.table(link.table), request.link);
  const ids = request.rows.map(({ linkId }) => linkId);
  const index = await tools.linkIndex(source, ids);
  return index === undefined ? link : { ...link, index };
}

async function linkNames(tools: TransactionTools, request: UpsertRequest): Promise<LinkNames | undefined> {
  const { link } = request;
  if (!link) return undefined;
  const table = await tools.table(link.table);
  const given = new Set(request.rows.flatMap((row) => Object.keys(row.linkValues ?? {})));
  const rowKey = columnOf(table, table.primaryKey[0] ?? link.keyColumn);
  return {
    table: table.name,
    rowKey: rowKey.name,
    rowKeyLeads: rowKey.leadsIndex === true,
    keyColumn: columnOf(table, link.keyColumn).name,
    idColumn: columnOf(table, link.idColumn).name,
    scope: link.scope,
    ...(link.general !== undefined &&
      Number(link.scope[link.general] ?? 0) !== 0 && { general: columnOf(table, link.general).name }),
    columns: [...given].map((name) => columnOf(table, name)),
  };
}

async function stageRows(
  tools: TransactionTools,
  request: UpsertRequest,
  names: UpsertNames,
): Promise<Map<number, string>> {
  const { link } = names;
  const idColumn = link && columnOf(await tools.table(link.table), link.idColumn);
  const columns: StageColumn[] = [
    numberColumn('n'),
    numberColumn('k'),
    ...(idColumn ? [{ name: 'e', column: idColumn }] : []),
    ...names.columns.map((column, at) => ({ name: `v${at}`, column })),
    ...(link?.columns ?? []).map((column, at) => ({ name: `l${at}`, column })),
    ...(names.numbered ? [numberColumn('number')] : []),
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
        ...(names.numbered ? [null] : []),
      ]);
    } catch (error) {
      if (!(error instanceof IntegratorError)) throw error;
      rejected.set(place, error.message);
    }
  });
  await tools.stage(names.stage, columns, rows);
  if (names.found) await tools.stage(names.found, ['n', 'k', 'several', 'way'].map(numberColumn), []);
  return rejected;
}
