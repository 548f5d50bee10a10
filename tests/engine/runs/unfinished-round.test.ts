import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findRuns } from '../../../node/src/runs/find-runs.ts';
import { RunStore } from '../../../node/src/runs/run-store.ts';
import { unfinishedRound } from '../../../node/src/runs/unfinished-round.ts';
import type { SyncResult } from '../../../node/src/sync/sync.ts';

const minute = 60_000;
const noon = Date.UTC(2026, 10, 24, 12);
let folder: string;
let store: RunStore;
let begun: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'halo-round-'));
  store = RunStore.open(folder);
  begun = 0;
});
afterEach(() => {
  store[Symbol.dispose]();
  rmSync(folder, { recursive: true, force: true });
});

type Outcome = Record<string, SyncResult['status']>;

/** An AUTO run is put on record; answers what it is narrowed to. */
function begin(at = noon + begun * minute): string[] | undefined {
  const run = { auto: true, whatIf: false, processId: process.pid, host: 'here', settingsFingerprint: 'abc' };
  store.begin({ ...run, id: `run${++begun}`, startedAt: new Date(at) }, new Date(0));
  return unfinishedRound(folder, `run${begun}`, { warn: (message) => expect(message).toBe('') })?.map(
    ({ entity }) => entity,
  );
}

function end(outcome: Outcome, at = noon + begun * minute): void {
  const counts = { read: 9, created: 0, updated: 0, unchanged: 9, rejected: 0, deactivated: 0, seconds: 1 };
  for (const [entity, status] of Object.entries(outcome))
    store.entityDone(`run${begun}`, {
      integration: 'Pax8',
      connection: 'x',
      entity,
      status,
      ...counts,
      rejections: [],
    });
  store.end(`run${begun}`, new Date(at), 6);
}

describe('what the last AUTO run left undone', () => {
  it('narrows the next, and what that one leaves the one after it, until it is done', () => {
    expect(begin()).toBeUndefined();
    end({ Customers: 'succeeded', Products: 'stopped', Subscriptions: 'stopped' });
    expect(begin()).toEqual(['Products', 'Subscriptions']);
    end({ Products: 'succeeded', Subscriptions: 'stopped' });
    expect(begin()).toEqual(['Subscriptions']);
    end({ Subscriptions: 'succeeded' });
    expect(begin()).toBeUndefined();
  });

  it('of a time when the clock was ahead narrows nothing, and the runs after it are told newest first', () => {
    const ahead = noon + 365 * 24 * 60 * minute;
    begin(ahead);
    end({ Customers: 'succeeded', Subscriptions: 'stopped' }, ahead + minute);
    for (let runs = 0; runs < 3; runs++) {
      expect(begin()).toBeUndefined();
      end({ Customers: 'succeeded', Subscriptions: 'succeeded' });
    }
    expect(findRuns(store, { last: 1 }, new Date(noon), 'here').map(({ id }) => id)).toEqual(['run4']);
    begin();
    end({ Customers: 'stopped' });
    expect(begin()).toEqual(['Customers']);
  });

  it('narrows no further run where the next is killed', () => {
    begin();
    end({ Customers: 'succeeded', Subscriptions: 'stopped' });
    expect(begin()).toEqual(['Subscriptions']);
    expect(begin()).toBeUndefined();
  });

  it('narrows nothing where the run itself cannot be put on record', () => {
    begin();
    end({ Customers: 'succeeded', Subscriptions: 'stopped' });
    expect(unfinishedRound(folder, 'not on record', { warn: () => {} })).toBeUndefined();
  });

  it('is not what another process was at', () => {
    begin();
    end({ Mail: 'already-running', Customers: 'succeeded' });
    expect(begin()).toBeUndefined();
    end({ Mail: 'already-running', Customers: 'stopped' });
    expect(begin()).toEqual(['Customers']);
  });

  it('gives the others their turn now and then, though it never ends', () => {
    begin();
    const narrowed = Array.from({ length: 120 }, () => {
      end({ Mail: 'stopped' });
      return begin();
    });
    expect(narrowed.filter((one) => one === undefined)).toHaveLength(2);
  });
});
