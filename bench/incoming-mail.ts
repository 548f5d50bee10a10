import { spawn, spawnSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fillDemoContent } from '../node/src/database/demo-content/demo-content.ts';
import { openEmbeddedDatabase } from '../node/src/database/embedded/embedded-database.ts';
import { engineFlags } from '../scripts/node-24.mjs';
import { systemEnvironment } from '../node/src/system-environment.ts';
import { fillMailSetUp } from '../tests/sandbox/mail/mail-set-up.ts';

// Mail of an IMAP server in its own process, by the shipped bundle: seconds, and whether memory grows with the number.
const root = fileURLToPath(new URL('..', import.meta.url));
const tmp = join(root, 'bench/tmp-mail');
const sizes = (process.argv[2] ?? '1000,4000').split(',').map(Number);

interface SandboxLine {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

async function imapProcess(mails: number): Promise<{ line: SandboxLine; stop(): void }> {
  const args = ['--no-warnings', join(root, 'tests/sandbox/imap/main.ts'), '--mails', String(mails)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout }))
    return { line: JSON.parse(line) as SandboxLine, stop: () => child.kill() };
  throw new Error('The IMAP server did not start.');
}

async function instance(mails: number): Promise<{ settings: string; stop(): void }> {
  const folder = join(tmp, String(mails));
  await fs.rm(folder, { recursive: true, force: true });
  await fs.mkdir(folder, { recursive: true });
  const { line, stop } = await imapProcess(mails);
  const settings = join(folder, 'appsettings.json');
  await fs.writeFile(
    settings,
    JSON.stringify({
      Database: { Server: '(embedded)', Name: 'halo.db' },
      Integrations: {
        IncomingMail: {
          Entities: { Messages: true },
          Settings: { Passwords: { Support: line.password }, TrustServerCertificate: true, LoopLimit: 1_000_000 },
        },
      },
    }),
  );
  const { clock } = systemEnvironment(root);
  const database = openEmbeddedDatabase({ path: join(folder, 'halo.db'), clock, fs });
  await database.connect();
  await fillDemoContent(database, clock);
  await fillMailSetUp(database, line, {});
  await database.close();
  return { settings, stop };
}

function sync(settings: string): { seconds: number; megabytes: number; result: Record<string, number> } {
  const begun = performance.now();
  const engine = join(root, 'node/dist/main.mjs');
  const args = [
    '-f',
    '%M',
    process.execPath,
    ...engineFlags,
    engine,
    'sync',
    'IncomingMail',
    '--json',
    '--config',
    settings,
  ];
  const done = spawnSync('/usr/bin/time', args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (done.status !== 0)
    throw new Error(`The sync ended with ${done.status}: ${done.stderr}${done.stdout.slice(0, 2000)}`);
  const answer = JSON.parse(done.stdout.trim().split('\n').at(-1) ?? '{}') as {
    data?: { results?: Record<string, number>[] };
    results?: Record<string, number>[];
  };
  return {
    seconds: (performance.now() - begun) / 1000,
    megabytes: Number(done.stderr.trim().split('\n').at(-1)) / 1024,
    result: (answer.results ?? answer.data?.results)?.[0] ?? {},
  };
}

spawnSync(process.execPath, [join(root, 'scripts/build.mjs')], { stdio: 'inherit' });
const figures: Record<string, unknown>[] = [];
for (const size of sizes) {
  const { settings, stop } = await instance(size);
  try {
    const { seconds, megabytes, result } = sync(settings);
    if (result['read'] !== size) throw new Error(`${size} mails were there and ${JSON.stringify(result)} came of it.`);
    figures.push({
      mails: size,
      tickets: result['created'],
      replies: result['updated'],
      seconds: seconds.toFixed(2),
      'milliseconds a mail': ((seconds / size) * 1000).toFixed(2),
      'memory MB': megabytes.toFixed(0),
    });
  } finally {
    stop();
  }
}
console.table(figures);
await fs.rm(tmp, { recursive: true, force: true });
