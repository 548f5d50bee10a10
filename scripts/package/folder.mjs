import { chmodSync, copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { engineFlagsOn, node24 } from '../node-24.mjs';
import { makeExe } from '../windows/make-exe.mjs';
import { putEdge } from './edge.mjs';
import { packageFolder } from './fetched.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

const shipped = [
  'HaloDBIntegrator.psd1',
  'appsettings.json',
  'LICENSE',
  'README.md',
  'CHANGELOG.md',
  'SECURITY.md',
  'docs',
  'en-US',
  'module/HaloDBIntegrator.Format.ps1xml',
  'module/before-import.psm1',
  'module/completion.json',
  'module/bin',
  'node/dist',
  'scripts/grant-halo-rights.sql',
];

const isWindows = (platform) => platform.startsWith('win-');
const programOf = (platform) => (isWindows(platform) ? 'node.exe' : 'node');

/** What may be run as a program where a file says so itself: paths in the package. */
export const executablesIn = (platform) =>
  isWindows(platform) ? [] : ['module/engine/node', 'halo-db-integrator', 'halo-db-integrator.ps1'];

/** Fills an empty folder with the package for a platform. */
export function fillFolder({ target, platform, version }) {
  for (const part of shipped) cpSync(join(root, part), join(target, part), { recursive: true });
  // What is for who changes the source stays with the source.
  const readme = join(target, 'README.md');
  writeFileSync(readme, readFileSync(readme, 'utf8').replace(/^- \*\*In the source:\*\*.*\n/m, ''));
  putPrograms({ target, platform, version });
  for (const [name, text] of Object.entries(startersFor(platform)))
    writeFileSync(join(target, name), isWindows(platform) ? text.replaceAll('\n', '\r\n') : text, { mode: 0o755 });
}

function putPrograms({ target, platform, version }) {
  const fetched = mkdtempSync(join(tmpdir(), 'halo-package-'));
  const installed = (name) => packageFolder({ root, platform, name, folder: fetched });
  try {
    const node = join(target, 'module', 'engine', programOf(platform));
    mkdirSync(dirname(node), { recursive: true });
    copyFileSync(join(installed(`node-${platform}`), 'bin', programOf(platform)), node);
    chmodSync(node, 0o755);
    if (!isWindows(platform)) return;
    const { optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const nodeMajor = optionalDependencies[`node-${platform}`].replace(/^\D*(\d+).*/, '$1');
    putEdge({ edge: installed('edge-js'), target, processor: platform.split('-')[1], nodeMajor });
    const flags = engineFlagsOn('win32');
    makeExe({ node, builder: node24(), flags, version, path: join(target, 'HaloDBIntegrator.exe') });
  } finally {
    rmSync(fetched, { recursive: true, force: true });
  }
}

function startersFor(platform) {
  const flags = engineFlagsOn(isWindows(platform) ? 'win32' : platform.split('-')[0]).join(' ');
  // For PowerShell: what it gives to a batch file is taken apart once more, at & and %, and loses its quotes.
  const forPowerShell = readFileSync(join(root, 'scripts/windows/halo-db-integrator.ps1'), 'utf8')
    .replace('--flags', flags)
    .replace('node.exe', programOf(platform));
  if (isWindows(platform))
    return {
      'halo-db-integrator.ps1': forPowerShell,
      'halo-db-integrator.cmd': `@"%~dp0module\\engine\\node.exe" ${flags} "%~dp0node\\dist\\main.mjs" %*\n`,
    };
  return {
    'halo-db-integrator.ps1': forPowerShell.replace(/"\$PSScriptRoot[^"]+"/g, (path) => path.replaceAll('\\', '/')),
    'halo-db-integrator': `#!/bin/sh\nhere=$(dirname "$(readlink -f "$0")")\nexec "$here/module/engine/node" ${flags} "$here/node/dist/main.mjs" "$@"\n`,
  };
}
