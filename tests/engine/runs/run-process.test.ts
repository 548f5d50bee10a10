import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { holdRequests, pax8Instance } from '../sync/pax8-instance.ts';
import { expectSameRows } from './table-contents.ts';
import { run, runsOf, start, until } from './engine-runs.ts';

const size = { companies: 12, subscriptions: 3000, products: 30, contactsPerCompany: 2 };

/** So many pages of the vendor are answered that some batches are written. */
const answered = 9;

const atWork = (settings: string) =>
  until(async () =>
    (await runsOf(settings, '--state', 'running'))[0]?.entities.find((one) => one.status === 'running' && one.read > 0),
  );

describe('runs as another prompt sees them', () => {
  it('records a run that ended, with its log', async () => {
    await using instance = await pax8Instance({ entities: { Products: true, Customers: true } });
    const { status, stdout } = await run('AUTO', instance.settingsPath, '--json');
    expect(status).toBe(0);
    const { runId } = JSON.parse(stdout) as { runId: string };
    const [record] = await runsOf(instance.settingsPath);
    expect(record).toMatchObject({ id: runId, state: 'ended', exitCode: 0, auto: true, whatIf: false });
    expect(record?.entities.map((one) => [one.entity, one.status])).toEqual([
      ['Customers', 'succeeded'],
      ['Products', 'succeeded'],
    ]);
    const log = await run('logs', '--run', runId.slice(0, 8), '--config', instance.settingsPath);
    expect(log.stdout).toContain('Sync started');
    expect(log.stdout).toContain('Pax8 Products: Entity done');
    expect((await run('runs', '--config', instance.settingsPath)).stdout).toContain(runId.slice(0, 8));
  });

  it('records what kept a run from starting', async () => {
    await using instance = await pax8Instance({ entities: { Products: true } });
    expect((await run('sync', 'Pax8', '--entity', 'Contacts', '--config', instance.settingsPath)).status).toBe(2);
    const [record] = await runsOf(instance.settingsPath, '--failed');
    expect(record).toMatchObject({ state: 'ended', exitCode: 2, auto: false, error: { code: 'EntitySwitchedOff' } });
  });

  it('shows a run in progress and stops it at a safe point', async () => {
    await using instance = await pax8Instance({
      entities: { Customers: true, Subscriptions: true },
      size,
      sync: { BatchSize: 200 },
    });
    const release = holdRequests(instance, answered);
    const sync = start(['AUTO', instance.settingsPath]);
    expect(await atWork(instance.settingsPath)).toMatchObject({ integration: 'Pax8', status: 'running' });
    const saved = await readFile(instance.settingsPath, 'utf8');
    expect((await run('test', '--config', instance.settingsPath)).stdout).toContain('is at work with these settings');
    await writeFile(instance.settingsPath, `${saved} `);
    expect((await run('test', '--config', instance.settingsPath)).stdout).toContain('with settings saved before');
    const stopped = await run('stop', '--config', instance.settingsPath);
    expect([stopped.status, stopped.stdout]).toEqual([0, expect.stringContaining('has stopped (ended)')]);
    expect((await sync.ended).status).toBe(130);
    release();
    const [record] = await runsOf(instance.settingsPath);
    expect(record).toMatchObject({ state: 'ended', exitCode: 130, stopRequested: true });
    expect((await run('stop', '--config', instance.settingsPath)).stdout).toContain('Nothing was running');
  });

  it('two processes: the second says once who is at it since when, exits 4, and both are on record', async () => {
    await using instance = await pax8Instance({ entities: { Subscriptions: true }, size, sync: { BatchSize: 200 } });
    const release = holdRequests(instance, answered);
    const first = start(['AUTO', instance.settingsPath]);
    await atWork(instance.settingsPath);
    const second = await run('AUTO', instance.settingsPath);
    expect(second.status).toBe(4);
    const told = second.stdout.replace(/\s+/g, ' ');
    expect(told.split('already being synced')).toHaveLength(2);
    expect(told).toMatch(
      new RegExp(
        `by process ${first.child.pid} on .+ \\(Pax8 Subscriptions\\) since \\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z\\.`,
      ),
    );
    const log = await run('logs', '--level', 'error', '--config', instance.settingsPath);
    expect(log.stdout.trim().split('\n')).toEqual([expect.stringContaining(`process ${first.child.pid}`)]);
    release();
    expect([0, 5]).toContain((await first.ended).status);
    const runs = await runsOf(instance.settingsPath);
    expect(runs.map((one) => [one.state, one.entities[0]?.status])).toEqual([
      ['ended', 'already-running'],
      ['ended', expect.stringContaining('succeeded')],
    ]);
  });

  it('a killed run is shown as interrupted, and the next goes on to what one undisturbed run gives', async () => {
    const entities = { Customers: true, Subscriptions: true };
    await using whole = await pax8Instance({ entities, size, sync: { BatchSize: 200 } });
    await using killed = await pax8Instance({ entities, size, sync: { BatchSize: 200 } });
    await run('AUTO', whole.settingsPath);
    const release = holdRequests(killed, answered);
    const sync = start(['AUTO', killed.settingsPath]);
    await until(async () =>
      (await runsOf(killed.settingsPath, '--state', 'running'))[0]?.entities.find(
        (one) => one.entity === 'Subscriptions' && one.created > 0,
      ),
    );
    sync.child.kill('SIGKILL');
    expect((await sync.ended).signal).toBe('SIGKILL');
    const [record] = await runsOf(killed.settingsPath);
    expect(record?.state).toBe('interrupted');
    expect(record?.entities.find((one) => one.entity === 'Subscriptions')?.status).toBe('running');
    release();
    expect([0, 5]).toContain((await run('AUTO', killed.settingsPath)).status);
    await expectSameRows(killed.database, whole.database, ['AREA', 'SITE', 'Licence', 'ExternalLink']);
  });
});
