import type { ActualTable, Row, Value } from '../database.ts';
import type { PutOutcome, PutRequest } from '../put.ts';
import { columnOf } from './column-of.ts';
import { columnValue } from './column-value.ts';
import { slicesOf, type Slice } from './slice.ts';
import type { TransactionTools } from './sql-server-transaction.ts';
import { insertPut, readPut, updatePut, type PutNames } from './sql-text/put.ts';
import { numberColumn } from './sql-text/stage.ts';

/** Rows staged at once: each statement looks through the stage for its slice. */
const stagedAtOnce = 20_000;

type Changed = { readonly created: number[]; readonly updated: PutOutcome['updated'][number][] };

/** Puts rows that are known by several columns: stage, ask what is missing or differs, and write no more than that. */
export async function put(tools: TransactionTools, request: PutRequest): Promise<PutOutcome> {
  const table = await tools.table(request.table);
  const known = request.known.map((name) => columnOf(table, name));
  const columns = request.columns.map((name) => columnOf(table, name));
  const stamps = valuesOf(table, request.stamps ?? {});
  const given = new Set([...known, ...columns].map(({ name }) => name));
  const onInsert = { ...tools.fillers(table, given), ...valuesOf(table, request.onInsert ?? {}), ...stamps };
  const whole: Changed = { created: [], updated: [] };
  for (let from = 0; from < request.rows.length; from += stagedAtOnce) {
    const rows = request.rows.slice(from, from + stagedAtOnce);
    const names: PutNames = { stage: tools.nameStage(), table: table.name, known, columns };
    await stageRows(tools, names, rows);
    const changed = changedIn(await tools.run(readPut(names)), columns.length);
    for (const part of request.whatIf ? [] : slicesOf(rows.length)) {
      if (changed.updated.some(({ place }) => isIn(part, place))) await tools.run(updatePut(names, stamps, part));
      if (changed.created.some((place) => isIn(part, place)))
        await tools.insert(insertPut(names, onInsert, part), table.name, known[0]?.name ?? '');
    }
    await tools.drop([names.stage]);
    for (const place of changed.created) whole.created.push(from + place);
    for (const { place, before } of changed.updated) whole.updated.push({ place: from + place, before });
  }
  return whole;
}

function isIn({ from, to }: Slice, place: number): boolean {
  return place >= from && place <= to;
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
  const changed: Changed = { created: [], updated: [] };
  for (const row of rows) {
    const place = Number(row['n']);
    // A row comes once for each that it is known by.
    if (changed.updated.at(-1)?.place === place) continue;
    if (row['there'] === 0) changed.created.push(place);
    else {
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
