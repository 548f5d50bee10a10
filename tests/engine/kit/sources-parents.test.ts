import { describe, expect, it } from '@jest/globals';
import { recordShape } from '../../../node/src/reading/record-shape.ts';
import { readList, records, scriptedVendor, type GotRequest, type NamedSource, type Said } from './scripted-vendor.ts';
import { number } from './paging-styles.ts';

describe('the lists of parents', () => {
  const parentShape = recordShape({ uid: 'id', name: 'text' }, { id: 'uid', name: ['name'] });
  const parents = Array.from({ length: 7 }, (_, index) => ({ uid: `p/${index}`, name: `Parent ${index}`, devices: 3 }));
  const source: NamedSource = {
    url: '/parents/{parent.uid}/devices',
    records: 'devices',
    paging: { style: 'page', parameter: 'page', first: 0, total: 'total' },
    parents: {
      source: {
        shape: parentShape,
        url: '/parents',
        records: 'parents',
        paging: { style: 'offset', parameter: 'offset', size: { parameter: 'limit', value: 3 }, total: 'total' },
      },
      as: 'site',
      fields: ['uid', 'name'],
      count: 'devices',
    },
  };
  const devicesOf = (uid: string) => [0, 1, 2].map((one) => ({ id: `${uid}-${one}`, name: 'x' }));
  const answer = ({ path, query }: GotRequest): Said => {
    if (path === '/parents') {
      const from = number(query['offset']);
      return { body: { parents: parents.slice(from, from + 3), total: 7 } };
    }
    const uid = decodeURIComponent(path.split('/')[2] ?? '');
    const page = number(query['page']);
    return { body: { devices: devicesOf(uid).slice(page * 2, page * 2 + 2), total: 3 } };
  };
  const expected = parents.flatMap(({ uid }) => devicesOf(uid).map(({ id }) => id));

  it('come in the parents’ order, each record with its parent', async () => {
    await using vendor = await scriptedVendor(answer);
    const read = await readList(vendor, source);
    expect(read.ids).toEqual(expected);
    expect(read.pages[0]?.records[0]).toEqual({ id: 'p/0-0', name: 'x', site: { uid: 'p/0', name: 'Parent 0' } });
    expect(read.pages.map(({ list }) => list?.items)).toEqual([3, 3, 1]);
    expect(read.pages[0]?.list?.parts).toContainEqual({ name: 'Parent 1', total: 3, came: 3 });
    for (const page of read.pages) expect(page.size).toBe(page.records.length);
  });

  it('go on at the page of parents where another reading stopped', async () => {
    await using vendor = await scriptedVendor(answer);
    const { stops } = await readList(vendor, source);
    const read = await readList(vendor, source, { from: stops[0]! });
    expect(read.ids).toEqual(expected.slice(9));
  });

  it('are several at once, and no more than is said', async () => {
    let under = 0;
    let most = 0;
    await using vendor = await scriptedVendor((request) => {
      under += request.path === '/parents' ? 0 : 1;
      most = Math.max(most, under);
      setImmediate(() => (under -= request.path === '/parents' ? 0 : 1));
      return answer(request);
    });
    const two = { ...source, parents: { ...source.parents!, atOnce: 2 } };
    expect((await readList(vendor, two)).ids).toEqual(expected);
    expect(most).toBeLessThanOrEqual(2);
  });

  it('tell of a parent that is gone, and are not whole', async () => {
    await using vendor = await scriptedVendor((request) =>
      request.path.includes('p%2F4') ? { status: 404, body: { message: 'gone' } } : answer(request),
    );
    const read = await readList(vendor, source);
    expect(read.ids).toEqual(expected.filter((id) => !id.startsWith('p/4')));
    expect(read.warnings).toEqual([expect.stringContaining('Parent 4 is no longer there')]);
    expect(read.pages.map(({ incomplete }) => incomplete)).toEqual([undefined, true, undefined]);
  });

  it('tell of a parent whose list ends early', async () => {
    await using vendor = await scriptedVendor((request) => {
      const said = answer(request);
      if (!request.path.includes('p%2F4')) return said;
      return { body: { ...(said.body as object), devices: [], total: 3 } };
    });
    const read = await readList(vendor, source);
    expect(read.warnings).toEqual([expect.stringContaining('3 records were promised and 0 came')]);
    expect(read.pages[1]?.incomplete).toBe(true);
  });

  it('say what the parent promised where the list itself does not', async () => {
    const paging = { style: 'page', parameter: 'page', first: 0 } as const;
    await using vendor = await scriptedVendor((request) => {
      const said = answer(request);
      return request.path.includes('p%2F4') ? { body: { devices: [] } } : said;
    });
    const read = await readList(vendor, { ...source, paging });
    expect(read.pages[1]?.list?.parts).toContainEqual({ name: 'Parent 4', total: 3, came: 0 });
  });

  it('end with an error that is not the parent’s', async () => {
    await using vendor = await scriptedVendor((request) =>
      request.path.includes('p%2F4') ? { status: 403, body: {} } : answer(request),
    );
    await expect(readList(vendor, source)).rejects.toMatchObject({ code: 'VendorForbidden' });
    const passed = { ...source, parents: { ...source.parents!, goneBy: [403] } };
    expect((await readList(vendor, passed)).warnings).toEqual([expect.stringContaining('status 403')]);
  });

  it('of one page come in parts where they are long', async () => {
    const long = records(600);
    await using vendor = await scriptedVendor(({ path, query }) =>
      path === '/parents'
        ? answer({ path, query } as GotRequest)
        : { body: { devices: long.map(({ id }) => ({ id: `${path}-${id}`, name: 'x' })), total: 600 } },
    );
    const unsaid = { ...source, parents: { ...source.parents!, count: undefined } };
    const read = await readList(vendor, unsaid);
    expect(read.pages.map(({ size }) => size)).toEqual([1200, 600, 1200, 600, 600]);
    expect(read.pages.map(({ list }) => list?.items)).toEqual([2, 1, 2, 1, 1]);
    const rest = await readList(vendor, unsaid, { from: read.stops[2]! });
    expect(rest.ids).toEqual(read.ids.slice(3000));
  });
});
