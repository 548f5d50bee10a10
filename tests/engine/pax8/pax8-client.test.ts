import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { subscriptionShape } from '../../../node/src/integrations/pax8/pax8-lists.ts';
import { openPax8 } from './open-pax8.ts';
import { provenPages } from '../../../node/src/reading/whole-list.ts';
import { startPax8Sandbox } from '../../sandbox/pax8/pax8-sandbox.ts';
import type { Pax8Sandbox } from '../../sandbox/pax8/pax8-sandbox.ts';

let sandbox: Pax8Sandbox;

function client(settings: Record<string, unknown> = {}, signal = new AbortController().signal) {
  return openPax8(sandbox, settings, signal);
}

async function readIds(from = 0): Promise<(string | null | undefined)[]> {
  const ids: (string | null | undefined)[] = [];
  const pages = client().subscriptions(from);
  for await (const { records } of from === 0 ? provenPages(pages, subscriptionShape) : pages) {
    ids.push(...records.map((record) => subscriptionShape.idOf(record)));
  }
  return ids;
}

beforeAll(async () => {
  sandbox = await startPax8Sandbox({ companies: 5, subscriptions: 901, products: 7, contactsPerCompany: 2, seed: 3 });
});
beforeEach(() => {
  const { faults } = sandbox;
  faults.queue.length = 0;
  for (const name of ['pageSizeCap', 'emptyPageAt', 'repeatPageFrom', 'missingRecords', 'pageInfo'] as const) {
    delete faults[name];
  }
  sandbox.requests.length = 0;
});
afterAll(() => sandbox.close());

describe('reading Pax8 page by page', () => {
  it('reads every record once, 200 a page', async () => {
    const ids = await readIds();
    expect(ids).toHaveLength(901);
    expect(new Set(ids).size).toBe(901);
    expect(sandbox.requests.filter(({ path }) => path.endsWith('/subscriptions'))).toHaveLength(5);
    expect(sandbox.requests.filter(({ path }) => path.endsWith('/token'))).toHaveLength(1);
  });

  it('trusts the page size that came, not the one it asked for', async () => {
    sandbox.faults.pageSizeCap = 50;
    expect(new Set(await readIds()).size).toBe(901);
  });

  it('goes on after an empty page', async () => {
    sandbox.faults.emptyPageAt = 2;
    expect(new Set(await readIds()).size).toBe(901);
  });

  it('accepts the envelope under pageInfo', async () => {
    sandbox.faults.pageInfo = true;
    expect(await readIds()).toHaveLength(901);
  });

  it('does not go round on a page that repeats', async () => {
    sandbox.faults.repeatPageFrom = 2;
    await expect(readIds()).rejects.toMatchObject({ code: 'IncompleteList' });
  });

  it('does not call a set whole that lacks promised records', async () => {
    sandbox.faults.missingRecords = 3;
    await expect(readIds()).rejects.toThrow(/901 records were promised and 898 came/);
  });

  it('goes on at a page number', async () => {
    expect(await readIds(3)).toHaveLength(301);
  });

  it('survives throttling, server errors and lost connections', async () => {
    sandbox.faults.queue.push(
      { kind: 'throttle', retryAfter: '1' },
      { kind: 'throttle' },
      { kind: 'server-error' },
      { kind: 'drop' },
      { kind: 'slow', milliseconds: 5 },
      { kind: 'drop-midway' },
    );
    expect(new Set(await readIds()).size).toBe(901);
  });

  it('takes a new token when the old one is refused in the middle', async () => {
    let pages = 0;
    const ids = new Set<unknown>();
    for await (const records of client().list()) {
      if (pages++ === 0) sandbox.faults.expireTokens();
      for (const { id } of records) ids.add(id);
    }
    expect(ids.size).toBe(901);
  });

  it('says that the answer is not JSON', async () => {
    sandbox.faults.queue.push({ kind: 'malformed' });
    await expect(readIds()).rejects.toMatchObject({ code: 'VendorAnswer' });
  });

  it('says that the secret is wrong without naming it', async () => {
    const error: unknown = await client({ ClientSecret: 'wrong-secret' })
      .probe()
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'VendorAuth', exitCode: 3 });
    expect(String(error)).not.toContain('wrong-secret');
  });

  it('names the settings that lack a credential', () => {
    expect(() => client({ ClientSecret: undefined })).toThrow('Pax8 lacks ClientSecret.');
  });

  it('stops with the run', async () => {
    const stop = new AbortController();
    const reason = new Error('stopped');
    const reading = (async () => {
      for await (const page of client({}, stop.signal).subscriptions()) {
        expect(page.list?.total).toBe(901);
        stop.abort(reason);
      }
    })();
    await expect(reading).rejects.toBe(reason);
  });
});
