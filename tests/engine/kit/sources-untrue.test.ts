import { describe, expect, it } from '@jest/globals';
import { named, readList, scriptedVendor, type GotRequest, type NamedSource, type Said } from './scripted-vendor.ts';
import { allIds, slice, number } from './paging-styles.ts';

describe('what no whole list can be', () => {
  const page = { style: 'page', parameter: 'page', first: 1, total: 'total' } as const;
  it.each<[string, NamedSource, (request: GotRequest, count: number) => Said]>([
    [
      'a page that repeats',
      { url: '/', records: 'items', paging: page },
      () => ({ body: { items: slice(0, 5), total: 23 } }),
    ],
    [
      'a total that promises more',
      { url: '/', records: 'items', paging: page },
      ({ query }) => ({ body: { items: slice((number(query['page']) - 1) * 5, 5), total: 30 } }),
    ],
    [
      'a total that promises less',
      { url: '/', records: 'items', paging: { ...page, more: 'more' } },
      ({ query }) => ({
        body: { items: slice((number(query['page']) - 1) * 5, 5), total: 7, more: number(query['page']) < 5 },
      }),
    ],
    [
      'another page than asked for',
      { url: '/', records: 'items', paging: { ...page, number: 'page' } },
      () => ({ body: { items: slice(0, 5), page: 2 } }),
    ],
    [
      'a last id that stands still',
      { url: '/', paging: { style: 'last-id', parameter: 'after' } },
      () => ({ body: slice(0, 5) }),
    ],
    [
      'a last record without an id',
      { url: '/', paging: { style: 'last-id', parameter: 'after' } },
      () => ({ body: [{ id: 1 }, { name: 'x' }] }),
    ],
    [
      'a cursor that stands still',
      { url: '/', records: 'items', paging: { style: 'cursor', parameter: 'c', next: 'next' } },
      (_, count) => ({ body: { items: slice(count * 2, 2), next: 'same' } }),
    ],
    [
      'more without a way to go on',
      { url: '/', records: 'items', paging: { style: 'cursor', parameter: 'c', next: 'next', more: 'more' } },
      () => ({ body: { items: slice(0, 2), more: true } }),
    ],
    [
      'links in a circle',
      { url: '/a', records: 'items', paging: { style: 'link', next: 'next' } },
      ({ path }, count) => ({ body: { items: slice(count * 2, 2), next: path === '/a' ? '/b' : '/a' } }),
    ],
    [
      'errors inside an answer of 200',
      { url: '/', records: 'data.items', errors: 'errors', paging: { style: 'whole' } },
      () => ({ body: { data: { items: [] }, errors: [{ message: 'Not today' }] } }),
    ],
  ])('%s', async (_name, source, answer) => {
    let count = 0;
    await using vendor = await scriptedVendor((request) => answer(request, count++));
    await expect(readList(vendor, source)).rejects.toMatchObject({
      code: expect.stringMatching(/^(VendorAnswer|IncompleteList)$/),
    });
    expect(vendor.requests.length).toBeLessThan(20);
  });

  it.each(['http://other.example.com/list?from=5', '//other.example.com/', 'http://user:pw@127.0.0.1:1/'])(
    'a link to %s gets no credentials',
    async (next) => {
      await using vendor = await scriptedVendor(() => ({ body: { items: slice(0, 5), next } }));
      const source: NamedSource = { url: '/', records: 'items', paging: { style: 'link', next: 'next' } };
      await expect(readList(vendor, source)).rejects.toThrow('a link leads to another host');
      expect(vendor.requests).toHaveLength(1);
    },
  );
});

describe('a cursor that the vendor no longer takes', () => {
  it.each([400, 404, 410])('(%d) lets the list begin anew', async (status) => {
    await using vendor = await scriptedVendor(({ query }) =>
      query['c'] === 'old'
        ? { status }
        : {
            body: {
              items: slice(number(query['c']), 5),
              ...(number(query['c']) < 20 && { next: String(number(query['c']) + 5) }),
            },
          },
    );
    const source: NamedSource = {
      url: '/',
      records: 'items',
      paging: { style: 'cursor', parameter: 'c', next: 'next' },
    };
    const proof = { read: 5, lastItems: 5, pages: [] };
    const read = await readList(vendor, source, { from: { cursor: 'old', proof } });
    expect(read.ids).toEqual(allIds);
    expect(read.pages[0]?.list?.begins).toBe(true);
  });
});

describe('records that came before', () => {
  it('are not read again', async () => {
    const body = '{"total": 2, "items": [{"id": 1}, {"id": 2}]}';
    await using vendor = await scriptedVendor(() => ({ body }));
    const source: NamedSource = { url: '/', records: 'items', paging: { style: 'whole', total: 'total' } };
    const content = (await readList(vendor, source)).pages[0]?.content;
    const again = await readList(vendor, source, { sizeOfPage: (one) => (one === content ? 2 : undefined) });
    expect(again.pages[0]?.size).toBe(2);
    expect(named.idOf(again.pages[0]?.records[1])).toBe('2');
  });

  it.each([
    '{"items": [{"tags": ["]"]}], "total": 1, "links": []}',
    '{"warnings": ["items: ["], "items": [{"tags": ["]"]}], "total": 1}',
    '{"meta": {"items": [1]}, "items": [{"tags": ["]"]}], "total": 1, "more": [[]]}',
    '{"total": 1, "text": "\\"items\\": [", "items": [{"tags": ["]"]}]}',
  ])('are cut where they are in %s', async (body) => {
    await using vendor = await scriptedVendor(() => ({ body }));
    const read = await readList(vendor, { url: '/', records: 'items', paging: { style: 'whole', total: 'total' } });
    expect(read.pages.map(({ records }) => records)).toEqual([[{ tags: [']'] }]]);
    expect(read.pages[0]?.list?.total).toBe(1);
  });
});
