import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { integrations } from '../../../node/src/integrations/registry.ts';
import type { ApartIntegration } from '../../sandbox/kit/contract.ts';
import { faultOf, faults, type FaultName } from '../../sandbox/kit/faults.ts';
import { contracts, tested } from './contracts.ts';
import { contractInstance, type ContractInstance, type Rows, type SyncReport } from './contract-instance.ts';

const names = Object.keys(faults) as FaultName[];
/** What came of each, for the table. */
const table = new Map<string, string>();

describe('every registered integration', () => {
  it.each(integrations.map(({ name }) => name))('%s is under the contract', (name) => {
    expect(contracts.map(({ integration }) => integration)).toContain(name);
  });

  it.each(contracts)('$integration is registered', ({ integration }) => {
    expect(integrations.map(({ name }) => name)).toContain(integration);
  });
});

const brief = (report: SyncReport) =>
  report.results.map(({ entity, status, error, created, updated, rejected, deactivated }) => ({
    entity,
    status,
    error: error?.message,
    created,
    updated,
    rejected,
    deactivated,
  }));
/** Everything was read and written; what is set aside is what always is. */
function expectClean(report: SyncReport, first: SyncReport): void {
  const asAlways = first.results.map(({ entity, rejected }) => ({ entity, rejected, error: undefined }));
  expect(brief(report)).toEqual(asAlways.map((one) => expect.objectContaining(one)));
  for (const { status } of report.results) expect(status).toMatch(/^succeeded/);
}

describe.each(tested)('$integration', (contract) => {
  const held = new AsyncDisposableStack();
  let instance: ContractInstance;
  let first: SyncReport;
  let rows: Rows;
  const clean = (report: SyncReport): void => expectClean(report, first);

  beforeAll(async () => {
    instance = held.use(await contractInstance(contract));
    first = await instance.sync();
    clean(first);
    rows = await instance.rows();
  });
  afterAll(() => held.disposeAsync());

  /** Whatever went wrong, the next run puts it right. */
  async function recovers(): Promise<void> {
    instance.proxy.play();
    clean(await instance.sync());
    expectSame(await instance.rows(), rows);
  }

  it('brings records, and asks only what is described', async () => {
    const wrote = ({ created, updated }: SyncReport['results'][number]): boolean => created + updated > 0;
    const idle = first.results.filter((result) => !wrote(result)).map(({ entity }) => entity);
    expect(idle).toEqual([]);
    expect([...rows.values()].flat().length).toBeGreaterThan(20);
    expect(instance.vendor.refused ?? []).toEqual([]);
  });

  it('writes nothing when nothing changed', async () => {
    const before = await instance.database.read({ from: 'CHANGESEQ', columns: ['lastseq'] });
    const report = await instance.sync();
    clean(report);
    for (const result of brief(report)) expect(result).toMatchObject({ created: 0, updated: 0, deactivated: 0 });
    expect(await instance.database.read({ from: 'CHANGESEQ', columns: ['lastseq'] })).toEqual(before);
  });

  it.each(names.map((name) => [faultOf(name).title, name] as const))('stands: %s', async (title, name) => {
    const { outcome, applies } = faultOf(name);
    const cell = `${contract.integration} ${name}`;
    if (!instance.vendor.listings.some(applies)) {
      table.set(cell, '–');
      return;
    }
    instance.proxy.play(name);
    const removable = outcome === 'is not whole' ? instance.vendor.removable : undefined;
    const affected = removable && instance.vendor.listings.find(({ path }) => path === removable.listing);
    // A list that shrinks, and of which nothing is set inactive, has nothing to tell.
    const putBack = affected && applies(affected) ? removable?.remove() : undefined;
    const report = await instance.sync();
    const touched = instance.proxy.touched.size > 0;
    if (!touched) {
      table.set(cell, '–');
      // It was a run without the fault, which may well see that the record is gone.
      putBack?.();
      await recovers();
      return;
    }
    table.set(cell, 'FAILS');
    expect(report.results.length).toBeGreaterThan(0);
    for (const { error } of report.results) expect(error?.code).not.toBe('Unexpected');
    for (const result of brief(report)) expect(result).toMatchObject({ deactivated: 0 });
    const renewable = name !== 'token-refused' || instance.vendor.givesTokens;
    if (outcome === 'as if nothing was' && renewable) {
      clean(report);
      for (const result of brief(report)) expect(result).toMatchObject({ created: 0, updated: 0 });
    } else if (outcome !== 'goes on' && !(name === 'list-shrinks' && removable && !putBack)) {
      const told = report.results.filter(({ status, note }) => status === 'failed' || note !== undefined);
      expect(told.map(({ entity }) => entity)).not.toEqual([]);
      for (const { error } of told) if (error) expect(error.code).toMatch(/^(VendorAnswer|IncompleteList|VendorAuth)$/);
    }
    // Whoever goes round in circles asks without end.
    expect(instance.proxy.requests.length).toBeLessThan(500);
    // A run that goes on where this one stopped may well see that the record is gone; it is put back for the one after.
    instance.proxy.play();
    if (putBack) await instance.sync();
    putBack?.();
    await recovers();
    table.set(cell, outcome === 'is not whole' ? 'told' : outcome === 'goes on' ? 'goes on' : 'same');
    expect(title).not.toBe('');
  });

  it('sets inactive what is gone from a whole list', async () => {
    const { removable } = instance.vendor;
    if (!removable) return;
    const putBack = removable.remove();
    const report = await instance.sync();
    putBack();
    const result = report.results.find(({ entity }) => entity === removable.entity);
    expect(result).toMatchObject({ status: 'succeeded', deactivated: 1 });
    await recovers();
  });

  it('comes to the same in two runs as in one', async () => {
    const small = { BatchSize: 10 };
    await using one = await contractInstance(contract);
    clean(await one.sync(small));
    await using two = await contractInstance(contract);
    two.proxy.play('cut');
    const broken = await two.sync(small);
    expect(broken.results.some(({ status }) => status === 'failed')).toBe(true);
    two.proxy.play();
    clean(await two.sync(small));
    // What the first run set aside, since its client had not come, was before the place where the second went on.
    clean(await two.sync(small));
    expectSame(withoutNumbers(await two.rows()), withoutNumbers(await one.rows()));
  });
});

afterAll(() => {
  const width = Math.max(...names.map((name) => faultOf(name).title.length));
  const line = (first: string, cells: readonly string[]): string =>
    [first.padEnd(width), ...cells.map((cell) => cell.padEnd(12))].join(' | ');
  const apart = contracts.filter((one): one is ApartIntegration => 'apart' in one);
  const lines = [
    line(
      'fault',
      tested.map(({ integration }) => integration),
    ),
    ...names.map((name) =>
      line(
        faultOf(name).title,
        tested.map(({ integration }) => table.get(`${integration} ${name}`) ?? 'FAILS'),
      ),
    ),
    ...apart.map(({ integration, apart: why }) => `${integration}: ${why}`),
  ];
  process.stdout.write(`\n${lines.join('\n')}\n`);
});

/** Columns that hold a site's number. */
const sitesIn = new Set(['Dsite', 'Isite', 'UDdevsite', 'UDsite', 'Usite']);
/** Columns that hold numbers given one after the other. */
const given = new Set([
  'Did',
  'ddevnum',
  'ELHaloId',
  'Inum',
  'UDdevnum',
  'DADID',
  'DAID',
  'Dtype',
  'Ssitenum',
  'TTypenum',
  'Xnum',
]);

/** What came in a second run has later numbers: an asset whose client was missing in the first. Sites are told by client and name. */
function withoutNumbers(rows: Rows): Rows {
  const columnsOf = (row: string): [string, unknown][] => JSON.parse(row) as [string, unknown][];
  const sites = new Map(
    (rows.get('SITE') ?? []).map((row) => {
      const { Ssitenum, Sarea, sdesc } = Object.fromEntries(columnsOf(row));
      return [Ssitenum, `${String(sdesc)} of ${String(Sarea)}`] as const;
    }),
  );
  const without = (row: string): string =>
    JSON.stringify(
      columnsOf(row)
        .filter(([column]) => !given.has(column))
        .map(([column, value]) => [column, sitesIn.has(column) ? (sites.get(value) ?? value) : value]),
    );
  return new Map([...rows].map(([name, all]) => [name, all.map(without).sort()]));
}

/** Names the first row that differs, by what differs: of thousands, all of them would take longer to show than to read. */
function expectSame(now: Rows, before: Rows): void {
  for (const [name, rows] of before) {
    const others = now.get(name) ?? [];
    const at = rows.findIndex((row, index) => row !== others[index]);
    const [wanted, got] = [rows[at], others[at]].map((row) => JSON.parse(row ?? '[]') as [string, unknown][]);
    const differs = got?.filter(([column, value], index) => {
      const [same, was] = wanted?.[index] ?? [];
      return column !== same || value !== was;
    });
    expect([name, at, differs?.slice(0, 3)]).toEqual([name, -1, []]);
    expect([name, others.length]).toEqual([name, rows.length]);
  }
}
