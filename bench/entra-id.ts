import { spawn, spawnSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { createInterface, type Interface } from 'node:readline';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fillDemoContent } from '../node/src/database/demo-content/demo-content.ts';
import { openEmbeddedDatabase } from '../node/src/database/embedded/embedded-database.ts';
import { engineFlags } from '../scripts/node-24.mjs';
import { systemEnvironment } from '../node/src/system-environment.ts';

// Users of one tenant: the first read, one that finds nothing changed, and a delta of one in a hundred; see README.md.
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'bench/tmp/entra-id');
const sizes = (process.argv[2] ?? '5000,50000').split(',').map(Number);

interface SandboxLine {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly tenants: readonly string[];
}

function engine(settings: string): { seconds: number; megabytes: number; result: Record<string, unknown> } {
  const begun = performance.now();
  const args = ['sync', 'EntraId', '--json', '--config', settings];
  const done = spawnSync(
    '/usr/bin/time',
    ['-f', '%M', process.execPath, ...engineFlags, join(root, 'node/dist/main.mjs'), ...args],
    { encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  if (done.status !== 0) throw new Error(`ended with ${done.status}: ${done.stderr}${done.stdout.slice(0, 2000)}`);
  const lines = done.stdout.trim().split('\n');
  const report = JSON.parse(lines.at(-1) ?? '{}') as { results?: Record<string, unknown>[] };
  return {
    seconds: (performance.now() - begun) / 1000,
    megabytes: Number(done.stderr.trim().split('\n').at(-1)) / 1024,
    result: report.results?.[0] ?? {},
  };
}

async function instance(line: SandboxLine, connection: Record<string, string | number | boolean>): Promise<string> {
  await fs.rm(folder, { recursive: true, force: true });
  await fs.mkdir(folder, { recursive: true });
  const settings = join(folder, 'appsettings.json');
  const { url, clientId, clientSecret } = line;
  await fs.writeFile(
    settings,
    JSON.stringify({
      HaloUrl: 'https://halo.example.com',
      Database: { Server: '(embedded)', Name: 'halo.db' },
      Integrations: {
        EntraId: {
          Entities: { Users: true },
          Settings: { ClientId: clientId, ClientSecret: clientSecret, LoginUrl: url, GraphUrl: url },
        },
      },
      Halo: { ModuleIds: { EntraId: 2 } },
    }),
  );
  const { clock } = systemEnvironment(root);
  const database = openEmbeddedDatabase({ path: join(folder, 'halo.db'), clock, fs });
  await database.connect();
  await fillDemoContent(database, clock);
  await using session = await database.session('bench');
  await session.transaction((transaction) =>
    transaction.insert('AzureADConnection', [
      {
        ACName: 'Contoso',
        ACDirectoryID: line.tenants[0] ?? '',
        ACGUID: '0c0ffee0-0000-4000-8000-000000000001',
        ACHaloIntegratorEnabled: true,
        ACDefaultSite: 1,
        accreateunmatchedusers: true,
        ...connection,
      },
    ]),
  );
  await database.close();
  return settings;
}

async function firstLine(lines: Interface): Promise<string> {
  return new Promise((resolve) => lines.once('line', resolve));
}

spawnSync(process.execPath, [join(root, 'scripts/build.mjs')], { stdio: 'inherit' });
const figures: Record<string, unknown>[] = [];
for (const users of sizes) {
  const sandbox = spawn(
    process.execPath,
    ['--no-warnings', join(root, 'tests/sandbox/graph/main.ts'), '--users', String(users), '--devices', '0'],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  try {
    const lines = createInterface({ input: sandbox.stdout });
    const line = JSON.parse(await firstLine(lines)) as SandboxLine;
    const settings = await instance(line, { ACUseDeltaQueries: false });
    const first = engine(settings);
    const second = engine(settings);
    const deltaSettings = await instance(line, { ACUseDeltaQueries: true });
    const whole = engine(deltaSettings);
    for (let user = 0; user < users; user += 100) {
      const told = firstLine(lines);
      sandbox.stdin.write(`${JSON.stringify({ tenant: 0, user, fields: { jobTitle: 'Director' } })}\n`);
      await told;
    }
    const delta = engine(deltaSettings);
    const idle = engine(deltaSettings);
    figures.push({
      users,
      'first, s': first.seconds.toFixed(2),
      'unchanged, s': second.seconds.toFixed(2),
      'first by delta, s': whole.seconds.toFixed(2),
      'delta of 1 %, s': delta.seconds.toFixed(2),
      'delta of none, s': idle.seconds.toFixed(2),
      'memory, MB': [first, second, whole, delta].map(({ megabytes }) => megabytes.toFixed(0)).join(' '),
      'first, created': first.result['created'],
      'unchanged, unchanged': second.result['unchanged'],
      'delta, read': delta.result['read'],
    });
  } finally {
    sandbox.kill();
  }
}
console.table(figures);
await fs.rm(folder, { recursive: true, force: true });
