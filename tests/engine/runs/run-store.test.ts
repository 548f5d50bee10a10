import { mkdtempSync, readFileSync, rmSync, writeFileSync, mkdirSync, existsSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findRuns } from '../../../node/src/runs/find-runs.ts';
import { stateOf } from '../../../node/src/runs/run-liveness.ts';
import { RunStore } from '../../../node/src/runs/run-store.ts';
import { readLog } from '../../../node/src/logging/read-log.ts';
import type { SyncResult } from '../../../node/src/sync/sync.ts';

const day = 86_400_000;
const now = new Date('2026-11-24T12:00:00Z');
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'halo-runs-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const result = (entity: string, status: SyncResult['status']): SyncResult => ({
  integration: 'Pax8',
  connection: 'Main',
  entity,
  status,
  read: 9,
  created: 1,
  updated: 2,
  unchanged: 6,
  rejected: 0,
  deactivated: 0,
  seconds: 1.5,
  rejections: Array.from({ length: 40 }, (_, index) => ({ record: `R${index}`, reason: 'no client' })),
});

const newRun = (id: string, startedAt: Date) => ({
  id,
  startedAt,
  auto: true,
  whatIf: false,
  processId: process.pid,
  host: 'here',
  settingsFingerprint: 'abc',
});

describe('the record of runs', () => {
  it('keeps what each entity came to, the first rejections only, and forgets what is too old', () => {
    using store = RunStore.open(folder);
    store.begin(newRun('old', new Date(now.getTime() - 100 * day)), new Date(0));
    store.begin(newRun('new', now), new Date(now.getTime() - 90 * day));
    store.entityDone('new', result('Products', 'succeeded'));
    store.entityDone('new', result('Subscriptions', 'failed'));
    store.end('new', new Date(now.getTime() + 3000), 5);
    const [run, ...others] = findRuns(store, {}, now, 'here');
    expect(others).toEqual([]);
    expect(run).toMatchObject({ id: 'new', state: 'ended', exitCode: 5, seconds: 3, settingsFingerprint: 'abc' });
    expect(run?.entities.map((one) => [one.entity, one.status, one.updated])).toEqual([
      ['Products', 'succeeded', 2],
      ['Subscriptions', 'failed', 2],
    ]);
    expect(run?.entities[0]?.rejections).toHaveLength(5);
  });

  it('filters', () => {
    using store = RunStore.open(folder);
    for (const [index, exit] of ([0, 5, 0] as const).entries()) {
      const id = `run${index}`;
      store.begin(newRun(id, new Date(now.getTime() + index * 1000)), new Date(0));
      if (index === 1) store.entityDone(id, result('Contacts', 'failed'));
      store.end(id, now, exit);
    }
    const ids = (filter: Parameters<typeof findRuns>[1]) => findRuns(store, filter, now, 'here').map((one) => one.id);
    expect(ids({})).toEqual(['run2', 'run1', 'run0']);
    expect(ids({ last: 1 })).toEqual(['run2']);
    expect(ids({ failed: true })).toEqual(['run1']);
    expect(ids({ integration: 'pax8', entity: 'contacts' })).toEqual(['run1']);
    expect(ids({ since: new Date(now.getTime() + 1000) })).toEqual(['run2', 'run1']);
    expect(ids({ id: 'RUN0' })).toEqual(['run0']);
    expect(ids({ state: 'running' })).toEqual([]);
  });

  it('tells a run at work from one whose process is gone, silent, or on another machine', () => {
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    const signs = { ended: false, processId: process.pid, host: 'here', seenAt: now };
    expect(stateOf(signs, now, 'here')).toBe('running');
    expect(stateOf({ ...signs, processId: gone }, now, 'here')).toBe('interrupted');
    expect(stateOf({ ...signs, processId: gone }, now, 'elsewhere')).toBe('running');
    expect(stateOf(signs, new Date(now.getTime() + day), 'here')).toBe('interrupted');
  });

  it('refuses a file that is damaged or of a newer release, in words that help', () => {
    mkdirSync(join(folder, 'state'));
    writeFileSync(join(folder, 'state', 'runs.db'), 'this is not a database, but it is long enough to be looked at');
    expect(() => RunStore.open(folder)).toThrow(expect.objectContaining({ code: 'RunStoreDamaged', exitCode: 2 }));
    expect(readFileSync(join(folder, 'state', 'runs.db'), 'utf8')).toContain('not a database');
  });

  it('says which file it is where a row holds what is no JSON', () => {
    using store = RunStore.open(folder);
    store.begin(newRun('one', now), new Date(0));
    store.entityDone('one', result('Products', 'succeeded'));
    store.rows(`UPDATE entity SET rejections = 'not JSON'`);
    expect(() => findRuns(store, {}, now, 'here')).toThrow(
      expect.objectContaining({ code: 'RunStoreDamaged', message: expect.stringContaining('runs.db') }),
    );
  });

  it('makes nothing where nothing ran', () => {
    expect(RunStore.openExisting(folder)).toBeUndefined();
    expect(existsSync(join(folder, 'state'))).toBe(false);
  });
});

describe('reading the log', () => {
  const line = (message: string, level: string, more: object = {}): string =>
    JSON.stringify({ time: '2026-11-24T10:00:00.000Z', level, message, ...more });

  beforeEach(() => {
    mkdirSync(join(folder, 'logs'));
    const write = (name: string, text: string | Buffer): void => writeFileSync(join(folder, 'logs', name), text);
    write('halo-db-integrator-2026-11-22.log.gz', gzipSync(`${line('packed', 'info')}\n`));
    write('halo-db-integrator-2026-11-23.log', `${line('one', 'info', { run: 'abcd' })}\n${line('two', 'error')}\n`);
    write('halo-db-integrator-2026-11-24.log', `${line('three', 'debug', { integration: 'Pax8' })}\n`);
    write('halo-db-integrator-2026-11-24.log.1', `${line('four', 'warn', { run: 'abff' })}\n{"time":"2026-1`);
    write('something-else.log', 'no');
  });

  const messages = async (filter: Parameters<typeof readLog>[1]): Promise<string[]> =>
    (await readLog(folder, filter)).map((one) => one.message);

  it('joins the files in the order they were written, half a line and all', async () => {
    expect(await messages({})).toEqual(['packed', 'one', 'two', 'three', 'four', '{"time":"2026-1']);
  });

  it('filters by tail, level, run and integration', async () => {
    expect(await messages({ tail: 3 })).toEqual(['three', 'four', '{"time":"2026-1']);
    expect(await messages({ level: 'error' })).toEqual(['two']);
    expect(await messages({ run: 'ab' })).toEqual(['one', 'four']);
    expect(await messages({ run: 'abc' })).toEqual(['one']);
    expect(await messages({ integration: 'pax8' })).toEqual(['three']);
    expect(await messages({ since: new Date('2026-11-24T10:00:01Z') })).toEqual([]);
  });

  it('gives nothing for an instance that has no log yet', async () => {
    expect(await readLog(join(folder, 'nowhere'), {})).toEqual([]);
  });
});
