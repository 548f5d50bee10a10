// The tests on Windows, on Windows.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { node24 } from '../node-24.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs them, until `end`; `suites` and `jest` are what starts the engine's, and `late` is told what had not come to its end. */
export function testOnWindows({ suites, only, jest, variables, end, late, asked, step, build, tests }) {
  const results = mkdtempSync(join(tmpdir(), 'halo-windows-'));
  const run = (program, args, more) => {
    const { error } = spawnSync(program, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      timeout: Math.max(1000, end - Date.now()),
      env: { ...process.env, ...variables(results), ...more },
    });
    return { output: error?.message, ...(error?.code === 'ETIMEDOUT' && { late }) };
  };
  const runScript = (what, file, name) => {
    for (const shell of ['pwsh', 'powershell']) {
      const report = join(results, `${name}-${shell}.txt`);
      const script = ['-File', join(root, file), '-Project', root, '-Node', node24(), '-Report', report];
      // What is told to PowerShell 7 about its modules must not reach Windows PowerShell.
      const env = { PSModulePath: undefined };
      const ran = run(shell, ['-NoProfile', '-ExecutionPolicy', 'RemoteSigned', ...script], env);
      tests.readStory(`${what} in ${shell}`, report, ran);
    }
  };
  const parts = {
    story: () => runScript('the story', 'tests/windows/story.ps1', 'story'),
    module() {
      const report = ['--logger', 'trx', '--results-directory', results];
      const ran = run(
        'dotnet',
        ['test', 'tests/module', '--nologo', ...report].concat(only.length > 0 ? ['--filter', ...only] : []),
      );
      const reports = readdirSync(results).filter((name) => name.endsWith('.trx'));
      for (const name of reports) tests.readTrx(join(results, name));
      if (reports.length > 0) return;
      if (ran.late) late("the module's tests");
      else tests.fail("the module's tests did not run");
    },
    engine() {
      const lines = `--reporters=${join(root, 'scripts/windows/lines-of-tests.cjs')}`;
      const ran = run(node24(), [...jest, '--reporters=default', lines, '--ci', ...suites]);
      tests.readLines("the engine's suites", join(results, 'jest.txt'), ran);
    },
    starts: () => runScript('what starts cost', 'bench/windows-starts.ps1', 'starts'),
  };
  step('package');
  build(join(process.env.ProgramFiles, 'WindowsPowerShell', 'Modules'));
  for (const [name, part] of Object.entries(parts)) {
    if (!asked(name)) continue;
    step(name);
    part();
  }
  rmSync(results, { recursive: true, force: true });
}
