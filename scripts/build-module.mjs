// Builds the PowerShell module into module/bin, where HaloDBIntegrator.psd1 finds it, and its help into en-US.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { moveAside } from './move-aside.mjs';
import { publicAddresses } from './public-addresses.mjs';

// Another package.json and another folder for what is made are for a try: --package <file>, --out <folder>.
const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({
  options: {
    package: { type: 'string', default: join(root, 'package.json') },
    out: { type: 'string', default: root },
  },
});

// The version and the addresses stand in package.json; a manifest holds no more than constants, so they are written into it.
const about = JSON.parse(readFileSync(values.package, 'utf8'));
const addresses = publicAddresses(about);
const manifest = join(values.out, 'HaloDBIntegrator.psd1');
const written = readFileSync(join(root, 'HaloDBIntegrator.psd1'), 'utf8');
const license = addresses?.page('LICENSE') ?? 'https://opensource.org/license/mit';
const project = addresses ? `\n            ProjectUri   = '${addresses.project}'` : '';
const current = written
  .replace(/^(\s*ModuleVersion\s*= )'[^']*'/m, `$1'${about.version}'`)
  .replace(/\n *ProjectUri .*/, '')
  .replace(/^( *LicenseUri *= )'.*'/m, (_line, name) => `${name}'${license}'${project}`);
mkdirSync(values.out, { recursive: true });
if (current !== written || values.out !== root) writeFileSync(manifest, current);

const module = fileURLToPath(new URL('../module', import.meta.url));
const built = join(module, 'src', 'bin', 'publish');
execFileSync('dotnet', ['build', join(module, 'src'), '-c', 'Release', '-o', built, '--nologo', '-v', 'quiet'], {
  stdio: ['ignore', 2, 2],
});

const target = join(values.out, 'module', 'bin');
mkdirSync(target, { recursive: true });
if (values.out !== root)
  for (const part of ['HaloDBIntegrator.Format.ps1xml', 'before-import.psm1', 'completion.json'])
    copyFileSync(join(module, part), join(values.out, 'module', part));
for (const file of ['HaloDBIntegrator.dll', 'HaloDBIntegrator.xml', 'Newtonsoft.Json.dll']) {
  // A session that has the old file loaded keeps it: a rename does not write into it.
  copyFileSync(join(built, file), join(target, `${file}.new`));
  moveAside(join(target, file));
  renameSync(join(target, `${file}.new`), join(target, file));
}

// Get-Help looks in a folder for the language beside the manifest.
const help = join(values.out, 'en-US', 'HaloDBIntegrator.dll-Help.xml');
const inputs = [manifest, join(target, 'HaloDBIntegrator.xml')];
const online = addresses ? ['--online', addresses.page('docs/cmdlets.md#what-each-one-does')] : [];
execFileSync('dotnet', ['run', '--project', join(module, 'help'), '-v', 'quiet', '--', ...inputs, help, ...online], {
  stdio: ['ignore', 2, 2],
});
const topics = join(module, 'about');
for (const topic of readdirSync(topics)) copyFileSync(join(topics, topic), join(dirname(help), topic));
