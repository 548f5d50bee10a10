import { describe, expect, it } from '@jest/globals';
import { readList, scriptedVendor, type NamedSource } from './scripted-vendor.ts';
import { allIds, slice, number, styles } from './paging-styles.ts';

describe.each(styles)('a list by $name', ({ source, answer, requests, resumes }) => {
  it('comes whole, each record once, in order', async () => {
    await using vendor = await scriptedVendor(answer);
    const read = await readList(vendor, source);
    expect([read.ids, read.doubts]).toEqual([allIds, []]);
    expect(vendor.requests).toHaveLength(requests);
    expect(read.pages.at(-1)?.list?.end).toBeDefined();
    expect(read.pages.at(-1)?.cursor).toBeUndefined();
    for (const page of read.pages) expect(page.size).toBe(page.records.length);
  });

  it('goes on where another reading stopped', async () => {
    await using vendor = await scriptedVendor(answer);
    const { stops } = await readList(vendor, source);
    const stop = stops[1];
    expect(stop?.cursor !== undefined).toBe(resumes);
    if (stop?.cursor === undefined) return;
    const rest = await readList(vendor, source, { from: stop });
    expect([rest.ids, rest.doubts]).toEqual([allIds.slice(10), []]);
  });

  it('gives the same page again with the same content', async () => {
    await using vendor = await scriptedVendor(answer);
    const first = (await readList(vendor, source)).pages.map(({ content }) => content);
    expect(new Set(first.slice(0, 4)).size).toBe(Math.min(4, first.length));
    expect((await readList(vendor, source)).pages.map(({ content }) => content)).toEqual(first);
  });

  it.each([
    ['not JSON', { body: '{"items": [{"id": 1}, {"id": "cut o' }],
    ['of another shape', { body: { message: 'Try again later' } }],
    ['empty', { body: '' }],
  ])('does not take an answer that is %s', async (_kind, said) => {
    await using vendor = await scriptedVendor(() => said);
    await expect(readList(vendor, source)).rejects.toMatchObject({ code: 'VendorAnswer' });
  });
});

describe('pages asked for ahead', () => {
  it('fit no more when the vendor’s pages become shorter, and nothing is missed', async () => {
    await using vendor = await scriptedVendor(({ query }) => {
      const from = number(query['offset']);
      return { body: { total: 23, rows: slice(from, from < 6 ? 3 : 2) } };
    });
    const paging = {
      style: 'offset',
      parameter: 'offset',
      size: { parameter: 'limit', value: 3 },
      total: 'total',
    } as const;
    expect((await readList(vendor, { url: '/', records: 'rows', paging })).ids).toEqual(allIds);
  });

  it('are several at once, in order', async () => {
    await using vendor = await scriptedVendor(({ query }) => ({
      body: { items: slice(number(query['page']) * 5, 5), total: 23 },
    }));
    const paging = { style: 'page', parameter: 'page', first: 0, total: 'total' } as const;
    expect((await readList(vendor, { url: '/', records: 'items', paging })).ids).toEqual(allIds);
    expect(new Set(vendor.requests.map(({ query }) => query['page'])).size).toBe(5);
  });
});

describe('a cursor that is the name of something the vendor keeps', () => {
  const paging = { style: 'cursor', parameter: 'cursor', next: 'cursor.name', moves: 'cursor.offset' } as const;
  const source: NamedSource = { url: '/report', records: 'results', paging };

  it('is the same on each page, and at its end with an empty one', async () => {
    let from = 0;
    await using vendor = await scriptedVendor(() => {
      const results = slice(from, 5);
      from += 5;
      return { body: { cursor: { name: 'same', offset: from }, results } };
    });
    const read = await readList(vendor, source);
    expect(read.ids).toEqual(allIds);
    expect(read.pages.map(({ cursor }) => cursor)).toEqual(read.pages.map(() => undefined));
  });

  it('that does not move is no list', async () => {
    await using vendor = await scriptedVendor(() => ({
      body: { cursor: { name: 'same', offset: 5 }, results: slice(0, 5) },
    }));
    await expect(readList(vendor, source)).rejects.toMatchObject({ code: 'IncompleteList' });
  });
});
