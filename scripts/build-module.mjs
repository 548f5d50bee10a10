// Builds the PowerShell module into module/bin, where HaloDBIntegrator.psd1 finds it, and its help into en-US.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { moveAside } from './move-aside.mjs';

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
const inputs = [join(module, '..', 'HaloDBIntegrator.psd1'), join(target, 'HaloDBIntegrator.xml')];
execFileSync('dotnet', ['run', '--project', join(module, 'help'), '-v', 'quiet', '--', ...inputs, help], {
  stdio: ['ignore', 2, 2],
});
