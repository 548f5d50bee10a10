import { RowsGoneError, RowsTakenError } from '../../errors/database-errors.ts';
import type { ActualTable, Row, Value } from '../database.ts';
import type { PutOutcome, PutRequest } from '../put.ts';
import { columnOf } from './column-of.ts';
import { columnValue } from './column-value.ts';
import { rowsInserted, rowsUpdated, type Slice } from './slice.ts';
import type { TransactionTools } from './transaction-tools.ts';
import { insertPut, readPut, updatePut, type PutNames } from './sql-text/put.ts';
import { numberColumn } from './sql-text/stage.ts';
import { isKeyTaken } from './transient-errors.ts';

/** Rows staged at once: each statement looks through the stage for its slice. */
const stagedAtOnce = 20_000;

/** What is missing and what differs; `rows` has the place of each row of the table that differs, of which several may be known by the same. */
interface Changed {
  readonly created: number[];
  readonly updated: PutOutcome['updated'][number][];
  readonly rows: number[];
}

/** Puts rows that are known by several columns: stage, ask what is missing or differs, and write no more than that. */
export async function put(tools: TransactionTools, request: PutRequest): Promise<PutOutcome> {
  const table = await tools.table(request.table);
  const known = request.known.map((name) => columnOf(table, name));
  const columns = request.columns.map((name) => columnOf(table, name));
  const stamps = valuesOf(table, request.stamps ?? {});
  const given = new Set([...known, ...columns].map(({ name }) => name));
  const onInsert = { ...tools.fillers(table, given), ...valuesOf(table, request.onInsert ?? {}), ...stamps };
  const whole: Pick<Changed, 'created' | 'updated'> = { created: [], updated: [] };
  for (let from = 0; from < request.rows.length; from += stagedAtOnce) {
    const rows = request.rows.slice(from, from + stagedAtOnce);
    const names: PutNames = { stage: tools.nameStage(), table: table.name, known, columns };
    await stageRows(tools, names, rows);
    const changed = changedIn(await tools.run(readPut(names)), columns.length);
    if (!request.whatIf) {
      await updateChanged(tools, table, names, stamps, changed.rows);
      await insertMissing(tools, table, names, onInsert, changed.created);
    }
    await tools.drop([names.stage]);
    for (const place of changed.created) whole.created.push(from + place);
    for (const { place, before } of changed.updated) whole.updated.push({ place: from + place, before });
  }
  return whole;
}

/** Updates what differs. Throws RowsGoneError, which is retried, where some of it does no longer, or is no longer there. */
async function updateChanged(
  tools: TransactionTools,
  table: ActualTable,
  names: PutNames,
  stamps: Row,
  places: readonly number[],
): Promise<void> {
  const written = [...names.columns, ...Object.keys(stamps).map((name) => columnOf(table, name))];
  for (const [part, count] of partsOf(places, rowsUpdated(table, written))) {
    const [answer] = await tools.run(updatePut(names, stamps, part));
    if (!(Number(answer?.['n']) >= count)) throw new RowsGoneError(table.name);
  }
}

/** Inserts what is missing. Throws RowsTakenError, which is retried, where somebody else has added some of it meanwhile. */
async function insertMissing(
  tools: TransactionTools,
  table: ActualTable,
  names: PutNames,
  constants: Row,
  places: readonly number[],
): Promise<void> {
  for (const [part, count] of partsOf(places, rowsInserted(table))) {
    let rows: Row[];
    try {
      rows = await tools.run(insertPut(names, constants, part));
    } catch (error) {
      throw isKeyTaken(error) ? new RowsTakenError(table.name, error) : error;
    }
    if (!(Number(rows[0]?.['n']) >= count)) throw new RowsTakenError(table.name);
  }
}

/**
 * The slices that some of these places, which ascend, are in, each with no more of them than one statement may write, and how many. What
 * has the same place stays together.
 */
function* partsOf(places: readonly number[], atOnce: number): Generator<readonly [Slice, number]> {
  for (let begin = 0; begin < places.length;) {
    let end = Math.min(begin + atOnce, places.length);
    while (end < places.length && places[end] === places[end - 1]) end++;
    yield [{ from: places[begin] ?? 0, to: places[end - 1] ?? 0 }, end - begin];
    begin = end;
  }
}

function stageRows(tools: TransactionTools, names: PutNames, rows: PutRequest['rows']): Promise<void> {
  const all = [...names.known, ...names.columns];
  const { length } = names.known;
  return tools.stage(
    names.stage,
    [numberColumn('n'), ...all.map((column, at) => ({ name: at < length ? `k${at}` : `v${at - length}`, column }))],
    rows.map((row, place) => [place, ...all.map((column, at) => columnValue(column, row[at]))]),
  );
}

function changedIn(rows: readonly Row[], columns: number): Changed {
  const changed: Changed = { created: [], updated: [], rows: [] };
  for (const row of rows) {
    const place = Number(row['n']);
    if (row['there'] === 0) {
      changed.created.push(place);
      continue;
    }
    changed.rows.push(place);
    // A staged row comes once for each of the table that is known by the same.
    if (changed.updated.at(-1)?.place !== place) {
      const before = Array.from({ length: columns }, (_, at): Value => row[`b${at}`] ?? null);
      changed.updated.push({ place, before });
    }
  }
  return changed;
}

function valuesOf(table: ActualTable, row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      const column = columnOf(table, name);
      return [column.name, columnValue(column, value)];
    }),
  );
}
