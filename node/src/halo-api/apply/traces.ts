import { rowIn, resourceOf } from '../changes/look-at-rows.ts';
import type { AppliedRow, ApplyParts, PlannedRow } from './planned-row.ts';
import { numberIn } from './planned-numbers.ts';

type Answers = ReadonlyMap<PlannedRow, AppliedRow>;

/** Histories of who was given a licence and who lost one, of those users for whom it was done. */
export async function writePlannedTraces(
  rows: readonly PlannedRow[],
  answers: Answers,
  { transaction, own, numbers }: ApplyParts,
): Promise<void> {
  const traces = rows.filter(({ making }) => making?.trace);
  if (traces.length === 0) return;
  const users = new Set<number>();
  for (const row of rows) {
    if (row.table !== 'DeviceApplications' || answers.get(row)?.outcome !== 'done') continue;
    for (const side of [row.before, row.after]) {
      const real = side && numbers.real(row.table, side);
      users.add(numberIn(real?.['dauserid']));
    }
  }
  const { author, now } = own.traces();
  for (const { table: name, after } of traces) {
    const real = numbers.real(name, after);
    if (!real || !users.has(numberIn(real['LCUserId'])) || !(await own.besides.hasTable(name))) continue;
    const table = await own.tableOf(name);
    const columns = Object.keys(real).filter((column) => table.columns.has(column));
    await transaction.insert(name, [{ ...rowIn(table, columns, real), LCWho: author, LCWhen: now }]);
  }
}

/** A site of which only the address changed was changed, too. */
export async function stampSites(
  rows: readonly PlannedRow[],
  answers: Answers,
  { transaction, own, clock, numbers }: ApplyParts,
): Promise<void> {
  const written = rows.filter((row) => row.table === 'ADDRESSSTORE' && answers.get(row)?.outcome === 'done');
  const resource = resourceOf('SITE');
  if (written.length === 0 || !resource) return;
  const sites = new Set<number>();
  const changed: number[] = [];
  for (const { action, key, after } of written) {
    if (action === 'created') sites.add(numberIn(numbers.real('ADDRESSSTORE', after)?.['ASSiteID']));
    else changed.push(numberIn(key['ASID']));
  }
  if (changed.length > 0) {
    const where = { column: 'ASID', is: 'in', values: changed } as const;
    for (const row of await transaction.read({ from: 'ADDRESSSTORE', columns: ['ASSiteID'], where }))
      sites.add(numberIn(row['ASSiteID']));
  }
  const keys = [...sites].filter((site) => site > 0).map((site) => [site]);
  const table = await own.tableOf(resource.table);
  clock.wrote(resource, table, keys);
  const { lastUpdate } = resource;
  if (lastUpdate !== undefined && table.columns.has(lastUpdate) && keys.length > 0)
    await transaction.stamp(resource.table, { [lastUpdate]: own.traces().now }, [resource.key.column], keys);
}
