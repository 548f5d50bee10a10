// Puts what a server needs, and nothing else, into dist/<platform>/HaloDBIntegrator/<version>, and that into one zip a platform beside it:
// copied or expanded to a folder of $env:PSModulePath it is a PowerShell module, with Node and the engine inside. Prints what it made.
// Options: --platform win-x64 (or linux-x64 …, more than one; left out, these two), --out <folder> for one platform, --folder-only
// for no zip, --built where bundle and module have just been built.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { executablesIn, fillFolder } from './package/folder.mjs';
import { dateOfSource, zipFolder } from './package/zip.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({
  options: {
    platform: { type: 'string', multiple: true, default: ['win-x64', 'linux-x64'] },
    out: { type: 'string' },
    'folder-only': { type: 'boolean', default: false },
    built: { type: 'boolean', default: false },
  },
});
const { version, optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

function refuse(why) {
  console.error(why);
  process.exit(2);
}

const isWindows = (platform) => platform.startsWith('win-');
const targetOf = (platform) => join(values.out ?? join(root, 'dist', platform), 'HaloDBIntegrator', version);

if (values.out !== undefined && values.platform.length > 1) refuse('A folder given as --out takes one --platform.');
for (const platform of values.platform) {
  if (!optionalDependencies[`node-${platform}`]) {
    const known = Object.keys(optionalDependencies).flatMap((name) => /^node-(.+)$/.exec(name)?.[1] ?? []);
    refuse(`There is no Node for "${platform}". Use one of: ${known.join(', ')}.`);
  }
  const other = join(targetOf(platform), 'module', 'engine', isWindows(platform) ? 'node' : 'node.exe');
  if (existsSync(other)) refuse(`${targetOf(platform)} is a package for another system: give another folder as --out.`);
}
for (const script of values.built ? [] : ['build.mjs', 'build-module.mjs'])
  execFileSync(process.execPath, [join(root, 'scripts', script)], { stdio: ['ignore', 2, 2] });
for (const platform of values.platform) {
  const target = targetOf(platform);
  rmSync(target, { recursive: true, force: true });
  fillFolder({ target, platform, version });
  console.log(target);
  if (values['folder-only']) continue;
  const zip = join(values.out ?? join(root, 'dist'), `HaloDBIntegrator-${version}-${platform}.zip`);
  const inZip = dirname(dirname(target));
  await zipFolder({ folder: target, inZip, zip, executables: executablesIn(platform), date: dateOfSource(root) });
  console.log(zip);
}
