import type { Value } from '../database.ts';
import { bulkType, jsonValue } from './column-value.ts';
import type { Driver } from './driver.ts';
import { plainInJson } from './sql-text/names.ts';
import { createStage, fillFromJson, type StageColumn } from './sql-text/stage.ts';
import { requestOn, run, stopping, type Channel } from './statement-runner.ts';

/** Rows up to which a JSON parameter is quicker than starting a bulk load. */
const smallSet = 100;
/** Characters up to which it is: files go as bytes, not as text. */
const smallText = 1_000_000;
/** Rows in one JSON parameter where there is no bulk load. */
const rowsInJson = 1000;

/** Where staged rows go. */
export interface StagePlace {
  readonly driver: Driver;
  readonly channel: Channel;
  /** Whether large sets go by bulk load; the ODBC driver's knows no session tables. */
  readonly bulk: boolean;
  readonly signal?: AbortSignal | undefined;
}

type Rows = readonly (readonly Value[])[];

/** Makes a session table and fills it: small sets from one parameter, large ones by bulk load. */
export async function fillStage(
  place: StagePlace,
  name: string,
  columns: readonly StageColumn[],
  rows: Rows,
): Promise<void> {
  const { driver, channel, bulk, signal } = place;
  // A plain batch: a table made inside a parameterised statement would go with it.
  await requestOn(driver, channel).batch(createStage(name, columns));
  if (rows.length === 0) return;
  if (bulk && !(rows.length <= smallSet && suitsJson(rows))) return load(place, name, columns, rows);
  for (let from = 0; from < rows.length; from += rowsInJson) {
    const json = JSON.stringify(
      rows
        .slice(from, from + rowsInJson)
        .map((row) => Object.fromEntries(row.map((value, at) => [`c${at}`, jsonValue(value, columns[at]?.column)]))),
    );
    await run(driver, channel, { sql: fillFromJson(name, columns), values: [json] }, signal);
  }
}

function suitsJson(rows: Rows): boolean {
  let size = 0;
  for (const row of rows)
    for (const value of row) {
      if (typeof value === 'string' || value instanceof Uint8Array) size += value.length;
      if (size > smallText || (typeof value === 'string' && !plainInJson(value))) return false;
    }
  return true;
}

async function load(
  { driver, channel, signal }: StagePlace,
  name: string,
  columns: readonly StageColumn[],
  rows: Rows,
): Promise<void> {
  const table = new driver.Table(name);
  table.create = false;
  for (const { name: column, column: actual } of columns)
    table.columns.add(column, bulkType(driver, actual), { nullable: true });
  for (const row of rows)
    table.rows.push(
      row.map((value) => (value instanceof Uint8Array ? Buffer.from(value) : value)) as (typeof table.rows)[number],
    );
  const request = requestOn(driver, channel);
  await stopping(request, signal, () => request.bulk(table, { keepNulls: true }));
}
