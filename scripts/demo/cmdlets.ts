import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { title } from './title.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Opens a prompt with the module, where the demo's instance is the one that is meant. */
export const prompt = (folder: string): string =>
  `dotnet tool run pwsh -- -NoExit -Command "Import-Module ./HaloDBIntegrator.psd1; Set-HaloSyncInstance ${folder} -Default"`;

/** What is said where the cmdlets cannot be shown. */
export const withoutCmdlets =
  '  The cmdlets were left out: the module is not built, or there is no .NET SDK 10. With it: npm run build:module';

const commands = [
  'Get-HaloIntegration Pax8 | Format-Table Integration, Entity, WillRun, Reason',
  'Invoke-HaloSync Pax8 -Entity Products, Subscriptions -WhatIf -Summary | Format-Table Entity, Read, WouldCreate, WouldUpdate, Unchanged',
  'Get-HaloSyncRun -Last 3 | Format-Table Started, Duration, ExitCode, WhatIf',
  'Invoke-HaloApi Client -Search a -Query @{ count = 3 } | Format-Table id, name',
];

/** Shows the cmdlets at the demo's instance, in a real PowerShell; answers its exit code, and undefined where there is none. */
export async function showCmdlets(folder: string): Promise<number | undefined> {
  const built = existsSync(join(root, 'module', 'bin', 'HaloDBIntegrator.dll'));
  if (!built || spawnSync('dotnet', ['tool', 'restore'], { cwd: root, stdio: 'ignore' }).status !== 0) return undefined;
  title('8. The same from PowerShell');
  const script = [
    "$ErrorActionPreference = 'Stop'; Import-Module ./HaloDBIntegrator.psd1; Set-HaloSyncInstance $env:HALO_DEMO -Default",
    ...commands.map((command) => `'PS> ${command.replaceAll("'", "''")}'; ${command}`),
  ].join('; ');
  return new Promise((resolve, reject) => {
    const child = spawn('dotnet', ['tool', 'run', 'pwsh', '--', '-NoProfile', '-NonInteractive', '-Command', script], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: {
        ...process.env,
        HALO_DEMO: folder,
        HALO_DB_INTEGRATOR_NODE: process.execPath,
        POWERSHELL_TELEMETRY_OPTOUT: '1',
        // It colours its tables in a file, too, unless it is told not to.
        ...(!process.stdout.isTTY && { NO_COLOR: '1' }),
      },
    });
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}
