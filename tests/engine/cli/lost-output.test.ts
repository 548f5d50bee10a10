import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { runsOf, start } from '../runs/engine-runs.ts';
import { pax8Instance } from '../sync/pax8-instance.ts';
import { engineMain } from '../engine-main.ts';

const entities = { Customers: true, Products: true };

describe('output that nobody takes', () => {
  it.each(['stdout', 'stderr'] as const)('a closed %s keeps a sync from nothing', async (name) => {
    await using instance = await pax8Instance({ entities });
    const { child, ended } = start(['AUTO', instance.settingsPath]);
    child[name].destroy();
    const { status, signal } = await ended;
    expect([status, signal]).toEqual([0, null]);
    const [run] = await runsOf(instance.settingsPath);
    expect(run?.entities.map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);
  });

  it('says with the exit code what went wrong, though nobody hears the words', async () => {
    const { child, ended } = start(['AUTO', '/there/is/nothing']);
    child.stderr.destroy();
    expect((await ended).status).toBe(2);
  });

  if (process.platform === 'linux')
    it('a full disk keeps a sync from nothing', async () => {
      await using instance = await pax8Instance({ entities });
      const full = openSync('/dev/full', 'w');
      const child = spawn(process.execPath, ['--no-warnings', engineMain, 'AUTO', instance.settingsPath], {
        stdio: ['ignore', full, full],
      });
      expect(await new Promise((resolve) => child.on('exit', resolve))).toBe(0);
      closeSync(full);
      expect((await runsOf(instance.settingsPath))[0]).toMatchObject({ state: 'ended', exitCode: 0 });
    });
});
