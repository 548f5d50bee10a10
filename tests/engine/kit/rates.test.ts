import { describe, expect, it } from '@jest/globals';
import { createPace } from '../../../node/src/integrations/kit/rates/pace.ts';
import type { Rates } from '../../../node/src/integrations/kit/rates/rates.ts';
import { apiContext, readList, scriptedVendor, skippingClock } from './scripted-vendor.ts';
import { openApi } from '../../../node/src/integrations/kit/vendor-api.ts';

const request = { method: 'GET', url: 'https://acme.example.com/list' };
type Head = { readonly status: number; readonly headers: Readonly<Record<string, string>> };

/** Sends requests one after another; the moments at which they went, in milliseconds from the first. */
async function moments(
  rates: Rates,
  count: number,
  answer: (index: number) => Head = () => ({ status: 200, headers: {} }),
) {
  const clock = skippingClock();
  const began = clock.time;
  const pace = createPace(rates, clock);
  const went: number[] = [];
  for (let index = 0; index < count; index++) {
    const leave = await pace.enter(request);
    went.push(clock.time - began);
    leave(answer(index));
  }
  return went;
}

describe('so many requests in a time', () => {
  it('are sent at once, then as the window lets them', async () => {
    const went = await moments({ windows: [{ requests: 10, seconds: 60 }], slowFrom: 1 }, 21);
    expect(went.slice(0, 10)).toEqual(Array(10).fill(0));
    expect(went[10]).toBe(60_000);
    for (const [index, at] of went.entries()) expect(at - (went[index - 10] ?? -60_000)).toBeGreaterThanOrEqual(60_000);
  });

  it('are spread before a vendor that slows down or blocks has a reason to', async () => {
    const went = await moments({ windows: [{ requests: 600, seconds: 60 }] }, 1000);
    expect(went[539]).toBe(0);
    expect(went[540]).toBe(100);
    for (const [index, at] of went.entries())
      expect(at - (went[index - 600] ?? -60_000)).toBeGreaterThanOrEqual(60_000 - 1);
  });

  it('keep to every one of several windows', async () => {
    const went = await moments(
      {
        windows: [
          { requests: 2, seconds: 1 },
          { requests: 5, seconds: 60 },
        ],
        slowFrom: 1,
      },
      6,
    );
    expect(went).toEqual([0, 0, 1000, 1000, 2000, 60_000]);
  });

  it('end the run where the next would be much later, and say so', async () => {
    await expect(moments({ windows: [{ requests: 2, seconds: 3600 }], slowFrom: 1 }, 3)).rejects.toMatchObject({
      code: 'VendorLimit',
      message: expect.stringContaining('60 minutes'),
    });
  });
});

describe('what the vendor says is left', () => {
  const headers = { remaining: 'X-Rate-Limit-Remaining', reset: 'X-Rate-Limit-Reset', limit: 'X-Rate-Limit-Limit' };
  const epoch = Date.parse('2026-01-01T00:00:00Z') / 1000;
  const left = (remaining: number, reset: string | number, more: Record<string, string> = {}): Head => ({
    status: 200,
    headers: { 'x-rate-limit-remaining': String(remaining), 'x-rate-limit-reset': String(reset), ...more },
  });

  it('holds requests back when nothing is left, until it is full again', async () => {
    expect(await moments({ headers }, 3, (index) => left(1 - index, epoch + 30))).toEqual([0, 0, 30_000]);
  });

  it('spreads them when little is left', async () => {
    const went = await moments({ headers }, 4, (index) => left(9 - index, epoch + 50, { 'x-rate-limit-limit': '100' }));
    expect(went).toEqual([0, 5000, 10_000, 15_000]);
  });

  it('is compared with the vendor’s own clock', async () => {
    const date = new Date((epoch + 9000) * 1000).toUTCString();
    expect(await moments({ headers }, 2, () => left(0, epoch + 9030, { date }))).toEqual([0, 30_000]);
  });

  it.each([
    ['seconds', '20'],
    ['milliseconds', '20000'],
    ['epoch-milliseconds', String((epoch + 20) * 1000)],
    ['date', new Date((epoch + 20) * 1000).toUTCString()],
  ] as const)('is read as %s', async (resetAs, text) => {
    expect(await moments({ headers: { ...headers, resetAs } }, 2, () => left(0, text))).toEqual([0, 20_000]);
  });

  it.each(['', 'soon', '-'])('is not read where it is %j', async (text) => {
    expect(await moments({ headers }, 2, () => left(0, text))).toEqual([0, 0]);
  });

  it('holds all others back, too, when one is told to wait', async () => {
    const went = await moments({}, 3, (index): Head =>
      index === 0 ? { status: 429, headers: { 'retry-after': '12' } } : { status: 200, headers: {} },
    );
    expect(went).toEqual([0, 12_000, 12_000]);
  });
});

describe('so many at once', () => {
  it('and no more, whatever becomes of them', async () => {
    const pace = createPace({ atOnce: 2 }, skippingClock());
    const first = await pace.enter(request);
    const second = await pace.enter(request);
    let third = false;
    const waiting = pace.enter(request).then((leave) => ((third = true), leave));
    await new Promise(setImmediate);
    expect(third).toBe(false);
    first();
    const leave = await waiting;
    second({ status: 500, headers: {} });
    leave();
    (await pace.enter(request))();
  });

  it('lets one that is given up make place', async () => {
    const pace = createPace({ atOnce: 1 }, skippingClock());
    const leave = await pace.enter(request);
    const stop = new AbortController();
    const waiting = pace.enter(request, stop.signal);
    stop.abort(new Error('stopped'));
    leave();
    await expect(waiting).rejects.toThrow('stopped');
    (await pace.enter(request))();
  });
});

describe('a paced API', () => {
  it('counts each attempt, and the token requests’ vendor is asked no faster', async () => {
    let count = 0;
    await using vendor = await scriptedVendor(() =>
      count++ < 2 ? { status: 429, headers: { 'retry-after': '3' } } : { body: [{ id: 1 }] },
    );
    const clock = skippingClock();
    const { ids } = await readList(
      vendor,
      { url: '/', paging: { style: 'whole' } },
      {
        api: { rates: { windows: [{ requests: 1, seconds: 10 }], slowFrom: 1 } },
        context: { clock },
      },
    );
    expect(ids).toEqual(['1']);
    expect(clock.time - Date.parse('2026-01-01T00:00:00Z')).toBe(20_000);
  });

  it('never asks two at once where one is allowed', async () => {
    let under = 0;
    let most = 0;
    await using vendor = await scriptedVendor(() => {
      most = Math.max(most, ++under);
      setImmediate(() => under--);
      return { body: [] };
    });
    const declared = {
      integration: 'Acme',
      address: vendor.url,
      signIn: { style: 'none' },
      rates: { atOnce: 1 },
    } as const;
    const api = openApi(declared, apiContext({}));
    await Promise.all(Array.from({ length: 6 }, () => api.ask({ url: '/x' })));
    expect(most).toBe(1);
  });
});
