import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sql from 'mssql';
import { haloSchema } from '../node/src/database/schema/index.ts';
import { makeTestDatabase } from '../tests/engine/sql-server/test-database.ts';

// 100,000 rows of 15 columns into Licence, on the server HALO_TEST_SQLSERVER names; ratios of one run, see README.md.
const size = Number(process.argv[2] ?? 100_000);
const oneByOne = 500;
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

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

const made = await makeTestDatabase();
const { settings } = made;
const [host = '', port = ''] = settings.Server.split(',');
const pool = await new sql.ConnectionPool({
  server: host,
  port: Number(port),
  user: settings.Username ?? '',
  password: String(settings.Password),
  database: settings.Name,
  requestTimeout: 600_000,
  options: { encrypt: settings.Encrypt ?? true, trustServerCertificate: settings.TrustServerCertificate ?? false },
}).connect();
const folder = mkdtempSync(join(tmpdir(), 'halo-bench-'));
try {
  await using session = await made.open().session('bench');
  const pass = () =>
    seconds(async () => {
      for (let from = 0; from < size; from += batch)
        await session.transaction((transaction) =>
          transaction.upsert({
            table: 'Licence',
            key: { column: 'LID', kind: 'allocate' },
            columns,
            rows: rows.slice(from, from + batch).map((values, at) => ({ values, key: keyOf(from + at) })),
            match: written ? [{ by: 'key' }] : [],
            onInsert: {},
            stamps: {},
          }),
        );
    });
  let written = false;
  const keyOf = (at: number): number | undefined => (written ? at + 1 : undefined);
  const first = await pass();
  written = true;
  const unchanged = await pass();

  // The same rows by freebcp, and the same UPDATE and INSERT behind it.
  const list = columns.map((name) => `[${name}]`).join(', ');
  const staged = columns.map((_, at) => `s.[c${at}]`);
  const types = columns.map(
    (name, at) => `[c${at}] ${haloSchema.get('Licence')?.columns[name]?.split(' ')[0] ?? ''} NULL`,
  );
  await pool.request().batch(`CREATE TABLE bench_stage (${types.join(', ')}); DELETE FROM Licence`);
  const text = (value: unknown): string =>
    value === null
      ? ''
      : value instanceof Date
        ? value.toISOString().slice(0, 23).replace('T', ' ')
        : value === true
          ? '1'
          : String(value);
  writeFileSync(join(folder, 'rows.txt'), rows.map((row) => `${Object.values(row).map(text).join('\t')}\n`).join(''));
  const bcp = await seconds(async () => {
    const { status, stdout, stderr } = spawnSync(
      'freebcp',
      [
        'bench_stage',
        'in',
        join(folder, 'rows.txt'),
        '-S',
        `${host}:${port}`,
        '-U',
        settings.Username ?? '',
        '-P',
        String(settings.Password),
        '-D',
        settings.Name,
        '-c',
        '-t',
        '\t',
        '-b',
        String(batch),
      ],
      { encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(`freebcp ended with ${status}: ${stdout}${stderr}`);
    const { recordset } = await pool.request().query<{ n: number }>('SELECT COUNT(*) AS n FROM bench_stage');
    if (recordset[0]?.n !== size) throw new Error(`freebcp loaded ${recordset[0]?.n} of ${size} rows`);
    const set = columns.map((name, at) => `[${name}] = ${staged[at]}`).join(', ');
    await pool.request().batch(`UPDATE t SET ${set} FROM Licence t JOIN bench_stage s ON s.[c14] = t.LSnowID`);
    await pool
      .request()
      .batch(
        `INSERT INTO Licence ([LID], ${list}) SELECT ROW_NUMBER() OVER (ORDER BY s.[c14]), ${staged.join(', ')} FROM bench_stage s WHERE NOT EXISTS (SELECT 1 FROM Licence t WHERE t.LSnowID = s.[c14])`,
      );
  });

  // One statement a record, by its key.
  const single = await seconds(async () => {
    for (const [at, row] of rows.slice(0, oneByOne).entries()) {
      const request = pool.request().input('key', at + 1);
      for (const [name, value] of Object.entries(row)) request.input(name, value);
      await request.query(
        `UPDATE Licence SET ${columns.map((name) => `[${name}] = @${name}`).join(', ')} WHERE LID = @key`,
      );
    }
  });
  const rate = (count: number, taken: number) => Math.round(count / taken);
  console.table({
    'first pass': { 'rows/s': rate(size, first) },
    'unchanged pass': { 'rows/s': rate(size, unchanged) },
    'freebcp, UPDATE, INSERT': { 'rows/s': rate(size, bcp) },
    'one statement a record': { 'rows/s': rate(oneByOne, single) },
  });
  console.log(`first pass / freebcp: ${(bcp / first).toFixed(2)}`);
  console.log(`first pass / one statement a record: ${(single / oneByOne / (first / size)).toFixed(0)}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
  await pool.close();
  await made.close();
}
