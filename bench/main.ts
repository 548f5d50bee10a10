import { spawn, spawnSync } from 'node:child_process';
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
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  for await (const line of createInterface({ input: child.stdout }))
    return { line: JSON.parse(line) as SandboxLine, stop: () => child.kill() };
  throw new Error('The sandbox did not start.');
}

async function instance(subscriptions: number): Promise<{ settings: string; path: string; stop(): void }> {
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
  return { settings, path, stop };
}

function engine(settings: string, ...args: string[]): { seconds: number; megabytes: number; output: string } {
  const begun = performance.now();
  const done = spawnSync(
    '/usr/bin/time',
    [
      '-f',
      '%M',
      process.execPath,
      ...engineFlags,
      join(root, 'node/dist/main.mjs'),
      ...args,
      '--json',
      '--config',
      settings,
    ],
    {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    },
  );
  if (done.status !== 0)
    throw new Error(`${args.join(' ')} ended with ${done.status}: ${done.stderr}${done.stdout.slice(0, 2000)}`);
  return {
    seconds: (performance.now() - begun) / 1000,
    megabytes: Number(done.stderr.trim().split('\n').at(-1)) / 1024,
    output: done.stdout,
  };
}

/** The same rows as the sync wrote, by one prepared upsert each, in one transaction per 5,000. */
function bareLoop(path: string): number {
  const source = new DatabaseSync(path, { readOnly: true });
  const tables = ['Licence', 'ExternalLink'].map((name) => ({
    name,
    sql: (source.prepare('SELECT sql FROM sqlite_master WHERE name = ?').get(name) as { sql: string }).sql,
    indexes: source
      .prepare("SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL")
      .all(name) as { sql: string }[],
    rows: source.prepare(`SELECT * FROM "${name}"`).all() as Record<string, string | number | null>[],
  }));
  source.close();
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

function coldStart(settings: string): number {
  const best = (command: () => void): number => {
    let least = Infinity;
    for (let n = 0; n < 7; n++) {
      const begun = performance.now();
      command();
      least = Math.min(least, performance.now() - begun);
    }
    return least;
  };
  const bare = best(() => spawnSync(process.execPath, ['-e', '0']));
  return best(() => engine(settings, 'config', 'get')) / bare;
}

spawnSync(process.execPath, [join(root, 'scripts/build.mjs')], { stdio: 'inherit' });
const figures: Record<string, unknown>[] = [];
let cold = NaN;
for (const size of sizes) {
  const { settings, path, stop } = await instance(size);
  try {
    engine(settings, 'sync', 'Pax8', '--entity', 'Customers');
    const first = engine(settings, 'sync', 'Pax8', '--entity', 'Subscriptions');
    const second = engine(settings, 'sync', 'Pax8', '--entity', 'Subscriptions');
    const bare = size <= 200_000 ? bareLoop(path) : NaN;
    figures.push({
      subscriptions: size,
      first: first.seconds.toFixed(2),
      second: second.seconds.toFixed(2),
      bare: bare.toFixed(2),
      'bare / first': (bare / first.seconds).toFixed(2),
      'second / first': (second.seconds / first.seconds).toFixed(2),
      'first, microseconds a record': ((first.seconds / size) * 1e6).toFixed(1),
      'memory MB': first.megabytes.toFixed(0),
    });
    if (Number.isNaN(cold)) cold = coldStart(settings);
  } finally {
    stop();
  }
}
console.table(figures);
console.log(`cold start of "config get" / node -e 0: ${cold.toFixed(1)}`);
await fs.rm(tmp, { recursive: true, force: true });
