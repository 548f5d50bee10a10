import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { engineMain } from '../engine-main.ts';

function engine(...args: string[]): { status: number | null; stderr: string } {
  // Of zsh the parser gives each command with a description.
  const env = { ...process.env, SHELL: '/bin/zsh' };
  return spawnSync(process.execPath, ['--no-warnings', engineMain, ...args], { encoding: 'utf8', env });
}

describe('a command that is none', () => {
  it.each([
    [
      ['synk', 'Pax8', '--what-if'],
      'There is no command "synk".\nFix: Did you mean "sync"? Use one of: AUTO, sync, test, ',
    ],
    [['SYNC'], 'There is no command "SYNC".\nFix: Did you mean "sync"? '],
    [['--config', 'sync', 'diag'], 'There is no command "diag".\nFix: Did you mean "diagnose"? '],
    [['xyz'], 'There is no command "xyz".\nFix: Use one of: AUTO, sync, '],
    [['config', 'gte'], 'Unknown argument: gte.\nFix: Run halo-db-integrator config --help for what it takes. (Usage)'],
    [['sync', '--fast'], 'Unknown argument: fast.\nFix: Run halo-db-integrator sync --help for what it takes. (Usage)'],
  ])('%j is told what was most likely meant', (args, told) => {
    const { status, stderr } = engine(...args);
    expect(stderr.startsWith(told)).toBe(true);
    expect(status).toBe(2);
  });
});
