// Runs the cmdlets' conventions (tests/pester) in a real PowerShell. Options: --json <file> for the counts, --only <part of a file's name>.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join, delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { node24 } from './node-24.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({
  options: { json: { type: 'string', default: '' }, only: { type: 'string', default: '' } },
});
const packages = join(root, 'tests', 'pester', 'obj', 'packages', 'pester');
const pester = join(packages, readdirSync(packages)[0] ?? '', 'tools', 'Pester.psd1');
const node = node24();
const suite = join(root, 'tests', 'pester', 'run.ps1');
const { status } = spawnSync(
  'dotnet',
  ['tool', 'run', 'pwsh', '--', '-NoProfile', '-NonInteractive', '-File', suite, pester, values.json, values.only],
  {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      PATH: `${dirname(node)}${delimiter}${process.env.PATH}`,
      HALO_DB_INTEGRATOR_NODE: node,
      DOTNET_CLI_TELEMETRY_OPTOUT: '1',
      DOTNET_NOLOGO: '1',
      POWERSHELL_TELEMETRY_OPTOUT: '1',
      POWERSHELL_UPDATECHECK: 'Off',
    },
  },
);
process.exit(status ?? 1);
