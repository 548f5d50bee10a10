import { describe, expect, it } from '@jest/globals';
import { pax8Page } from '../../sandbox/scripted-vendor.ts';
import { scriptedPax8, subscription, type ScriptedPax8 } from './scripted-pax8.ts';

const some = (count: number) => Array.from({ length: count }, (_, number) => subscription(number));
const all = some(2000);

/** Answers pages of subscriptions. */
const pages = (vendor: ScriptedPax8, page: (number: number) => unknown) =>
  vendor.answer((path, number) => (path === '/subscriptions' ? { body: page(number) } : undefined));

const incomplete = (said: RegExp) => ({
  status: 'failed',
  deactivated: 0,
  error: { code: 'IncompleteList', message: expect.stringMatching(said) },
});

describe('a list without an end', () => {
  it.each([
    [
      'two pages by turns, without totals',
      (number: number) => ({ content: pax8Page(all, number % 2).content }),
      /repeats/,
    ],
    [
      'three pages by turns, and always two more to come',
      (number: number) => ({ ...pax8Page(all, number % 3), page: { number, totalPages: number + 2 } }),
      /repeats/,
    ],
    [
      'a thousand million pages, empty behind the second',
      (number: number) => ({ ...pax8Page(some(400), number), page: { number, totalPages: 1e9 } }),
      /empty pages came/,
    ],
    [
      'more and more records, of which there are said to be 300',
      (number: number) => ({
        content: pax8Page(all, number).content,
        page: { number, totalElements: 300, totalPages: 10 },
      }),
      /says it has 300 records, and 400 came/,
    ],
  ])('is left as incomplete, and read from its beginning by the next run: %s', async (_, page, said) => {
    await using vendor = await scriptedPax8();
    pages(vendor, page);
    expect(await vendor.sync()).toMatchObject(incomplete(said));
    expect(vendor.asked()).toBeLessThan(30);
    expect((await vendor.licences(true)).length).toBeGreaterThan(199);
    pages(vendor, (number) => pax8Page(some(700), number));
    expect(await vendor.sync()).toMatchObject({ status: 'succeeded', read: 700, deactivated: 0 });
    expect(await vendor.licences(true)).toHaveLength(700);
  });
});

describe('pages that repeat', () => {
  const turning = (number: number) => ({
    content: pax8Page(all, number >= 5 ? 3 + (number % 2) : number).content,
    page: { number, size: 200, totalElements: 2000, totalPages: 10 },
  });

  it('are seen however far back the first of them is, also where the run between was stopped', async () => {
    await using vendor = await scriptedPax8();
    pages(vendor, turning);
    expect(await vendor.sync()).toMatchObject(incomplete(/a page repeats one that came before/));
    vendor.answer((path, number) =>
      path !== '/subscriptions' ? undefined : number === 5 ? { status: 404, body: {} } : { body: turning(number) },
    );
    expect(await vendor.sync()).toMatchObject({ status: 'failed', error: { code: 'VendorRefused' } });
    pages(vendor, turning);
    expect(await vendor.sync()).toMatchObject(incomplete(/a page repeats one that came before/));
  });

  it('are seen where each has a new stamp on its records', async () => {
    await using vendor = await scriptedPax8();
    let asked = 0;
    pages(vendor, (number) => ({
      content: pax8Page(all, number % 4).content.map((one) => ({ ...(one as object), readAt: ++asked })),
    }));
    expect(await vendor.sync()).toMatchObject(incomplete(/a page repeats one that came before/));
  });
});

describe('a read that goes on where another one stopped', () => {
  /** All 2,000 are in Halo, and a second read stopped before the page. */
  async function stoppedBefore(vendor: ScriptedPax8, page: number): Promise<void> {
    pages(vendor, (number) => pax8Page(all, number));
    expect(await vendor.sync()).toMatchObject({ status: 'succeeded', created: 2000 });
    vendor.answer((path, number) =>
      path !== '/subscriptions'
        ? undefined
        : number === page
          ? { status: 404, body: {} }
          : { body: pax8Page(all, number) },
    );
    expect(await vendor.sync()).toMatchObject({ status: 'failed', error: { code: 'VendorRefused' } });
  }

  it.each([
    ['400 of those read before are gone', (number: number) => pax8Page(all.slice(400), number), /behind|empty/],
    ['the vendor says once that there is none', (number: number) => pax8Page([], number), /behind|empty/],
    [
      'the vendor says nothing of how many there are',
      () => ({ content: [], page: { number: 8 } }),
      /is empty when it is read again/,
    ],
    [
      'the last page comes shorter than promised',
      (number: number) => ({
        ...pax8Page(all, number),
        content: pax8Page(all, number).content.slice(0, number === 9 ? 50 : 200),
      }),
      /2000 records were promised and 1850 came/,
    ],
  ])('takes nothing for missing, and the next one begins anew: %s', async (_, page, said) => {
    await using vendor = await scriptedPax8();
    await stoppedBefore(vendor, 9);
    pages(vendor, page);
    expect(await vendor.sync()).toMatchObject(incomplete(said));
    expect(await vendor.licences(false)).toEqual([]);
    pages(vendor, (number) => pax8Page(all.slice(100), number));
    expect(await vendor.sync()).toMatchObject({ status: 'succeeded', read: 1900, deactivated: 100 });
  });

  it('takes nothing for missing where the vendor has fewer than it promised the first part', async () => {
    await using vendor = await scriptedPax8();
    await stoppedBefore(vendor, 9);
    pages(vendor, (number) => pax8Page(all.slice(30), number));
    expect(await vendor.sync()).toMatchObject({
      status: 'succeeded',
      deactivated: 0,
      note: expect.stringMatching(/moved/),
    });
    expect(await vendor.licences(false)).toEqual([]);
    expect(await vendor.sync()).toMatchObject({ status: 'succeeded', deactivated: 30 });
  });

  it('counts as whole where nothing changed between', async () => {
    await using vendor = await scriptedPax8();
    await stoppedBefore(vendor, 9);
    pages(vendor, (number) => pax8Page(all, number));
    const result = await vendor.sync();
    expect(result).toMatchObject({ status: 'succeeded', deactivated: 0 });
    expect(result.note).toBeUndefined();
  });
});
