import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, rmSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { fillDemoContent } from '../node/src/database/demo-content/demo-content.ts';
import { openEmbeddedDatabase } from '../node/src/database/embedded/embedded-database.ts';
import { engineFlags } from '../scripts/node-24.mjs';
import { systemEnvironment } from '../node/src/system-environment.ts';

// The figures are ratios of two things measured in one run on one machine; see README.md.
const root = fileURLToPath(new URL('..', import.meta.url));
const tmp = join(root, 'bench/tmp');
const sizes = (process.argv[2] ?? '10000,100000').split(',').map(Number);

interface SandboxLine {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

async function sandboxProcess(subscriptions: number): Promise<{ line: SandboxLine; stop(): void }> {
  const child = spawn(
    process.execPath,
    [
      '--no-warnings',
      join(root, 'tests/sandbox/pax8/main.ts'),
      '--port',
      '0',
      '--companies',
      '200',
      '--subscriptions',
      String(subscriptions),
      '--cached-pages',
      String(Math.ceil(subscriptions / 200) + 10),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  for await (const line of createInterface({ input: child.stdout }))
    return { line: JSON.parse(line) as SandboxLine, stop: () => child.kill() };
  throw new Error('The sandbox did not start.');
}

interface BenchInstance {
  readonly settings: string;
  readonly path: string;
  readonly line: SandboxLine;
  stop(): void;
}

async function instance(subscriptions: number): Promise<BenchInstance> {
  const folder = join(tmp, String(subscriptions));
  await fs.rm(folder, { recursive: true, force: true });
  await fs.mkdir(folder, { recursive: true });
  const { line, stop } = await sandboxProcess(subscriptions);
  const settings = join(folder, 'appsettings.json');
  await fs.writeFile(
    settings,
    JSON.stringify({
      HaloUrl: 'https://halo.example.com',
      Database: { Server: '(embedded)', Name: 'halo.db' },
      Integrations: {
        Pax8: {
          Entities: { Customers: true, Subscriptions: true },
          Settings: { BaseUrl: line.url, ClientId: line.clientId, ClientSecret: line.clientSecret },
        },
      },
    }),
  );
  const path = join(folder, 'halo.db');
  const { clock } = systemEnvironment(root);
  const database = openEmbeddedDatabase({ path, clock, fs });
  await database.connect();
  await fillDemoContent(database, clock);
  await database.close();
  return { settings, path, line, stop };
}

interface Measured {
  readonly seconds: number;
  readonly megabytes: number;
}

/** Runs this Node with the arguments, and tells how long it took and how much memory it had at most. */
function measured(...args: string[]): Measured {
  const begun = performance.now();
  const done = spawnSync('/usr/bin/time', ['-f', '%M', process.execPath, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (done.status !== 0)
    throw new Error(`${args.join(' ')} ended with ${done.status}: ${done.stderr}${done.stdout.slice(0, 2000)}`);
  return {
    seconds: (performance.now() - begun) / 1000,
    megabytes: Number(done.stderr.trim().split('\n').at(-1)) / 1024,
  };
}

function engine(settings: string, ...args: string[]): Measured {
  return measured(...engineFlags, join(root, 'node/dist/main.mjs'), ...args, '--json', '--config', settings);
}

/** Asking for the pages and parsing them, and nothing else. */
function readAlone({ url, clientId, clientSecret }: SandboxLine, subscriptions: number): Measured {
  const given = ['--url', url, '--id', clientId, '--secret', clientSecret, '--subscriptions', String(subscriptions)];
  return measured('--no-warnings', join(root, 'bench/read-only.ts'), ...given);
}

/** The same rows as the sync wrote, by one prepared upsert each, in one transaction per 5,000. */
function bareLoop(path: string): number {
  const source = new DatabaseSync(path, { readOnly: true });
  const tables = ['Licence', 'ExternalLink', 'LicenceChange'].map((name) => ({
    name,
    sql: (source.prepare('SELECT sql FROM sqlite_master WHERE name = ?').get(name) as { sql: string }).sql,
    indexes: source
      .prepare("SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL")
      .all(name) as { sql: string }[],
    rows: source.prepare(`SELECT * FROM "${name}"`).all() as Record<string, string | number | null>[],
  }));
  source.close();
  rmSync(`${path}-bare`, { force: true });
  const target = new DatabaseSync(`${path}-bare`);
  target.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  for (const table of tables) {
    target.exec(table.sql);
    for (const index of table.indexes) target.exec(index.sql);
  }
  let seconds = 0;
  for (const { name, rows } of tables) {
    const columns = Object.keys(rows[0] ?? {});
    const key = columns[0];
    const upsert = target.prepare(
      `INSERT INTO "${name}" (${columns.map((column) => `"${column}"`).join(',')}) VALUES (${columns.map(() => '?').join(',')})
       ON CONFLICT ("${key}") DO UPDATE SET ${columns.map((column) => `"${column}" = excluded."${column}"`).join(',')}`,
    );
    const values = rows.map((row) => Object.values(row));
    const begun = performance.now();
    for (let from = 0; from < values.length; from += 5000) {
      target.exec('BEGIN');
      for (const row of values.slice(from, from + 5000)) upsert.run(...row);
      target.exec('COMMIT');
    }
    seconds += (performance.now() - begun) / 1000;
  }
  target.close();
  return seconds;
}

/** The least time of a start, against that of a Node that does nothing: in turn, so that what else the machine does is shared. */
function coldStart(settings: string): number {
  const times: { readonly bare: number[]; readonly engine: number[] } = { bare: [], engine: [] };
  const timed = (command: () => void): number => {
    const begun = performance.now();
    command();
    return performance.now() - begun;
  };
  for (let round = 0; round < 30; round++) {
    times.bare.push(timed(() => spawnSync(process.execPath, ['-e', '0'])));
    times.engine.push(timed(() => engine(settings, 'config', 'get')));
  }
  return Math.min(...times.engine) / Math.min(...times.bare);
}

spawnSync(process.execPath, [join(root, 'scripts/build.mjs')], { stdio: 'inherit' });
const figures: Record<string, unknown>[] = [];
let cold = NaN;
for (const size of sizes) {
  const { settings, path, line, stop } = await instance(size);
  try {
    engine(settings, 'sync', 'Pax8', '--entity', 'Customers');
    await fs.copyFile(path, `${path}-empty`);
    // The sandbox makes each page once; the vendor's own work is not what is measured.
    readAlone(line, size);
    const rounds = Array.from({ length: size <= 200_000 ? 3 : 1 }, () => {
      for (const end of ['-wal', '-shm']) rmSync(`${path}${end}`, { force: true });
      copyFileSync(`${path}-empty`, path);
      const first = engine(settings, 'sync', 'Pax8', '--entity', 'Subscriptions');
      const second = engine(settings, 'sync', 'Pax8', '--entity', 'Subscriptions');
      const bare = size <= 200_000 ? bareLoop(path) : NaN;
      return { first, second, bare, read: readAlone(line, size).seconds };
    });
    const least = (one: (round: (typeof rounds)[0]) => number): number => Math.min(...rounds.map(one));
    const first = least((round) => round.first.seconds);
    const second = least((round) => round.second.seconds);
    const read = least((round) => round.read);
    figures.push({
      subscriptions: size,
      first: first.toFixed(2),
      second: second.toFixed(2),
      bare: least((round) => round.bare).toFixed(2),
      'read alone': read.toFixed(2),
      'bare / first': (least((round) => round.bare) / first).toFixed(2),
      'second / first': (second / first).toFixed(2),
      'read alone / first': (read / first).toFixed(2),
      'first, microseconds a record': ((first / size) * 1e6).toFixed(1),
      'memory MB': Math.max(...rounds.flatMap((round) => [round.first.megabytes, round.second.megabytes])).toFixed(0),
    });
    if (Number.isNaN(cold)) cold = coldStart(settings);
  } finally {
    stop();
  }
}
console.table(figures);
console.log(`cold start of "config get" / node -e 0: ${cold.toFixed(1)}`);
await fs.rm(tmp, { recursive: true, force: true });
