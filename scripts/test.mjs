// Everything that says whether the project is well: format, lint, types, engine tests, module tests, the cmdlets'
// conventions; then one line of counts.
// With --with-windows, what only Windows can show is among it (scripts/test-windows.mjs).
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';
import { node24 } from './node-24.mjs';
import { newCounts } from './windows/counts.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const node = node24();
const results = mkdtempSync(join(tmpdir(), 'halo-tests-'));
const env = {
  ...process.env,
  PATH: `${dirname(node)}${delimiter}${process.env.PATH}`,
  HALO_DB_INTEGRATOR_NODE: node,
  DOTNET_CLI_TELEMETRY_OPTOUT: '1',
  DOTNET_NOLOGO: '1',
};
const bin = (name) => join(root, 'node_modules', name);
let passed = 0;
let failed = 0;
let skipped = 0;

const run = (command, args) =>
  spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env }).status === 0;
function step(name, command, args) {
  console.log(`\n== ${name}`);
  if (run(command, args)) passed++;
  else {
    failed++;
    console.log(`FAILED: ${name}`);
  }
}

/** A test may be left out only where its name says what it needs that is not here; any other left out is a failure. */
function leaveOut(tests) {
  for (const { fullName } of tests) {
    if (/\(needs .+?\)/.test(fullName)) skipped++;
    else failed++;
    console.log(`left out: ${fullName}`);
  }
}

step('format', node, [bin('prettier/bin/prettier.cjs'), '--check', '--log-level=warn', '.']);
step('lint', node, [bin('eslint/bin/eslint.js'), '.']);
step('types', node, [bin('typescript/bin/tsc'), '--noEmit']);
step('types of the page of runs', node, [bin('typescript/bin/tsc'), '--noEmit', '-p', 'node/report-page']);

// Real directories and databases need root and Debian's packages, so they are asked for: npm test -- --with-servers.
for (const project of ['engine', ...(process.argv.includes('--with-servers') ? ['servers'] : [])]) {
  console.log(`\n== ${project}`);
  const jestReport = join(results, `${project}.json`);
  run(node, [
    '--experimental-vm-modules',
    '--no-warnings',
    bin('jest/bin/jest.js'),
    '--selectProjects',
    project,
    '--json',
    `--outputFile=${jestReport}`,
  ]);
  if (existsSync(jestReport)) {
    const report = JSON.parse(readFileSync(jestReport, 'utf8'));
    passed += report.numPassedTests;
    failed += report.numFailedTests + report.numRuntimeErrorTestSuites;
    leaveOut(report.testResults.flatMap((file) => file.assertionResults).filter((test) => test.status === 'pending'));
  } else failed++;
}

console.log('\n== module');
run('dotnet', ['test', 'tests/module', '--nologo', '--logger', 'trx', '--results-directory', results]);
const reports = readdirSync(results).filter((name) => name.endsWith('.trx'));
if (reports.length === 0) failed++;
const moduleTests = newCounts();
for (const name of reports) moduleTests.readTrx(join(results, name));
passed += moduleTests.counts.passed;
failed += moduleTests.counts.failed;
skipped += moduleTests.counts.leftOut.length;
for (const name of moduleTests.counts.leftOut) console.log(`left out: ${name}`);

/** A script of its own that writes its counts into a file; it ends with 2 where this machine cannot run it, and says why. */
function suite(name, script, args = []) {
  console.log(`\n== ${name}`);
  const report = join(results, `${script}.json`);
  const { status } = spawnSync(node, [join(root, 'scripts', script), ...args, '--json', report], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env,
  });
  if (existsSync(report)) {
    const counts = JSON.parse(readFileSync(report, 'utf8'));
    passed += counts.passed;
    failed += counts.failed;
    skipped += counts.leftOut?.length ?? 0;
  } else if (status === 2) {
    console.log(`left out: ${name}, for the reason above`);
    skipped++;
  } else failed++;
}

suite('cmdlets in PowerShell', 'test-pester.mjs');
if (process.argv.includes('--with-windows'))
  suite('tests on Windows', 'test-windows.mjs', ['--built', '--within', '19']);

rmSync(results, { recursive: true, force: true });
console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exit(failed > 0 ? 1 : 0);
