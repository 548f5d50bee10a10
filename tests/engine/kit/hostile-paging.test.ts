import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { IntegratorError } from '../../../node/src/errors/integrator-error.ts';
import type { Paging } from '../../../node/src/integrations/kit/sources/paging.ts';
import { readList, records, scriptedVendor, type GotRequest, type NamedSource, type Said } from './scripted-vendor.ts';

const all = records(23);
const allIds = all.map(({ id }) => String(id));
const size = { parameter: 'size', value: 5 };
type Body = Record<string, unknown> & { items?: unknown };

/** A way to page, what says where a page begins, and what the vendor says beside its records. */
interface Manner {
  readonly paging: Paging;
  offset(query: GotRequest['query'], path: string): number;
  says(offset: number, url: string): Body;
}

const beside = (offset: number): Body => ({
  total: all.length,
  pages: 5,
  number: offset / 5 + 1,
  more: offset + 5 < all.length,
});
const nextOf = (offset: number): number | undefined => (offset + 5 < all.length ? offset + 5 : undefined);
const number = (text: string | undefined): number => Number(text ?? 0);
const manners: Readonly<Record<string, Manner>> = {
  'pages by number': {
    paging: { style: 'page', parameter: 'page', first: 1, size, total: 'total', pages: 'pages', number: 'number' },
    offset: ({ page }) => (number(page) - 1) * 5,
    says: beside,
  },
  'pages by number, their number alone': {
    paging: { style: 'page', parameter: 'page', first: 0, size, pages: 'pages' },
    offset: ({ page }) => number(page) * 5,
    says: (offset) => ({ pages: beside(offset)['pages'] }),
  },
  'pages by number, a total alone': {
    paging: { style: 'page', parameter: 'page', first: 1, total: 'total' },
    offset: ({ page }) => (number(page) - 1) * 5,
    says: () => ({ total: all.length }),
  },
  'an offset': {
    paging: { style: 'offset', parameter: 'skip', size, total: 'total' },
    offset: ({ skip }) => number(skip),
    says: () => ({ total: all.length }),
  },
  'the last id': {
    paging: { style: 'last-id', parameter: 'after', size },
    offset: ({ after }) => number(after),
    says: () => ({}),
  },
  'a cursor': {
    paging: { style: 'cursor', parameter: 'c', next: 'next', size, total: 'total' },
    offset: ({ c }) => number(c?.replace('at-', '')),
    says: (offset) => ({ total: all.length, next: nextOf(offset) === undefined ? null : `at-${nextOf(offset)}` }),
  },
  'a cursor alone': {
    paging: { style: 'cursor', parameter: 'c', next: 'next', more: 'more' },
    offset: ({ c }) => number(c?.replace('at-', '')),
    says: (offset) => ({
      more: nextOf(offset) !== undefined,
      next: nextOf(offset) === undefined ? null : `at-${nextOf(offset)}`,
    }),
  },
  links: {
    paging: { style: 'link', next: 'next', size, total: 'total' },
    offset: ({ from }) => number(from),
    says: (offset, url) => ({
      total: all.length,
      next: nextOf(offset) === undefined ? null : `${url}/?from=${nextOf(offset)}`,
    }),
  },
  'links alone': {
    paging: { style: 'link', next: 'next' },
    offset: ({ from }) => number(from),
    says: (offset) => ({ next: nextOf(offset) === undefined ? null : `/?from=${nextOf(offset)}` }),
  },
};

/** What a vendor says in place of what is right, on the page of a number (from 0 on). */
type Twist = (
  body: Body,
  page: number,
  said: { text?: string; status?: number; headers?: Record<string, string> },
) => void;
const set =
  (name: string, value: unknown, from = 0): Twist =>
  (body, page) => {
    if (name in body && page >= from) body[name] = value;
  };
const withoutRecords =
  (page: number): Twist =>
  (body, at) => {
    if (at === page) body.items = [];
  };
/** Values for a place where a number, a cursor or an address should be. */
const odd: Readonly<Record<string, unknown>> = {
  null: null,
  'an empty text': '',
  'a text': 'many',
  'a negative number': -1,
  'a fraction': 2.5,
  zero: 0,
  'a vast number': 1e308,
  'more than is exact': 2 ** 60,
  true: true,
  false: false,
  'an object': { at: 5 },
  'a list': ['at-5'],
  'an empty list': [],
  'a NUL': '\u0000',
  'half a pair': '\ud800',
  'a long text': 'x'.repeat(10_000),
  __proto__: '__proto__',
};
const twists: Readonly<Record<string, Twist>> = {
  ...Object.fromEntries(
    ['total', 'pages', 'number', 'next', 'more'].flatMap((place) =>
      Object.entries(odd).flatMap(([name, value]) => [
        [`${place} is ${name}`, set(place, value)],
        [`${place} is ${name} from the second page on`, set(place, value, 1)],
      ]),
    ),
  ),
  ...Object.fromEntries(
    ['total', 'pages'].flatMap((place): [string, Twist][] => [
      [`${place} shrinks`, set(place, place === 'total' ? 12 : 2, 1)],
      [
        `${place} shrinks to what came`,
        (body, page) => place in body && page === 1 && (body[place] = place === 'total' ? 10 : 2),
      ],
      [`${place} grows`, set(place, 50, 2)],
      [`${place} is a text`, (body) => place in body && (body[place] = String(body[place]))],
      [`${place} is gone`, (body) => delete body[place]],
      [`${place} is gone later`, (body, page) => page > 0 && delete body[place]],
    ]),
  ),
  'an empty page in the middle': withoutRecords(2),
  'an empty first page': withoutRecords(0),
  'the first page again': (body, page) => page > 0 && (body.items = all.slice(0, 5)),
  'the page before again': (body, page) => page === 3 && (body.items = all.slice(10, 15)),
  'one record again and again': (body) => (body.items = Array.from({ length: 5 }, () => all[0])),
  'a record less': (body, page) => page === 1 && (body.items = (body.items as unknown[]).slice(1)),
  'a record twice': (body, page) =>
    page === 1 && (body.items = [all[5], ...(body.items as unknown[]).slice(1)].with(1, all[5])),
  'no list': (body, page) => page === 1 && delete body.items,
  'a list of null': (body, page) => page === 1 && (body.items = null),
  'an object for a list': (body, page) => page === 1 && (body.items = { 0: all[5] }),
  'a next that goes back': (body, page) =>
    page === 2 && 'next' in body && (body['next'] = String(body['next']).replace(/\d+$/, '5')),
  'a next that goes on behind the end': (body, page) =>
    page === 1 && 'next' in body && (body['next'] = String(body['next']).replace(/\d+$/, '500')),
  HTML: (_body, page, said) => page === 1 && (said.text = '<!DOCTYPE html><html><body>Sign in</body></html>'),
  nothing: (_body, page, said) => page === 1 && (said.text = ''),
  'lines of JSON': (body, page, said) =>
    page === 1 && (said.text = (body.items as unknown[]).map((one) => JSON.stringify(one)).join('\n')),
  'JSON and more': (body, page, said) => page === 1 && (said.text = `${JSON.stringify(body)}${JSON.stringify(body)}`),
  'a cut text': (body, page, said) => page === 1 && (said.text = JSON.stringify(body).slice(0, -9)),
  'a comment': (body, page, said) => page === 1 && (said.text = `${JSON.stringify(body)} // done`),
  'no content': (_body, page, said) => page === 1 && ((said.status = 204), (said.text = '')),
  'part of the content': (body, page, said) =>
    page === 1 && ((said.status = 206), (said.text = JSON.stringify({ ...body, items: [] }))),
};
/** What nobody can tell from a list that is right, where its vendor does not say how many records it has. */
const untold =
  /^(next is (null|false|an empty text|more than is exact)|more is (false|zero)|a record less|a record twice|an empty (first )?page|a next that goes on)/;

/** What leaves the list as it is. */
const harmless: Readonly<Record<string, Twist>> = {
  'a byte order mark': (body, _page, said) => (said.text = `\ufeff${JSON.stringify(body)}`),
  'spaces and line ends': (body, _page, said) => (said.text = `\r\n  ${JSON.stringify(body, null, 4)}\n\n`),
  'names twice': (body, _page, said) =>
    (said.text = JSON.stringify(body).replace('{"items"', '{"items":[],"next":"no","items"')),
  'names of an object’s own': (body, _page, said) =>
    (said.text = JSON.stringify(body).replace(
      '{',
      '{"__proto__":{"total":1},"constructor":{"prototype":{"items":[]}},"toString":1,',
    )),
  'lists before and behind': (body, _page, said) =>
    (said.text = JSON.stringify({ before: [{ items: [] }], ...body, behind: [[], { items: [{}] }] })),
  'a note with brackets': (body, _page, said) =>
    (said.text = JSON.stringify({ note: '"items":[{"id":99}]', ...body, after: ']}' })),
  'escaped names': (body, _page, said) =>
    (said.text = JSON.stringify(body).replace('"items"', String.raw`"\u0069tems"`)),
};

async function readTwisted(manner: Manner, twist: Twist) {
  let url = '';
  await using vendor = await scriptedVendor(({ query, path }: GotRequest): Said => {
    const offset = Math.max(0, Math.floor(manner.offset(query, path)) || 0);
    const body: Body = { items: all.slice(offset, offset + 5), ...manner.says(offset, url) };
    const said: { text?: string; status?: number; headers?: Record<string, string> } = {};
    twist(body, offset / 5, said);
    return { status: said.status ?? 200, body: said.text ?? body, ...(said.headers && { headers: said.headers }) };
  });
  url = vendor.url;
  const source: NamedSource = { url: '/', records: 'items', paging: manner.paging };
  try {
    const { ids, doubts } = await readList(vendor, source);
    return { ids, doubts, asked: vendor.requests.length, error: undefined };
  } catch (error) {
    return { ids: [], doubts: [], asked: vendor.requests.length, error };
  }
}

describe.each(Object.entries(manners))('%s', (_, manner) => {
  const countsRecords = 'total' in manner.paging;
  const mayTell = ([name]: [string, Twist]): boolean => countsRecords || !untold.test(name);
  it.each(Object.entries(twists).filter(mayTell))(
    'are whole with all records alone, and come to an end: %s',
    async (_twist, twist) => {
      const { ids, doubts, asked, error } = await readTwisted(manner, twist);
      expect(asked).toBeLessThan(1100);
      if (error !== undefined) {
        expect(error).toBeInstanceOf(IntegratorError);
        expect((error as IntegratorError).code).toMatch(/^(VendorAnswer|IncompleteList)$/);
      } else if (doubts.length === 0) {
        // That a record came twice is seen where it is written.
        const twice = new Set(ids).size < ids.length;
        if (!twice || !countsRecords) expect([...new Set(ids)]).toEqual(allIds);
      }
    },
  );

  it.each(Object.entries(harmless))('come whole: %s', async (_twist, twist) => {
    expect(await readTwisted(manner, twist)).toMatchObject({ ids: allIds, doubts: [], error: undefined });
  });
});

describe('a Link header', () => {
  /** A vendor whose headers are these, one line each. */
  async function read(lines: (page: number, url: string) => readonly string[]) {
    let asked = 0;
    const server = createServer((request, response) => {
      asked++;
      const page = Number(new URL(request.url ?? '/', 'http://vendor').searchParams.get('page') ?? 0);
      response.setHeader('link', lines(page, `http://${request.headers.host ?? ''}`));
      response.end(JSON.stringify(all.slice(page * 5, page * 5 + 5)));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      return { ...(await readList({ url }, { url: '/', paging: { style: 'link' } })), asked };
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }
  const next = (page: number, url = '', more = ''): string[] =>
    page < 4 ? [`<${url}/?page=${page + 1}${more}>; rel="next"`] : [];

  it.each<[string, (page: number, url: string) => readonly string[]]>([
    [
      'in a line of its own, behind that of the page itself',
      (page, url) => [`<${url}/?page=${page}>; rel="self"`, ...next(page, url)],
    ],
    ['before that of the page itself', (page, url) => [...next(page, url), `<${url}/?page=${page}>; rel="self"`]],
    ['in one line with others', (page) => [[`</?page=0>; rel=first`, ...next(page)].join(', ')]],
    ['with a fragment', (page, url) => [...next(page, url, '#top'), '<https://docs.example.com>; rel="help"']],
    ['with a name and a password', (page, url) => [...next(page, url.replace('//', '//user:pw@')), '</>; rel="start"']],
    [
      'with other parameters',
      (page) => [...next(page).map((one) => `${one}; title="a, \\"b\\"; c"; type=text/html`), '</>; rel=x'],
    ],
    ['with parameters without a value', (page) => [...next(page).map((one) => `${one}; a=; b`), '</>; rel=x']],
    [
      'of several relations',
      (page) => [...next(page).map((one) => one.replace('"next"', '"last NEXT"')), '</>; rel=x'],
    ],
  ])('leads on: %s', async (_, lines) => {
    const { ids, doubts, pages } = await read(lines);
    expect([ids, doubts]).toEqual([allIds, []]);
    for (const { cursor } of pages) expect(cursor ?? '').not.toMatch(/user|pw|#/);
  });

  it.each<[string, string]>([
    ['cut', '</?page=1>; rel="ne'],
    ['without its brackets', '/?page=1; rel="next"'],
    ['without its end', '</?page=1; rel="next"'],
    ['of another form', 'next=/?page=1'],
    ['of two, one of them cut', '</?page=0>; rel="self", </?page=1'],
    ['to another host', '<http://other.example.com/?page=1>; rel="next"'],
    ['to a host without a scheme', '<//other.example.com/?page=1>; rel="next"'],
    ['to a script', '<javascript:alert(1)>; rel="next"'],
    ['to a file', '<file:///etc/passwd>; rel="next"'],
    ['to where it came from', '</>; rel="next"'],
  ])('that cannot be followed is no end: %s', async (_, line) => {
    const error: unknown = await read(() => [line]).catch((thrown: unknown) => thrown);
    expect((error as IntegratorError).code).toMatch(/^(VendorAnswer|IncompleteList)$/);
  });
});

describe('ids', () => {
  it('of more digits than a number holds stay what they are', async () => {
    const ids = [
      '9007199254740993',
      '9007199254740992',
      '18446744073709551615',
      '-9223372036854775808',
      '12345678901234567890123',
    ];
    const items = ids.map((id) => `{"id": ${id},"name":"N"}`).join(',');
    await using vendor = await scriptedVendor(() => ({ body: `{"items":[${items}]}` }));
    const list = await readList(vendor, { url: '/', records: 'items', paging: { style: 'whole' } });
    expect(list.ids).toEqual(ids);
  });

  it('of a cursor of so many digits are asked for as they are', async () => {
    const asked: (string | undefined)[] = [];
    await using vendor = await scriptedVendor(({ query }) => {
      asked.push(query['c']);
      return {
        body: `{"items":[{"id":${asked.length}}],"next":${asked.length < 3 ? `900719925474099${asked.length}` : 'null'}}`,
      };
    });
    await readList(vendor, { url: '/', records: 'items', paging: { style: 'cursor', parameter: 'c', next: 'next' } });
    expect(asked).toEqual([undefined, '9007199254740991', '9007199254740992']);
  });
});

describe('parents that are none', () => {
  it.each([
    ['null', null],
    ['a number', 5],
    ['without an id', { name: 'x' }],
    ['with an object for an id', { id: { a: 1 } }],
    ['with a list for a name', { id: 2, name: ['x'] }],
    ['with an empty id', { id: ' ' }],
  ])('are passed over, and the lists of all are not whole: %s', async (_, parent) => {
    await using vendor = await scriptedVendor(({ path }) => ({
      body:
        path === '/parents' ? [{ id: 1, name: 'One' }, parent, { id: 3, name: 'Three' }] : [{ id: `child of ${path}` }],
    }));
    const parents = {
      source: { shape: (await import('./scripted-vendor.ts')).named, url: '/parents', paging: { style: 'whole' } },
      as: 'parent',
    } as const;
    const { ids, doubts } = await readList(vendor, {
      url: '/parents/{parent.id}/children',
      paging: { style: 'whole' },
      parents,
    });
    expect(ids).toEqual(['child of /parents/1/children', 'child of /parents/3/children']);
    expect(doubts).not.toEqual([]);
  });
});

describe('an export', () => {
  const exported: NamedSource = {
    url: '/export',
    method: 'POST',
    json: {},
    paging: {
      style: 'export',
      id: 'id',
      state: { url: '/export/{export}/status' },
      status: 'status',
      done: ['FINISHED'],
      chunks: { at: 'chunks', url: '/export/{export}/chunks/{chunk}' },
    },
  };
  it.each([
    ['nothing', undefined],
    ['null', null],
    ['an object', { 0: 1 }],
    ['a text', '1,2'],
    ['a chunk that is none', [1, 'two']],
    ['a negative one', [1, -2]],
    ['a half one', [1.5]],
    ['a null', [1, null]],
    ['a list', [[1]]],
  ])('that says of its parts %s is not whole', async (_, chunks) => {
    await using vendor = await scriptedVendor(({ method, path }) => ({
      body:
        method === 'POST' ? { id: 'e' } : path.endsWith('/status') ? { status: 'FINISHED', chunks } : all.slice(0, 5),
    }));
    await expect(readList(vendor, exported)).rejects.toMatchObject({ code: 'VendorAnswer' });
  });
});

it.each(['ftp://127.0.0.1/', 'javascript:alert(1)', 'data:,x', 'file:///etc', '//elsewhere', 'elsewhere', ''])(
  'A vendor that says our data is at "%s" gets no credentials there',
  async (address) => {
    await using vendor = await scriptedVendor(({ path }) => ({ body: path === '/who' ? { address } : [] }));
    const api = { whoAmI: { url: '/who', address: 'address' } };
    await expect(readList(vendor, { url: '/list', paging: { style: 'whole' } }, { api })).rejects.toMatchObject({
      code: 'VendorAnswer',
    });
    expect(vendor.requests.map(({ path }) => path)).toEqual(['/who']);
  },
);
