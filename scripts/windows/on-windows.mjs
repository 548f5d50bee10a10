// The tests on Windows, on Windows.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { node24 } from '../node-24.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs them, in the minutes they may take; `suites` and `jest` are what starts the engine's. */
export function testOnWindows({ suites, jest, variables, minutes, asked, step, build, tests }) {
  const results = mkdtempSync(join(tmpdir(), 'halo-windows-'));
  const end = Date.now() + minutes * 60_000;
  const run = (program, args, more) => {
    const { error } = spawnSync(program, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      timeout: Math.max(1000, end - Date.now()),
      env: { ...process.env, ...variables(results), ...more },
    });
    if (error) tests.fail(`${program} did not come to its end: ${error.message}`);
  };
  step('package');
  build(join(process.env.ProgramFiles, 'WindowsPowerShell', 'Modules'));
  if (asked('engine')) {
    step("the engine's suites");
    const lines = `--reporters=${join(root, 'scripts/windows/lines-of-tests.cjs')}`;
    run(node24(), [...jest, '--reporters=default', lines, '--ci', ...suites]);
    tests.readLines("The engine's suites", join(results, 'jest.txt'));
  }
  if (asked('module')) {
    step("the module's tests");
    run('dotnet', ['test', 'tests/module', '--nologo', '--logger', 'trx', '--results-directory', results]);
    const reports = readdirSync(results).filter((name) => name.endsWith('.trx'));
    if (reports.length === 0) tests.fail("the module's tests did not run");
    for (const name of reports) tests.readTrx(join(results, name));
  }
  for (const [part, name, file] of [
    ['story', 'the story', 'tests/windows/story.ps1'],
    ['starts', 'what starts cost', 'bench/windows-starts.ps1'],
  ])
    for (const shell of asked(part) ? ['pwsh', 'powershell'] : []) {
      step(`${name} in ${shell}`);
      const report = join(results, `${part}-${shell}.txt`);
      const script = ['-File', join(root, file), '-Project', root, '-Node', node24(), '-Report', report];
      // What is told to PowerShell 7 about its modules must not reach Windows PowerShell.
      const env = { PSModulePath: undefined };
      run(shell, ['-NoProfile', '-ExecutionPolicy', 'RemoteSigned', ...script], env);
      tests.readStory(report);
    }
  rmSync(results, { recursive: true, force: true });
}
