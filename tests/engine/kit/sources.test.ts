import { describe, expect, it } from '@jest/globals';
import { recordShape } from '../../../node/src/reading/record-shape.ts';
import {
  named,
  readList,
  records,
  scriptedVendor,
  type GotRequest,
  type NamedSource,
  type Said,
} from './scripted-vendor.ts';

const all = records(23);
const allIds = all.map(({ id }) => String(id));
const slice = (from: number, size: number) => all.slice(from, from + size);
const number = (text: string | undefined, otherwise = 0): number => (text === undefined ? otherwise : Number(text));

/** A style: how it is declared, and a vendor that pages so, whatever size is asked for five at a time. */
interface Style {
  readonly name: string;
  readonly source: NamedSource;
  answer(request: GotRequest): Said;
  /** Requests it takes for 23 records. */
  readonly requests: number;
  /** Whether a reading can be gone on with. */
  readonly resumes: boolean;
}

const numberedFrom = (first: 0 | 1, extras: object, envelope: (page: number) => object, requests: number): Style => ({
  name: `pages from ${first}, ${Object.keys(extras).join(' and ') || 'nothing said'}`,
  source: {
    url: '/list',
    records: 'items',
    paging: { style: 'page', parameter: 'page', first, size: { parameter: 'size', value: 10 }, ...extras },
  },
  answer({ query }) {
    const page = number(query['page']) - first;
    return { body: { items: slice(page * 5, 5), ...envelope(page) } };
  },
  requests,
  resumes: true,
});

const styles: Style[] = [
  {
    name: 'a bare list',
    source: { url: '/list', paging: { style: 'whole' } },
    answer: () => ({ body: all }),
    requests: 1,
    resumes: false,
  },
  numberedFrom(0, { total: 'total' }, () => ({ total: 23 }), 5),
  numberedFrom(0, { pages: 'meta.pages' }, () => ({ meta: { pages: 5 } }), 5),
  numberedFrom(1, { pages: 'pages', number: 'page' }, (page) => ({ pages: '5', page: page + 1 }), 5),
  numberedFrom(1, { more: 'more' }, (page) => ({ more: page < 4 }), 5),
  numberedFrom(1, {}, () => ({}), 6),
  {
    name: 'offset and limit with a total',
    source: {
      url: '/list',
      records: 'rows',
      paging: { style: 'offset', parameter: 'offset', size: { parameter: 'limit', value: 10 }, total: 'total' },
    },
    answer: ({ query }) => ({ body: { total: 23, rows: slice(number(query['offset']), 5) } }),
    requests: 5,
    resumes: true,
  },
  {
    name: 'offset in the body, the total in a header',
    source: {
      url: '/list',
      method: 'POST',
      json: { query: { kind: 'device' } },
      records: 'rows',
      paging: {
        style: 'offset',
        parameter: 'page.start',
        size: { parameter: 'page.count', value: 10 },
        total: { header: 'X-Total' },
      },
    },
    answer({ method, body }) {
      const asked = JSON.parse(body) as { query: { kind: string }; page: { start: number } };
      if (method !== 'POST' || asked.query.kind !== 'device') return { status: 400 };
      return { headers: { 'x-total': '23' }, body: { rows: slice(asked.page.start, 5) } };
    },
    requests: 5,
    resumes: true,
  },
  {
    name: 'the last id',
    source: {
      url: '/list',
      paging: { style: 'last-id', parameter: 'after', size: { parameter: 'pageSize', value: 10 } },
    },
    answer: ({ query }) => ({ body: slice(number(query['after']), 5) }),
    requests: 6,
    resumes: true,
  },
  {
    name: 'a cursor',
    source: { url: '/list', records: 'data', paging: { style: 'cursor', parameter: 'cursor', next: 'page.next' } },
    answer({ query }) {
      const from = number(query['cursor']?.slice(1));
      return { body: { data: slice(from, 5), page: { next: from + 5 < 23 ? `c${from + 5}` : null } } };
    },
    requests: 5,
    resumes: true,
  },
  {
    name: 'a page token',
    source: {
      url: '/list',
      records: 'users',
      paging: { style: 'cursor', parameter: 'pageToken', next: 'nextPageToken', size: { parameter: 'max', value: 9 } },
    },
    answer({ query }) {
      const from = number(query['pageToken']);
      return { body: { users: slice(from, 5), ...(from + 5 < 23 && { nextPageToken: String(from + 5) }) } };
    },
    requests: 5,
    resumes: true,
  },
  {
    name: 'a next link in the body',
    source: { url: '/list', records: 'value', paging: { style: 'link', next: '@odata.nextLink' } },
    answer({ query, headers }) {
      const from = number(query['from']);
      const next = `http://${headers.host}/list?from=${from + 5}`;
      return { body: { value: slice(from, 5), ...(from + 5 < 23 && { '@odata.nextLink': next }) } };
    },
    requests: 5,
    resumes: true,
  },
  {
    name: 'a Link header',
    source: { url: '/list', paging: { style: 'link', size: { parameter: 'limit', value: 9 } } },
    answer({ query }) {
      const from = number(query['after']);
      const link = `</list?limit=9>; rel="first", <?limit=9&after=${from + 5}>; title="a, b"; rel=next`;
      return { body: slice(from, 5), ...(from + 5 < 23 && { headers: { link } }) };
    },
    requests: 5,
    resumes: true,
  },
  {
    name: 'GraphQL with FIRST and NEXT',
    source: {
      url: '/graphql',
      method: 'POST',
      json: { query: 'query ($page: Page) { site { total{items} } }', variables: { limit: 9 } },
      records: 'data.site.assets.items',
      errors: 'errors',
      paging: {
        style: 'cursor',
        parameter: 'variables.page.cursor',
        next: 'data.site.assets.pagination.next',
        total: 'data.site.assets.total',
        first: { 'variables.page.page': 'FIRST' },
        later: { 'variables.page.page': 'NEXT' },
      },
    },
    answer({ body }) {
      const { variables } = JSON.parse(body) as { variables: { page: { page: string; cursor?: string } } };
      const { page, cursor } = variables.page;
      if ((page === 'FIRST') !== (cursor === undefined)) return { body: { data: null, errors: [{ message: 'no' }] } };
      const from = number(cursor);
      const next = from + 5 < 23 ? String(from + 5) : null;
      return { body: { data: { site: { assets: { total: 23, items: slice(from, 5), pagination: { next } } } } } };
    },
    requests: 5,
    resumes: true,
  },
  {
    name: 'GraphQL as Relay has it',
    source: {
      url: '/graphql',
      method: 'POST',
      json: { query: 'q', variables: { first: 5 } },
      records: 'data.nodes',
      paging: {
        style: 'cursor',
        parameter: 'variables.after',
        next: 'data.pageInfo.endCursor',
        more: 'data.pageInfo.hasNextPage',
      },
    },
    answer({ body }) {
      const { variables } = JSON.parse(body) as { variables: { after?: string } };
      const from = number(variables.after);
      return {
        body: {
          data: { nodes: slice(from, 5), pageInfo: { endCursor: String(from + 5), hasNextPage: from + 5 < 23 } },
        },
      };
    },
    requests: 5,
    resumes: true,
  },
  {
    name: 'XML',
    source: {
      url: '/list',
      format: 'xml',
      records: 'result.items.item',
      paging: { style: 'whole', total: 'result.count' },
    },
    answer: ({ headers }) => ({
      status: /xml/.test(headers.accept ?? '') ? 200 : 406,
      body: `<?xml version="1.0"?><result><count>23</count><items>${all.map(({ id, name }) => `<item><id>${id}</id><name>${name} &amp; co</name></item>`).join('')}</items></result>`,
    }),
    requests: 1,
    resumes: false,
  },
  {
    name: 'CSV',
    source: { url: '/list', format: { csv: { columns: ['id', 'name'], delimiter: ';' } }, paging: { style: 'whole' } },
    answer: () => ({
      body: `\uFEFFid; name;more\r\n${all.map(({ id, name }) => `${id};"${name}; ""x""";y`).join('\r\n')}\r\n`,
    }),
    requests: 1,
    resumes: false,
  },
];

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
