// Puts what a server needs, and nothing else, into dist/<platform>/HaloDBIntegrator/<version>: copied to a folder of $env:PSModulePath it is a
// PowerShell module, with Node and the engine inside. Options: --platform win-x64 (or linux-x64 …), --out <folder>,
// --built where bundle and module have just been built.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { engineFlagsOn, node24 } from './node-24.mjs';
import { npm } from './npm.mjs';
import { renameImport } from './windows/import-name.mjs';
import { makeExe } from './windows/make-exe.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({
  options: {
    platform: { type: 'string', default: 'win-x64' },
    out: { type: 'string' },
    built: { type: 'boolean', default: false },
  },
});
const { version, optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const nodePackage = `node-${values.platform}`;
if (!optionalDependencies[nodePackage]) {
  const known = Object.keys(optionalDependencies).flatMap((name) => /^node-(.+)$/.exec(name)?.[1] ?? []);
  console.error(`There is no Node for "${values.platform}". Use one of: ${known.join(', ')}.`);
  process.exit(2);
}
const windows = values.platform.startsWith('win-');
const program = windows ? 'node.exe' : 'node';
const nodeMajor = optionalDependencies[nodePackage].replace(/^\D*(\d+).*/, '$1');
const target = join(values.out ?? join(root, 'dist', values.platform), 'HaloDBIntegrator', version);
const other = join(target, 'module', 'engine', windows ? 'node' : 'node.exe');
if (existsSync(other)) {
  console.error(`${target} is a package for another system: give another folder as --out.`);
  process.exit(2);
}

/** Where a package for the platform is: the one npm installed here, else the same version fetched for that platform. */
function packageFolder(name, folder) {
  const installed = join(root, 'node_modules', name);
  if (existsSync(installed)) return installed;
  const locked = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const wanted = `${name}@${locked[`node_modules/${name}`].version}`;
  const [os, cpu] = values.platform.replace('win-', 'win32-').split('-');
  const args = [
    'install',
    '--no-save',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    '--force',
    // What edge-js would do at its installation wants an SDK, and is done below.
    '--ignore-scripts',
    `--os=${os}`,
    `--cpu=${cpu}`,
  ];
  if (!existsSync(join(folder, 'package.json'))) writeFileSync(join(folder, 'package.json'), '{}');
  npm([...args, wanted], folder);
  return join(folder, 'node_modules', name);
}

/** Of edge-js, what calls a library on the .NET Framework from this Node: a few files of it, where the engine looks for packages. */
function putEdge(folder) {
  const edge = packageFolder('edge-js', folder);
  const to = join(target, 'node', 'node_modules', 'edge-js');
  const [, processor] = values.platform.split('-');
  const native = join('lib', 'native', 'win32', processor);
  const major = readdirSync(join(edge, native)).filter((name) => name === nodeMajor);
  if (major.length === 0) throw new Error(`edge-js has nothing for Node ${nodeMajor}: take another version of it.`);
  for (const file of [
    'package.json',
    'LICENSE',
    'lib/edge.js',
    'tools/checkMono.js',
    join(native, nodeMajor, 'edge_nativeclr.node'),
  ]) {
    if (!existsSync(join(edge, file))) continue;
    mkdirSync(dirname(join(to, file)), { recursive: true });
    copyFileSync(join(edge, file), join(to, file));
  }
  // It takes functions from node.exe, and its like for .NET Core from whatever program loads it: the single program needs one of its own.
  const library = readFileSync(join(to, native, nodeMajor, 'edge_nativeclr.node'));
  writeFileSync(
    join(to, native, nodeMajor, 'edge_nativeclr.HaloDBIntegrator.node'),
    renameImport(library, 'node.exe', 'HaloDBIntegrator.exe'),
  );
  // The only library of Visual C++ that it needs beside Windows' own.
  copyFileSync(join(edge, native, 'vcruntime140.dll'), join(to, native, nodeMajor, 'vcruntime140.dll'));
}

for (const script of values.built ? [] : ['build.mjs', 'build-module.mjs'])
  execFileSync(process.execPath, [join(root, 'scripts', script)], { stdio: ['ignore', 2, 2] });
rmSync(target, { recursive: true, force: true });
for (const part of [
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
])
  cpSync(join(root, part), join(target, part), { recursive: true });
// What is for who changes the source stays with the source.
const readme = join(target, 'README.md');
writeFileSync(readme, readFileSync(readme, 'utf8').replace(/^- \*\*In the source:\*\*.*\n/m, ''));
const fetched = mkdtempSync(join(tmpdir(), 'halo-package-'));
try {
  const node = join(target, 'module', 'engine', program);
  mkdirSync(dirname(node), { recursive: true });
  copyFileSync(join(packageFolder(nodePackage, fetched), 'bin', program), node);
  chmodSync(node, 0o755);
  if (windows) {
    putEdge(fetched);
    const flags = engineFlagsOn('win32');
    makeExe({ node, builder: node24(), flags, version, path: join(target, 'HaloDBIntegrator.exe') });
  }
} finally {
  rmSync(fetched, { recursive: true, force: true });
}
const flags = engineFlagsOn(windows ? 'win32' : values.platform.split('-')[0]).join(' ');
// For PowerShell: what it gives to a batch file is taken apart once more, at & and %, and loses its quotes.
const forPowerShell = readFileSync(join(root, 'scripts/windows/halo-db-integrator.ps1'), 'utf8')
  .replace('--flags', flags)
  .replace('node.exe', program);
const starters = {
  'halo-db-integrator.ps1': windows
    ? forPowerShell
    : forPowerShell.replace(/"\$PSScriptRoot[^"]+"/g, (path) => path.replaceAll('\\', '/')),
  ...(windows
    ? { 'halo-db-integrator.cmd': `@"%~dp0module\\engine\\node.exe" ${flags} "%~dp0node\\dist\\main.mjs" %*\n` }
    : {
        'halo-db-integrator': `#!/bin/sh\nhere=$(dirname "$(readlink -f "$0")")\nexec "$here/module/engine/node" ${flags} "$here/node/dist/main.mjs" "$@"\n`,
      }),
};
for (const [name, text] of Object.entries(starters))
  writeFileSync(join(target, name), windows ? text.replaceAll('\n', '\r\n') : text, { mode: 0o755 });
console.log(target);
