import { spawn } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { runsOf, start, until } from '../runs/engine-runs.ts';
import { holdRequests, pax8Instance } from '../sync/pax8-instance.ts';
import { engineMain } from '../engine-main.ts';

const [halt, goOn] = ['\u0013', '\u0011'];

describe('a person at a terminal', () => {
  if (process.platform === 'linux')
    it('who halts it (selecting text, Ctrl-S) keeps a sync from nothing', async () => {
      await using instance = await pax8Instance({ entities: { Customers: true, Products: true } });
      const release = holdRequests(instance);
      const command = `"${process.execPath}" --no-warnings "${engineMain}" AUTO "${instance.settingsPath}"`;
      const terminal = spawn('script', ['-qec', command, '/dev/null'], { stdio: ['pipe', 'ignore', 'ignore'] });
      const ended = new Promise((resolve) => terminal.on('exit', resolve));
      const state = async (wanted: string) => {
        const [run] = await runsOf(instance.settingsPath, '--state', wanted);
        return run;
      };
      try {
        await until(() => state('running'));
        terminal.stdin.write(halt);
        release();
        expect(await until(() => state('ended'))).toMatchObject({ exitCode: 0 });
      } finally {
        terminal.stdin.write(goOn);
        expect(await ended).toBe(0);
      }
    });

  // For consoles of Windows both are in tests/module/Windows/ConsoleTests.cs: Node makes none.
  if (process.platform === 'win32')
    it.skip('who halts or closes it (needs Linux: terminals and signals that Node can make)', () => {});
  else
    it.each(['SIGHUP', 'SIGTERM', 'SIGINT'] as const)('who closes it (%s) stops it after its batch', async (signal) => {
      await using instance = await pax8Instance({ entities: { Products: true } });
      const release = holdRequests(instance);
      const { child, ended } = start(['AUTO', instance.settingsPath]);
      await until(async () => (await runsOf(instance.settingsPath, '--state', 'running'))[0]);
      child.kill(signal);
      expect(await ended).toMatchObject({ status: 130, stderr: expect.stringContaining('Stopping after the batch') });
      release();
      expect((await runsOf(instance.settingsPath))[0]).toMatchObject({ state: 'ended', exitCode: 130 });
    });
});
