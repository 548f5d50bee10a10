import { afterAll, beforeEach, expect, it, jest } from '@jest/globals';
import { Connection } from '../../../node/src/database/embedded/connection.ts';
import { contractInstance } from '../kit/contract-instance.ts';
import { drifts, tested } from '../kit/contracts.ts';

/** Tables that grow with what Halo holds; those of settings are small, and may be read through. */
const growing = new Set([
  'AREA', 'SITE', 'USERS', 'UNAME', 'DEVICE', 'INFO', 'USERDEVICE', 'Licence', 'ITEM', 'COMPANY', 'ExternalLink',
  'DeviceApplications', 'FAULTS', 'ACTIONS', 'ATTACHMENT', 'IncomingEmail', 'LicenceChange', 'UserChange', 'DEVICECHANGE',
  'IntegrationError',
]); // prettier-ignore

/** Growing tables that SQLite reads through for a statement; what ends with the first row it comes to reads none through. */
function scanned(connection: Connection, sql: string): string[] {
  const plan = connection.database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all().map(({ detail }) => String(detail)); // prettier-ignore
  const sorted = plan.some((line) => line.includes('USE TEMP B-TREE'));
  if (/ LIMIT \?/.test(sql) && !/ WHERE /.test(sql) && !sorted) return [];
  const aliases = new Map(
    [...sql.matchAll(/"(\w+)"(?: AS)? "?(\w+)"?/g)].map(([, table = '', as = '']) => [as, table]),
  );
  return plan.flatMap((line) => {
    const [, name = ''] = /^SCAN (\S+)/.exec(line) ?? [];
    const table = growing.has(name) ? name : aliases.get(name);
    return table !== undefined && growing.has(table) ? [table] : [];
  });
}

let inBatches: string[] = [];
let elsewhere = new Map<string, number>();
beforeEach(() => {
  inBatches = [];
  elsewhere = new Map();
});
const { prepare } = Connection.prototype;
const spy = jest.spyOn(Connection.prototype, 'prepare').mockImplementation(function (this: Connection, sql: string) {
  for (const table of /^\s*(SELECT|INSERT|UPDATE|DELETE)/.test(sql) ? scanned(this, sql) : []) {
    if (this.database.isTransaction) inBatches.push(`${table}: ${sql}`);
    else elsewhere.set(sql, (elsewhere.get(sql) ?? 0) + 1);
  }
  return prepare.call(this, sql);
});
afterAll(() => spy.mockRestore());

it.each(tested)(
  'no statement of a batch of $integration reads a table through that grows, whatever it has to do',
  async (contract) => {
    await using instance = await contractInstance(contract);
    const batches = { BatchSize: 5 };
    const first = await instance.sync({ ...batches, CompareAllHours: 0 });
    // A look at each row that is there, to find what is missing, is one for each entity, and none for each batch.
    const looks = () => Math.max(0, ...elsewhere.values());
    expect(looks()).toBeLessThanOrEqual(first.results.length);
    await using session = await instance.database.session('test');
    for (const [table, set] of drifts)
      await session.transaction((transaction) => transaction.update(table, set, { all: [] }));
    inBatches = [];
    elsewhere.clear();
    const second = await instance.sync({ ...batches, CompareAllHours: 0 });
    expect(second.results.reduce((sum, { updated }) => sum + updated, 0)).toBeGreaterThan(0);
    expect(looks()).toBeLessThanOrEqual(second.results.length);
    // What is unchanged is told by its fingerprint.
    await instance.sync(batches);
    expect(inBatches).toEqual([]);
  },
);
