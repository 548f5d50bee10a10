import { records, type GotRequest, type NamedSource, type Said } from './scripted-vendor.ts';

/** What the vendors of these tests have. */
export const all = records(23);
export const allIds = all.map(({ id }) => String(id));
export const slice = (from: number, size: number) => all.slice(from, from + size);
export const number = (text: string | undefined, otherwise = 0): number =>
  text === undefined ? otherwise : Number(text);

/** A style: how it is declared, and a vendor that pages so, whatever size is asked for five at a time. */
export interface Style {
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

/** Each way of paging that a source may be declared with. */
export const styles: Style[] = [
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
