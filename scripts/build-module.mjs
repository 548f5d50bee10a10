// Builds the PowerShell module into module/bin, where HaloDBIntegrator.psd1 finds it, and its help into en-US.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { moveAside } from './move-aside.mjs';

// The version stands in package.json; a manifest holds no more than constants, so it is written into it.
const manifest = fileURLToPath(new URL('../HaloDBIntegrator.psd1', import.meta.url));
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const written = readFileSync(manifest, 'utf8');
const current = written.replace(/^(\s*ModuleVersion\s*= )'[^']*'/m, `$1'${version}'`);
if (current !== written) writeFileSync(manifest, current);

const module = fileURLToPath(new URL('../module', import.meta.url));
const built = join(module, 'src', 'bin', 'publish');
execFileSync('dotnet', ['build', join(module, 'src'), '-c', 'Release', '-o', built, '--nologo', '-v', 'quiet'], {
  stdio: ['ignore', 2, 2],
});

const target = join(module, 'bin');
mkdirSync(target, { recursive: true });
for (const file of ['HaloDBIntegrator.dll', 'HaloDBIntegrator.xml', 'Newtonsoft.Json.dll']) {
  // A session that has the old file loaded keeps it: a rename does not write into it.
  copyFileSync(join(built, file), join(target, `${file}.new`));
  moveAside(join(target, file));
  renameSync(join(target, `${file}.new`), join(target, file));
}

// Get-Help looks in a folder for the language beside the manifest.
const help = join(module, '..', 'en-US', 'HaloDBIntegrator.dll-Help.xml');
const inputs = [manifest, join(target, 'HaloDBIntegrator.xml')];
execFileSync('dotnet', ['run', '--project', join(module, 'help'), '-v', 'quiet', '--', ...inputs, help], {
  stdio: ['ignore', 2, 2],
});
const about = join(module, 'about');
for (const topic of readdirSync(about)) copyFileSync(join(about, topic), join(dirname(help), topic));
