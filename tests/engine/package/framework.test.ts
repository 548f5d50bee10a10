import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

const root = fileURLToPath(new URL('../../..', import.meta.url));

it('the module compiles against the .NET Framework 4.7.2, which is all that Windows PowerShell 5.1 has', () => {
  const project = join(root, 'tests/framework/HaloDBIntegrator.Framework.csproj');
  const { status, stdout } = spawnSync('dotnet', ['build', project, '--nologo', '-v', 'quiet'], { encoding: 'utf8' });
  expect([status, stdout.match(/error .*/g)]).toEqual([0, null]);
});

const runner = process.platform === 'win32' ? [] : ['mono'];
const hasRunner = runner.every((program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0);
const name = 'its way to the engine works on the .NET Framework, with every letter';
if (!hasRunner) it.skip(`${name} (needs mono)`, () => {});
else
  it(name, () => {
    const folder = mkdtempSync(join(tmpdir(), 'halo framework '));
    try {
      // As the module lies in its package: beside the engine, which its library finds from where it is.
      const built = join(folder, 'module', 'bin');
      symlinkSync(join(root, 'node'), join(folder, 'node'), 'junction');
      const project = join(root, 'tests/framework/bridge');
      execFileSync('dotnet', ['build', project, '--nologo', '-v', 'quiet', '-o', built], { stdio: 'ignore' });
      const instance = join(folder, 'für Müller & Söhne');
      mkdirSync(instance);
      const settings = join(instance, 'appsettings.json');
      const database = { Server: '(embedded)', Name: 'halo.db' };
      writeFileSync(settings, JSON.stringify({ HaloUrl: 'https://halo.example.com/für', Database: database }));
      const [program = '', ...args] = [...runner, join(built, 'HaloDBIntegrator.Bridge.exe'), settings];
      const { status, stdout, stderr } = spawnSync(program, args, {
        encoding: 'utf8',
        env: { ...process.env, HALO_DB_INTEGRATOR_NODE: process.execPath },
      });
      expect([status, stderr]).toEqual([0, '']);
      expect(stdout.split(/\r?\n/)).toEqual([
        settings,
        'https://halo.example.com/für',
        'RunNotFound: There is no run keiner für Müller here.',
        '"C:\\a b\\\\"',
        '',
      ]);
    } finally {
      rmSync(folder, { recursive: true, force: true, maxRetries: 20 });
    }
  });
