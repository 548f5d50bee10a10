import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findRuns } from '../../../node/src/runs/find-runs.ts';
import { RunRecorder } from '../../../node/src/runs/run-recorder.ts';
import type { RunRecord } from '../../../node/src/runs/run-record.ts';
import { RunStore } from '../../../node/src/runs/run-store.ts';
import type { SyncReport, SyncResult } from '../../../node/src/sync/sync.ts';
import { systemEnvironment } from '../../../node/src/system-environment.ts';
import { KnownSecrets } from '../../../node/src/secrets/known-secrets.ts';
import { unwrittenLog } from '../../../node/src/logging/log.ts';

const environment = systemEnvironment(tmpdir());
const counts = { read: 9, created: 1, updated: 2, unchanged: 6, rejected: 0, deactivated: 0 };
const names = { integration: 'Pax8', connection: 'Main', entity: 'Products' };
const progress = { type: 'progress', phase: 'writing', ...names, ...counts } as const;
const result: SyncResult = { ...names, ...counts, status: 'succeeded', seconds: 1, rejections: [] };
const report = { exitCode: 0 } as SyncReport;
const pause = (milliseconds: number): Promise<void> => environment.clock.sleep(milliseconds);

let folder: string;
let warnings: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'halo-recorder-'));
  warnings = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function recorder(): RunRecorder {
  const log = {
    ...unwrittenLog({ secrets: new KnownSecrets() }),
    warn: (message: string) => void warnings.push(message),
  };
  const run = { id: 'one', auto: true, whatIf: false, settingsFingerprint: 'abc' };
  return new RunRecorder(run, { folder, historyDays: 90, environment, log, secrets: new KnownSecrets() });
}

/** Holds the store as a backup does; answers what lets it go. */
function locked(): () => void {
  const other = new DatabaseSync(join(folder, 'state', 'runs.db'));
  other.exec('BEGIN EXCLUSIVE');
  return () => other.close();
}

function onRecord(): RunRecord | undefined {
  using store = RunStore.open(folder);
  return findRuns(store, {}, environment.clock.now(), environment.hostName)[0];
}

describe('the record of a run at work', () => {
  it.each([
    ['is no database', (path: string) => writeFileSync(path, 'x'.repeat(8192))],
    ['was cut', (path: string) => truncateSync(path, 5000)],
  ])('is made anew where it %s, and says so', async (_, damage) => {
    {
      using kept = recorder();
      await kept.end(report);
    }
    damage(join(folder, 'state', 'runs.db'));
    {
      using kept = recorder();
      kept.entityDone(result);
      await kept.end(report);
    }
    expect(warnings).toEqual([expect.stringMatching(/was damaged and is made anew; .* is in .*runs\.db\.damaged\.$/)]);
    expect(onRecord()).toMatchObject({ state: 'ended', exitCode: 0, entities: [{ entity: 'Products' }] });
  });

  it('waits for a program that has it locked, keeps the sync from nothing meanwhile, and goes on', async () => {
    using kept = recorder();
    const release = locked();
    const begun = performance.now();
    kept.progress({ ...progress, phase: 'starting' });
    kept.progress(progress);
    kept.entityDone(result);
    expect(performance.now() - begun).toBeLessThan(1000);
    await pause(2500);
    release();
    await pause(1500);
    expect(onRecord()).toMatchObject({
      state: 'running',
      entities: [{ entity: 'Products', status: 'succeeded', read: 9 }],
    });
    using store = RunStore.open(folder);
    store.requestStop('one');
    await pause(1500);
    expect([kept.stopSignal.aborted, warnings]).toEqual([true, []]);
  });

  it('is ended even where it is locked then', async () => {
    using kept = recorder();
    const release = locked();
    kept.entityDone(result);
    const ended = kept.end(report);
    await pause(1000);
    release();
    await ended;
    expect(onRecord()).toMatchObject({ state: 'ended', exitCode: 0, entities: [{ status: 'succeeded' }] });
    expect(warnings).toEqual([]);
  });

  it('begins later where it could not be opened at first, and says so once', async () => {
    writeFileSync(join(folder, 'state'), '');
    using kept = recorder();
    kept.entityDone(result);
    rmSync(join(folder, 'state'));
    mkdirSync(join(folder, 'state'));
    await kept.end(report);
    expect(onRecord()).toMatchObject({ state: 'ended', exitCode: 0, entities: [{ status: 'succeeded' }] });
    expect(warnings).toEqual([
      expect.stringMatching(/^The record of this run is not kept\. The record of runs .*\. Fix: Move away/),
    ]);
  });

  it('does not hold up the end where it cannot be written at all', async () => {
    writeFileSync(join(folder, 'state'), '');
    using kept = recorder();
    const begun = performance.now();
    await kept.end(report);
    expect(performance.now() - begun).toBeLessThan(1000);
    expect(warnings).toEqual([
      expect.stringMatching(/^The record of this run is not kept\. The record of runs .*\. Fix: Move away/),
    ]);
  });
});
