import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { stateOf } from '../../../node/src/runs/run-liveness.ts';
import { RunStore } from '../../../node/src/runs/run-store.ts';
import { holdRequests, pax8Instance } from '../sync/pax8-instance.ts';
import { run, runsOf, start, until } from './engine-runs.ts';

describe('stop --force', () => {
  it('ends the process of a run that does not stop', async () => {
    await using instance = await pax8Instance({ entities: { Products: true } });
    const release = holdRequests(instance);
    const sync = start(['AUTO', instance.settingsPath]);
    await until(async () => (await runsOf(instance.settingsPath, '--state', 'running'))[0]);
    const stopped = await run('stop', '--force', '--wait', '0', '--config', instance.settingsPath);
    expect([stopped.status, stopped.stdout]).toEqual([0, expect.stringContaining('has stopped')]);
    await sync.ended;
    release();
    expect(await runsOf(instance.settingsPath, '--state', 'running')).toEqual([]);
  });

  it('leaves the program alone that has the process id of a run that is gone', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'halo-force-'));
    writeFileSync(join(folder, 'appsettings.json'), '{}');
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    {
      using store = RunStore.open(folder);
      const facts = { auto: true, whatIf: false, host: hostname(), settingsFingerprint: 'abc' };
      store.begin({ ...facts, id: 'gone', processId: other.pid ?? 0, startedAt: new Date() }, new Date(0));
    }
    const { status, stderr } = await run('stop', '--force', '--wait', '0', '--config', folder);
    expect([status, stderr]).toEqual([4, expect.stringContaining(`process ${other.pid} was left alone`)]);
    expect(other.exitCode ?? other.signalCode).toBeNull();
    other.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  it('takes a run whose last sign of life is of the future for gone', () => {
    const now = new Date('2026-11-24T12:00:00Z');
    const signs = { ended: false, processId: process.pid, host: 'here', seenAt: new Date('2030-01-01T00:00:00Z') };
    expect(stateOf(signs, now, 'here')).toBe('interrupted');
  });
});
