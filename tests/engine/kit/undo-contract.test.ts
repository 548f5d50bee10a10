import { describe, expect, it } from '@jest/globals';
import type { Database, Row, Value } from '../../../node/src/database/database.ts';
import { haloSchema } from '../../../node/src/database/schema/index.ts';
import { resources } from '../../../node/src/halo-api/resources/index.ts';
import { contractInstance } from './contract-instance.ts';
import { drifts, tested } from './contracts.ts';

/** Tables that are histories and the clock, and columns that tell of a change itself: when it was, and its number. */
const traces = new Set(['CHANGESEQ', 'LicenceChange', 'UserChange', 'DEVICECHANGE']);
const trace = /changeseq$|last_?(?:update|modified|sync|error)|dateupdated|integratorerror/i;

/** All that the tables hold, by table and primary key, but for traces. */
async function contentOf(database: Database): Promise<Map<string, Map<string, Row>>> {
  const content = new Map<string, Map<string, Row>>();
  const described = await database.describe([...haloSchema.keys()].filter((name) => !traces.has(name)));
  for (const [name, { columns, primaryKey }] of described) {
    const kept = [...columns.keys()].filter((column) => !trace.test(column));
    const rows = await database.read({ from: name, columns: kept });
    content.set(name, new Map(rows.map((row, at) => [primaryKey.length > 0 ? keyOf(row, primaryKey) : `${at}`, row])));
  }
  return content;
}

const keyOf = (row: Row, primaryKey: readonly string[]): string =>
  primaryKey.map((column) => String(row[column])).join(' ');

type Content = Awaited<ReturnType<typeof contentOf>>;

/** Rows that were there before and are not as they were, and rows that are new. */
function differences(before: Content, after: Content): { readonly changed: unknown[]; readonly made: [string, Row][] } {
  const changed: unknown[] = [];
  const made: [string, Row][] = [];
  for (const [table, rows] of after) {
    const were = before.get(table);
    for (const [key, row] of rows) {
      const was = were?.get(key);
      if (!was) made.push([table, row]);
      else {
        const columns = Object.keys(row).filter((name) => plain(row[name]) !== plain(was[name]));
        if (columns.length > 0) changed.push([table, key, columns.map((name) => [name, was[name], row[name]])]);
      }
    }
    for (const key of were?.keys() ?? []) if (!rows.has(key)) changed.push([table, key, 'is gone']);
  }
  return { changed, made };
}

const plain = (value: Value | undefined): string =>
  value instanceof Date ? value.toISOString() : JSON.stringify(value ?? null);

const byTable = new Map([...resources.values()].map((one) => [one.table, one]));

describe.each(tested)('undoing a run of $integration', (contract) => {
  it('leaves what was there as it was, and what it made inactive', async () => {
    await using instance = await contractInstance(contract);
    const before = await contentOf(instance.database);
    const { runId } = await instance.sync();
    const { made: written } = differences(before, await contentOf(instance.database));
    expect(written.length).toBeGreaterThan(5);
    const report = await instance.undo(runId);
    const { changed, made } = differences(before, await contentOf(instance.database));
    expect(changed).toEqual([]);
    expect(report.setInactive).toBeGreaterThan(0);
    const active = made.flatMap(([table, row]) => {
      const { inactive } = byTable.get(table) ?? {};
      return inactive && row[inactive.column] !== inactive.value ? [[table, row]] : [];
    });
    expect(active).toEqual([]);
  });

  it('leaves every table as it was where it changed what was there', async () => {
    await using instance = await contractInstance(contract);
    await instance.sync();
    await using session = await instance.database.session('somebody');
    for (const [table, set] of drifts)
      await session.transaction((transaction) => transaction.update(table, set, { all: [] }));
    const before = await contentOf(instance.database);
    const { runId, results } = await instance.sync({ CompareAllHours: 0 });
    expect(results.reduce((sum, { updated }) => sum + updated, 0)).toBeGreaterThan(0);
    expect(differences(before, await contentOf(instance.database)).changed.length).toBeGreaterThan(0);
    await instance.undo(runId);
    const { changed, made } = differences(before, await contentOf(instance.database));
    expect([changed, made]).toEqual([[], []]);
  });
});
