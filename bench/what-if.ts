import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { fillDemoContent } from '../node/src/database/demo-content/demo-content.ts';
import { openEmbeddedDatabase } from '../node/src/database/embedded/embedded-database.ts';
import { systemEnvironment } from '../node/src/system-environment.ts';
import { engineFlags } from '../scripts/node-24.mjs';

// What looking first costs: time and memory of a what-if beside those of the run, with as many planned records as in Halo already.
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'bench/tmp-what-if');
const size = Number(process.argv[2] ?? 100_000);

await fs.rm(folder, { recursive: true, force: true });
await fs.mkdir(folder, { recursive: true });
const settings = join(folder, 'appsettings.json');
const plan = join(folder, 'plan.jsonl');
const cached = String(Math.ceil(size / 200) + 10);
const sandbox = spawn(
  process.execPath,
  [
    ...['--no-warnings', join(root, 'tests/sandbox/pax8/main.ts'), '--port', '0', '--companies', '200'],
    ...['--subscriptions', String(size), '--cached-pages', cached],
  ],
  { stdio: ['ignore', 'pipe', 'inherit'] },
);

/** Runs the engine; tells how long it took, how much memory it had at most, and how many lines it said. */
function engine(...args: string[]): { readonly seconds: number; readonly megabytes: number; readonly lines: number } {
  const begun = performance.now();
  const command = [process.execPath, ...engineFlags, join(root, 'node/dist/main.mjs'), ...args];
  const done = spawnSync('/usr/bin/time', ['-f', '%M', ...command, '--json', '--config', settings], {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  if (done.status !== 0) throw new Error(`${args.join(' ')} ended with ${done.status}: ${done.stderr.slice(-2000)}`);
  return {
    seconds: (performance.now() - begun) / 1000,
    megabytes: Number(done.stderr.trim().split('\n').at(-1)) / 1024,
    lines: done.stdout.split('\n').length - 1,
  };
}

try {
  let line = '';
  for await (const said of createInterface({ input: sandbox.stdout })) {
    line = said;
    break;
  }
  const { url, clientId, clientSecret } = JSON.parse(line) as { url: string; clientId: string; clientSecret: string };
  const Pax8 = {
    Entities: { Customers: true, Subscriptions: true },
    Settings: { BaseUrl: url, ClientId: clientId, ClientSecret: clientSecret },
  };
  const Database = { Server: '(embedded)', Name: 'halo.db' };
  const configure = (Sync: Record<string, number>): void =>
    writeFileSync(
      settings,
      JSON.stringify({ HaloUrl: 'https://halo.example.com', Database, Integrations: { Pax8 }, Sync }),
    );
  configure({});
  const { clock } = systemEnvironment(root);
  const database = openEmbeddedDatabase({ path: join(folder, 'halo.db'), clock, fs });
  await database.connect();
  await fillDemoContent(database, clock);
  await database.close();
  const steps: Record<string, () => ReturnType<typeof engine>> = {
    'look, all is new': () => engine('sync', 'Pax8', '--what-if', '--plan-path', plan),
    sync: () => engine('sync', 'Pax8'),
    'look, nothing changed': () => engine('sync', 'Pax8', '--what-if'),
    'look, each compared': () => {
      configure({ CompareAllHours: 0 });
      return engine('sync', 'Pax8', '--what-if');
    },
  };
  const figures = Object.entries(steps).map(([step, run]) => {
    const { seconds, megabytes, lines } = run();
    return { step, seconds: seconds.toFixed(1), 'memory MB': megabytes.toFixed(0), lines };
  });
  console.table(figures);
  console.log(`plan: ${Math.round((await fs.stat(plan)).size / 1024 ** 2)} MB`);
} finally {
  sandbox.kill();
  await fs.rm(folder, { recursive: true, force: true });
}
