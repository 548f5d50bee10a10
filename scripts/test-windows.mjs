// What only Windows can show: the package there, the engine's suites that touch the system, the module's tests, and one story from an
// empty folder to a task that ran. On Windows as it is; on Debian, as root, in Wine. Options: --built where bundle and module have
// just been built, --json <file> for the counts, --only engine (or module, or story) for a part, and behind it which tests;
// --only starts measures starts (bench/windows-starts.ps1). --within <minutes>, as a part of a larger whole: what has not run by
// then is left out by name, where else it has failed.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { newCounts } from './windows/counts.mjs';
import { testInWine } from './windows/in-wine.mjs';
import { testOnWindows } from './windows/on-windows.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values, positionals } = parseArgs({
  options: {
    built: { type: 'boolean', default: false },
    json: { type: 'string' },
    only: { type: 'string' },
    within: { type: 'string' },
  },
  allowPositionals: true,
});

/** Suites about processes, pipes, locks, held files, paths, schedules and the package. */
const suites = ['bridge', 'cli', 'config', 'database/busy', 'database/embedded', 'errors', 'instances', 'logging']
  .concat(['nhserver', 'package/engine-flags', 'package/package', 'runs/run-process', 'runs/run-recorder'])
  .concat([
    'runs/run-report.test',
    'runs/run-store',
    'runs/start-up',
    'runs/stop',
    'runs/unfinished',
    'schedule',
    'sync/state-folder',
    'windows',
  ])
  .map((name) => `tests/engine/${name}`);
const jest = '--experimental-vm-modules --no-warnings node_modules/jest/bin/jest.js --selectProjects engine';
const names = {
  story: 'the story',
  module: "the module's tests",
  engine: "the engine's suites",
  starts: 'what starts cost',
};
const tests = newCounts();
const minutes = Number(values.within ?? process.env.HALO_TEST_WINDOWS_MINUTES ?? 25);
const lane = {
  suites: positionals.length > 0 ? positionals : suites,
  /** A part of the names of the module's tests. */
  only: positionals.slice(0, 1),
  jest: jest.split(' '),
  /** What the tests are told: the bundle, which starts sooner than the source, and where their lines go. */
  variables: (folder) => ({ HALO_TEST_ENGINE: 'node/dist/main.mjs', HALO_TEST_LINES: `${folder}/jest.txt` }),
  /** When it is ended: a lane that hangs is no reason to wait for ever. */
  end: Date.now() + minutes * 60_000,
  /** Says that a part had not come to its end by then. */
  late: (part) =>
    (values.within ? tests.leaveOut : tests.fail)(`${part} (needs more than the ${minutes} minutes given)`),
  asked: (part) => (part === 'starts' ? values.only === part : (values.only ?? part) === part),
  step: (part) => console.log(`\n== ${part === 'package' ? part : names[part]}`),
  tests,
  /** Puts what is in the zip for a server into a folder of modules, as a server's administrator does. */
  build(modules) {
    const start = (program, args, env = {}) =>
      execFileSync(program, args, {
        cwd: root,
        stdio: ['ignore', 2, 2],
        timeout: Math.max(1, lane.end - Date.now()),
        env: { ...process.env, ...env },
      });
    const run = (script, ...args) => start(process.execPath, [join(root, 'scripts', script), ...args]);
    for (const script of values.built ? [] : ['build.mjs', 'build-module.mjs']) run(script);
    rmSync(join(modules, 'HaloDBIntegrator'), { recursive: true, force: true });
    const folder = mkdtempSync(join(tmpdir(), 'halo-zip-'));
    try {
      run('package.mjs', '--built', '--platform', 'win-x64', '--out', folder);
      const shell = process.platform === 'win32' ? ['powershell'] : ['dotnet', 'tool', 'run', 'pwsh', '--'];
      const expand = [
        '-NoProfile',
        '-Command',
        'Expand-Archive -LiteralPath $env:HALO_ZIP -DestinationPath $env:HALO_MODULES',
      ];
      const zip = readdirSync(folder).find((name) => name.endsWith('.zip'));
      const told = { HALO_ZIP: join(folder, zip), HALO_MODULES: modules };
      // What is told to PowerShell 7 about its modules must not reach Windows PowerShell.
      start(shell[0], [...shell.slice(1), ...expand], { ...told, PSModulePath: undefined });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

try {
  if (process.platform === 'win32') testOnWindows(lane);
  else testInWine(lane);
} catch (error) {
  if (Date.now() >= lane.end) lane.late('all tests, since what they need was not there in time');
  else tests.fail(error instanceof Error ? error.message : String(error));
}
const { passed, failed, leftOut } = tests.counts;
if (leftOut.length > 0) console.log(`\nLeft out here:\n${leftOut.map((name) => `  ${name}`).join('\n')}`);
// Within the whole suite the last line is its own.
if (values.json) writeFileSync(values.json, JSON.stringify(tests.counts));
else console.log(`\n${passed} passed, ${failed} failed${leftOut.length > 0 ? `, ${leftOut.length} left out` : ''}`);
process.exit(failed > 0 ? 1 : 0);
