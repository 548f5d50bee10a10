import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sql from 'mssql';
import { haloSchema } from '../node/src/database/schema/index.ts';
import { makeTestDatabase } from '../tests/engine/sql-server/test-database.ts';
import { knexUpsert, typeormUpsert, type PeerTarget } from './sql-server-peers.ts';

// Rows of 15 columns into Licence, on the server HALO_TEST_SQLSERVER names; ratios of one run, see README.md.
const size = Number(process.argv[2] ?? 100_000);
/** Rows the slow ways write; what they take grows in step with them. */
const some = Math.min(500, size);
const batch = 5000;
const columns = [
  'LDesc', 'LCount', 'Larea', 'LPrice', 'LPurchasePrice', 'LPurchaseDate', 'LDueDate', 'LBillingCycle', 'ltermduration',
  'lstatus', 'LIsActive', 'LVendor', 'LDistributor', 'lvendorproductsku', 'LSnowID',
]; // prettier-ignore
const rows = Array.from({ length: size }, (_, at) => ({
  LDesc: `Licence number ${at}`,
  LCount: at % 50,
  Larea: at % 200,
  LPrice: at / 8,
  LPurchasePrice: at / 16,
  LPurchaseDate: new Date(Date.UTC(2026, at % 12, 1)),
  LDueDate: at % 2 === 0 ? null : new Date(Date.UTC(2027, at % 12, 1)),
  LBillingCycle: 'Monthly',
  ltermduration: '1-Year',
  lstatus: 'Active',
  LIsActive: true,
  LVendor: 'Pax8',
  LDistributor: 'Pax8',
  lvendorproductsku: `SKU-${at % 300}`,
  LSnowID: `id-${at}`,
}));
const changed = rows.map((row) => ({ ...row, LCount: row.LCount + 1 }));
const columnTypes = haloSchema.get('Licence')?.columns ?? {};
const typeOf = (name: string): string => /^[a-z0-9]+(\(\w+\))?/.exec(columnTypes[name] ?? '')?.[0] ?? '';

import { execSync } from 'node:child_process';
function pgCpu(): number {
  let sum = 0;
  for (const line of execSync("cat $(pgrep -x postgres | sed 's#.*#/proc/&/stat#') 2>/dev/null; true", {encoding:'utf8'}).split('\n')) {
    const f = line.slice(line.lastIndexOf(')')+2).split(' ').map(Number); if (f.length < 15) continue;
    sum += (f[11]! + f[12]! + f[13]! + f[14]!)/100;
  }
  return sum;
}
async function seconds(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now(), c = process.cpuUsage(), p = pgCpu();
  await work();
  const taken = (performance.now() - begun) / 1000, d = process.cpuUsage(c);
  console.log('phase', taken.toFixed(2), 'node', ((d.user+d.system)/1e6).toFixed(2), 'postgres', (pgCpu()-p).toFixed(2));
  return taken;
}

const made = await makeTestDatabase();
const { settings } = made;
const [host = '', port = ''] = settings.Server.split(',');
const target: PeerTarget = {
  host,
  port: Number(port),
  user: settings.Username ?? '',
  password: String(settings.Password),
  database: settings.Name,
  encrypt: settings.Encrypt ?? true,
  trustServerCertificate: settings.TrustServerCertificate ?? false,
};
const pool = await new sql.ConnectionPool({
  server: host,
  port: target.port,
  user: target.user,
  password: target.password,
  database: target.database,
  requestTimeout: 600_000,
  options: { encrypt: target.encrypt, trustServerCertificate: target.trustServerCertificate },
}).connect();
const database = made.open();
// What a run asks for once is no part of what is compared.
await database.describe(['Licence']);
const folder = mkdtempSync(join(tmpdir(), 'halo-bench-'));

/** The upsert of the engine, batch by batch: rows without a key are new, the others are found by it. */
async function upsertAll(all: readonly (typeof rows)[number][], there: boolean): Promise<number> {
  await using session = await database.session('bench');
  return await seconds(async () => {
    for (let from = 0; from < all.length; from += batch)
      await session.transaction((transaction) =>
        transaction.upsert({
          table: 'Licence',
          key: { column: 'LID', kind: 'allocate' },
          columns,
          rows: all
            .slice(from, from + batch)
            .map((values, at) => (there ? { values, key: from + at + 1 } : { values })),
          match: [{ by: 'key' }],
          onInsert: {},
          stamps: {},
        }),
      );
  });
}

/** freebcp of the same rows, and the same UPDATE and INSERT behind it. */
async function bulkCopy(all: readonly (typeof rows)[number][]): Promise<number> {
  const list = columns.map((name) => `[${name}]`).join(', ');
  const staged = columns.map((_, at) => `s.[c${at}]`);
  const definitions = ['[n] int NULL', ...columns.map((name, at) => `[c${at}] ${typeOf(name)} NULL`)];
  await pool.request().batch(`DROP TABLE IF EXISTS bench_stage; CREATE TABLE bench_stage (${definitions.join(', ')})`);
  const text = (value: unknown): string => {
    if (value === null) return '';
    if (value instanceof Date) return value.toISOString().slice(0, 23).replace('T', ' ');
    return value === true ? '1' : String(value);
  };
  const file = join(folder, 'rows.txt');
  writeFileSync(file, all.map((row, at) => `${[at + 1, ...Object.values(row)].map(text).join('\t')}\n`).join(''));
  const sign = ['-S', `${host}:${port}`, '-U', target.user, '-P', target.password, '-D', target.database];
  return seconds(async () => {
    const options = { encoding: 'utf8' } as const;
    const copied = spawnSync(
      'freebcp',
      ['bench_stage', 'in', file, ...sign, '-c', '-t', '\t', '-b', String(batch)],
      options,
    );
    if (copied.status !== 0) throw new Error(`freebcp ended with ${copied.status}: ${copied.stdout}${copied.stderr}`);
    const { recordset } = await pool.request().query<{ n: number }>('SELECT COUNT(*) AS n FROM bench_stage');
    if (recordset[0]?.n !== all.length) throw new Error(`freebcp loaded ${recordset[0]?.n} of ${all.length} rows`);
    const set = columns.map((name, at) => `[${name}] = ${staged[at]}`).join(', ');
    // The same UPDATE: of what differs only, case and null included.
    const same = columns.map((name, at) => {
      const exact = typeOf(name).includes('char') ? ' COLLATE Latin1_General_BIN2' : '';
      return `(t.[${name}]${exact} = ${staged[at]}${exact} OR (t.[${name}] IS NULL AND ${staged[at]} IS NULL))`;
    });
    await pool
      .request()
      .batch(
        `UPDATE t SET ${set} FROM Licence t JOIN bench_stage s ON s.[n] = t.LID WHERE CASE WHEN ${same.join(' AND ')} THEN 0 ELSE 1 END = 1`,
      );
    await pool
      .request()
      .batch(
        `INSERT INTO Licence ([LID], ${list}) SELECT s.[n], ${staged.join(', ')} FROM bench_stage s WHERE NOT EXISTS (SELECT 1 FROM Licence t WHERE t.LID = s.[n])`,
      );
  });
}

/** One UPDATE a record, by its key. */
async function oneByOne(): Promise<number> {
  return seconds(async () => {
    for (const [at, row] of changed.slice(0, some).entries()) {
      const request = pool.request().input('key', at + 1);
      for (const [name, value] of Object.entries(row)) request.input(name, value);
      await request.query(
        `UPDATE Licence SET ${columns.map((name) => `[${name}] = @${name}`).join(', ')} WHERE LID = @key`,
      );
    }
  });
}

/** A peer's upsert of half new, half changed rows. */
async function peer(opened: { write(): Promise<unknown>; close(): Promise<unknown> }): Promise<number> {
  try {
    return await seconds(opened.write);
  } finally {
    await opened.close();
  }
}
const peerRows = changed
  .slice(0, some)
  .map((row, at) => ({ LID: at % 2 === 0 ? at + 1 : size + 1_000_000 + at, ...row }));
const empty = () => pool.request().batch('DELETE FROM Licence');

try {
  const copyIn = await bulkCopy(rows);
  const copyAgain = await bulkCopy(rows);
  const copyOver = await bulkCopy(changed);
  await empty();
  const cpu: number[] = [];
  const own = async (work: Promise<number>): Promise<number> => {
    const begun = process.cpuUsage();
    const taken = await work;
    const { user, system } = process.cpuUsage(begun);
    cpu.push((user + system) / 1e6);
    return taken;
  };
  const first = await own(upsertAll(rows, false));
  const unchanged = await own(upsertAll(rows, true));
  const update = await own(upsertAll(changed, true));
  const single = await oneByOne();
  const byKnex = await peer(await knexUpsert(target, 'Licence', 'LID', peerRows));
  await pool.request().batch(`DELETE FROM Licence WHERE LID > ${size}`);
  const types = { LID: 'int', ...Object.fromEntries(columns.map((name) => [name, typeOf(name).replace(/\(.*/, '')])) };
  const byTypeorm = await peer(
    await typeormUpsert(target, 'Licence', 'LID', types as Parameters<typeof typeormUpsert>[3], peerRows),
  );
  const rate = (count: number, taken: number) => Math.round(count / taken);
  console.table({
    'first pass (all new)': { 'rows/s': rate(size, first) },
    'all changed': { 'rows/s': rate(size, update) },
    unchanged: { 'rows/s': rate(size, unchanged) },
    'freebcp, UPDATE, INSERT: all new': { 'rows/s': rate(size, copyIn) },
    'freebcp, UPDATE, INSERT: all changed': { 'rows/s': rate(size, copyOver) },
    'freebcp, UPDATE, INSERT: unchanged': { 'rows/s': rate(size, copyAgain) },
    'one statement a record': { 'rows/s': rate(some, single) },
    knex: { 'rows/s': rate(some, byKnex) },
    typeorm: { 'rows/s': rate(some, byTypeorm) },
  });
  const mixed = (first + update) / 2 / size;
  console.log(
    `to freebcp: ${(copyIn / first).toFixed(2)} new, ${(copyOver / update).toFixed(2)} changed, ${(copyAgain / unchanged).toFixed(2)} unchanged`,
  );
  const [ofFirst = 0, ofUnchanged = 0, ofUpdate = 0] = cpu;
  const part = (seconds: number, taken: number): string => `${seconds.toFixed(2)} of ${taken.toFixed(2)} s`;
  console.log(
    `the engine’s own processor time: ${part(ofFirst, first)} new, ${part(ofUpdate, update)} changed, ${part(ofUnchanged, unchanged)} unchanged`,
  );
  console.log(`to one statement a record: ${(single / some / (update / size)).toFixed(0)}`);
  console.log(`to knex: ${(byKnex / some / mixed).toFixed(0)}; to typeorm: ${(byTypeorm / some / mixed).toFixed(0)}`);
  console.log(`unchanged to first: ${(unchanged / first).toFixed(2)} of the time`);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
  await pool.close();
  await made.close();
}
