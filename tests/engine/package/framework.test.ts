import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

it('the module compiles against the .NET Framework 4.7.2, which is all that Windows PowerShell 5.1 has', () => {
  const project = fileURLToPath(new URL('../../framework', import.meta.url));
  const { status, stdout } = spawnSync('dotnet', ['build', project, '--nologo', '-v', 'quiet'], { encoding: 'utf8' });
  expect([status, stdout.match(/error .*/g)]).toEqual([0, null]);
});
