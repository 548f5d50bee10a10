import type { Value } from '../database.ts';
import { bulkType, jsonValue } from './column-value.ts';
import type { Driver } from './driver.ts';
import { createStage, fillFromJson, type StageColumn } from './sql-text/stage.ts';
import { requestOn, run, type Channel } from './statement-runner.ts';

/** Rows up to which a JSON parameter is quicker than starting a bulk load. */
const smallSet = 100;

/** Makes a session table and fills it: small sets from one parameter, large ones by bulk load. */
export async function fillStage(
  driver: Driver,
  channel: Channel,
  name: string,
  columns: readonly StageColumn[],
  rows: readonly (readonly Value[])[],
): Promise<void> {
  // A plain batch: a table made inside a parameterised statement would go with it.
  await requestOn(driver, channel).batch(createStage(name, columns));
  if (rows.length === 0) return;
  if (rows.length <= smallSet) {
    const json = JSON.stringify(
      rows.map((row) => Object.fromEntries(row.map((value, at) => [`c${at}`, jsonValue(value)]))),
    );
    await run(driver, channel, { sql: fillFromJson(name, columns), values: [json] });
    return;
  }
  const table = new driver.Table(name);
  table.create = false;
  for (const { name: column, column: actual } of columns)
    table.columns.add(column, bulkType(driver, actual), { nullable: true });
  for (const row of rows)
    table.rows.add(
      ...(row.map((value) => (value instanceof Uint8Array ? Buffer.from(value) : value)) as Parameters<
        typeof table.rows.add
      >),
    );
  await requestOn(driver, channel).bulk(table, { keepNulls: true });
}
