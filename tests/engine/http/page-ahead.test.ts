import { describe, expect, it } from '@jest/globals';
import { fetchAhead } from '../../../node/src/http/page-ahead.ts';
import { retryWait } from '../../../node/src/http/retry-timing.ts';

function counted(length: number, failAt = -1) {
  const state = { asked: 0, closed: false };
  async function* pages() {
    try {
      for (let page = 0; page < length; page++) {
        state.asked++;
        await Promise.resolve();
        if (page === failAt) throw new Error(`page ${page}`);
        yield page;
      }
    } finally {
      state.closed = true;
    }
  }
  return { state, pages: pages() };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 20));

describe('reading pages ahead', () => {
  it('keeps the order and reads only so far ahead', async () => {
    const { state, pages } = counted(10);
    const ahead = fetchAhead(pages, 3);
    const first = await ahead.next();
    await settle();
    expect(first.value).toBe(0);
    expect(state.asked).toBe(4);
    const rest: number[] = [];
    for await (const page of ahead) rest.push(page);
    expect(rest).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(state.closed).toBe(true);
  });

  it('raises an error where its page would have come', async () => {
    const { pages } = counted(10, 2);
    const seen: number[] = [];
    const reading = (async () => {
      for await (const page of fetchAhead(pages, 4)) {
        await settle();
        seen.push(page);
      }
    })();
    await expect(reading).rejects.toThrow('page 2');
    expect(seen).toEqual([0, 1]);
  });

  it('asks for nothing more once the reader stops', async () => {
    const { state, pages } = counted(1_000);
    for await (const page of fetchAhead(pages, 2)) if (page === 3) break;
    await settle();
    expect(state.closed).toBe(true);
    expect(state.asked).toBeLessThan(8);
  });
});

describe('retry timing', () => {
  const now = new Date('2026-01-01T00:00:00Z');

  it('grows, jitters over the full range, and is capped', () => {
    expect(retryWait({ attempt: 0, now, random: 0 })).toBe(0);
    expect(retryWait({ attempt: 0, now, random: 1 })).toBe(500);
    expect(retryWait({ attempt: 3, now, random: 0.5 })).toBe(2_000);
    expect(retryWait({ attempt: 40, now, random: 1 })).toBe(30_000);
  });

  it('does as the vendor asks, but not for an hour', () => {
    expect(retryWait({ attempt: 5, retryAfter: '2', now, random: 0 })).toBe(2_000);
    expect(retryWait({ attempt: 5, retryAfter: 'Thu, 01 Jan 2026 00:00:03 GMT', now, random: 0 })).toBe(3_000);
    expect(retryWait({ attempt: 0, retryAfter: '300', now, random: 0 })).toBe(300_000);
    expect(retryWait({ attempt: 0, retryAfter: '30, 60', now, random: 0 })).toBe(30_000);
    // Longer than a run should wait: it gives up.
    expect(retryWait({ attempt: 0, retryAfter: '3600', now, random: 0 })).toBeUndefined();
    // What asks for nothing does not keep the waits from growing.
    for (const retryAfter of ['0', '-5', 'Wed, 31 Dec 2025 23:59:59 GMT'])
      expect(retryWait({ attempt: 3, retryAfter, now, random: 0.5 })).toBe(2_000);
    expect(retryWait({ attempt: 0, retryAfter: 'soon', now, random: 1 })).toBe(500);
  });
});
