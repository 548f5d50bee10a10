import { describe, expect, it } from '@jest/globals';
import { readList, scriptedVendor, type GotRequest, type NamedSource, type Said } from './scripted-vendor.ts';
import { all, allIds, slice } from './paging-styles.ts';

describe('an export', () => {
  const paging = {
    style: 'export',
    id: 'export_uuid',
    state: { url: '/export/{export}/status' },
    status: 'status',
    done: ['FINISHED'],
    failed: ['ERROR', 'CANCELLED'],
  } as const;
  const chunked: NamedSource = {
    url: '/export',
    method: 'POST',
    json: { chunk_size: 5 },
    paging: { ...paging, chunks: { at: 'chunks_available', url: '/export/{export}/chunks/{chunk}' } },
  };
  const answer =
    (looks: { count: number }, chunks = 5) =>
    ({ path, method }: GotRequest): Said => {
      if (method === 'POST') return { body: { export_uuid: 'e-1' } };
      if (path.endsWith('/status')) {
        const ready = Math.min(chunks, looks.count++ * 2);
        return {
          body: {
            status: ready < chunks ? 'PROCESSING' : 'Finished',
            chunks_available: [...Array(ready).keys()].map((one) => one + 1),
          },
        };
      }
      return { body: slice((Number(path.split('/').at(-1)) - 1) * 5, 5) };
    };

  it('is ordered once, looked after, and fetched part by part', async () => {
    await using vendor = await scriptedVendor(answer({ count: 0 }));
    const read = await readList(vendor, chunked);
    expect(read.ids).toEqual(allIds);
    expect(vendor.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
    expect(read.pages.map(({ list }) => list?.end)).toEqual([undefined, undefined, undefined, undefined, 'last-page']);
  });

  it('goes on with the parts that are left', async () => {
    await using vendor = await scriptedVendor(answer({ count: 3 }));
    const { stops } = await readList(vendor, chunked);
    vendor.requests.length = 0;
    const { ids } = await readList(vendor, chunked, { from: stops[1]! });
    expect(ids).toEqual(allIds.slice(10));
    expect(vendor.requests.filter(({ method }) => method === 'POST')).toHaveLength(0);
  });

  it('may be empty', async () => {
    await using vendor = await scriptedVendor(answer({ count: 0 }, 0));
    expect((await readList(vendor, chunked)).ids).toEqual([]);
  });

  it.each([
    ['fails', 'ERROR', /export failed: ERROR/],
    ['never gets ready', 'QUEUED', /not ready within 60 minutes/],
  ])('that %s ends the reading', async (_name, status, message) => {
    await using vendor = await scriptedVendor(({ method }) => ({
      body: method === 'POST' ? { export_uuid: 'e' } : { status },
    }));
    await expect(readList(vendor, chunked)).rejects.toThrow(message);
  });

  it('of one file is fetched where it is, without credentials', async () => {
    await using files = await scriptedVendor(() => ({ body: all }));
    await using vendor = await scriptedVendor(({ method }) => ({
      body: method === 'POST' ? { export_uuid: 'e' } : { status: 'finished', url: `${files.url}/file?signed=1` },
    }));
    const source: NamedSource = { url: '/export', method: 'POST', paging: { ...paging, file: 'url' } };
    const api = { signIn: { style: 'key', headers: { authorization: 'Token {Key}' } } } as const;
    expect((await readList(vendor, source, { api, settings: { Key: 'secret-key' } })).ids).toEqual(allIds);
    expect(vendor.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Token secret-key',
      'Token secret-key',
    ]);
    expect(files.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });
});

describe('CSV and XML', () => {
  const source = (format: NamedSource['format'], path?: string): NamedSource => ({
    url: '/',
    format,
    paging: { style: 'whole' },
    ...(path !== undefined && { records: path }),
  });
  it.each<[string, NamedSource, string]>([
    ['CSV with a line that is cut', source({ csv: { columns: ['id'] } }), 'id,name\n1,a\n2'],
    ['CSV that is a page of HTML', source({ csv: { columns: ['id'] } }), '<html><body>Sign in</body></html>'],
    ['XML that is cut', source('xml', 'r.i'), '<r><i><id>1</id></i><i><id>'],
    ['XML with entities of its own', source('xml', 'r.i'), '<!DOCTYPE r [<!ENTITY a "b">]><r><i><id>&a;</id></i></r>'],
    ['XML of another kind', source('xml', 'r.items.i'), '<error>no</error>'],
  ])('%s is no list', async (_name, one, body) => {
    await using vendor = await scriptedVendor(() => ({ body }));
    await expect(readList(vendor, one)).rejects.toMatchObject({ code: 'VendorAnswer' });
  });

  it('one element is a list of one, none an empty one, and ids stay as they are written', async () => {
    await using vendor = await scriptedVendor(({ path }) => ({
      body: path === '/none' ? '<r><items/></r>' : '<r><items><i id="007"><name>A&#233;</name></i></items></r>',
    }));
    expect((await readList(vendor, { ...source('xml', 'r.items.i'), url: '/none' })).ids).toEqual([]);
    const one = await readList(vendor, { ...source('xml', 'r.items.i'), url: '/one' });
    expect(one.pages[0]?.records).toEqual([{ id: '007', name: 'Aé' }]);
  });
});
