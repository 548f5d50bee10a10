import { describe, expect, it } from '@jest/globals';
import { startSpecServer } from '../../sandbox/kit/spec-server.ts';
import type { SpecOperation, SpecPaging, VendorSpec } from '../../sandbox/kit/vendor-spec.ts';
import type { Paging } from '../../../node/src/integrations/kit/sources/paging.ts';
import type { SignIn } from '../../../node/src/integrations/kit/sign-in/sign-in.ts';
import { readList, type NamedSource } from './scripted-vendor.ts';

const integer = { type: 'integer', minimum: 0 } as const;

function specOf(operation: Partial<SpecOperation>, more: Partial<VendorSpec> = {}): VendorSpec {
  return {
    source: 'made up',
    base: '/api',
    letsIn: { headers: { 'x-api-key': 'key-1' } },
    operations: [{ method: 'GET', path: '/devices', lists: 'Device', ...operation }],
    schemas: {
      Device: {
        properties: {
          id: { type: 'integer' },
          name: { type: 'string' },
          status: { type: 'string', enum: ['on', 'off'] },
          site: { type: 'object', properties: { id: { type: 'string', refersTo: 'Site' } } },
          changed: { type: 'string', format: 'date-time' },
          note: { type: ['string', 'null'], example: 'Note #' },
        },
      },
      Site: { properties: { id: { type: 'string' }, name: { type: 'string' } } },
    },
    ...more,
  };
}

const signIn: SignIn = { style: 'key', headers: { 'X-Api-Key': '{Key}' } };
const sizes = { counts: { Device: 23, Site: 3 } };
const read = (url: string, source: NamedSource, by: SignIn = signIn) =>
  readList({ url }, source, { api: { address: `${url}/api`, signIn: by }, settings: { Key: 'key-1' } });
const ids = Array.from({ length: 23 }, (_, index) => String(index + 1));

const sized = { size: 'limit', usual: 4, most: 5 } as const;
const styles: { readonly name: string; readonly there: SpecPaging; readonly here: Paging; readonly bare?: boolean }[] =
  [
    {
      name: 'one answer',
      there: { style: 'whole', says: { total: 'total' } },
      here: { style: 'whole', total: 'total' },
    },
    {
      name: 'pages by number',
      there: {
        style: 'page',
        parameter: 'page',
        first: 1,
        ...sized,
        says: { total: 'meta.total', number: 'meta.page', size: 'meta.size' },
      },
      here: {
        style: 'page',
        parameter: 'page',
        first: 1,
        size: { parameter: 'limit', value: 100 },
        total: 'meta.total',
        number: 'meta.page',
        pageSize: 'meta.size',
      },
    },
    {
      name: 'offset',
      there: { style: 'offset', parameter: 'offset', ...sized, says: { total: 'total', more: 'more' } },
      here: {
        style: 'offset',
        parameter: 'offset',
        size: { parameter: 'limit', value: 100 },
        total: 'total',
        more: 'more',
      },
    },
    {
      name: 'the last id',
      there: { style: 'last-id', parameter: 'after', id: 'id', ...sized },
      here: { style: 'last-id', parameter: 'after' },
      bare: true,
    },
    {
      name: 'a cursor',
      there: { style: 'cursor', parameter: 'cursor', next: 'next', ...sized, says: { total: 'total' } },
      here: { style: 'cursor', parameter: 'cursor', next: 'next', total: 'total' },
    },
    {
      name: 'a named cursor',
      there: { style: 'cursor', parameter: 'cursor', next: 'cursor.name', moves: 'cursor.offset', ...sized },
      here: { style: 'cursor', parameter: 'cursor', next: 'cursor.name', moves: 'cursor.offset' },
    },
    {
      name: 'a next link',
      there: { style: 'link', parameter: 'from', next: 'links.next', ...sized },
      here: { style: 'link', next: 'links.next' },
    },
    {
      name: 'a Link header',
      there: { style: 'link', parameter: 'from', ...sized },
      here: { style: 'link' },
      bare: true,
    },
  ];

describe('a vendor made from its description', () => {
  it.each(styles)('really pages by $name', async ({ there, here, bare }) => {
    const query = {
      page: integer,
      offset: integer,
      after: integer,
      limit: integer,
      cursor: { type: 'string' },
    } as const;
    const server = await startSpecServer(
      specOf({ paging: there, query, ...(!bare && { records: 'data.items' }) }),
      sizes,
    );
    const list = await read(server.url, { url: '/devices', paging: here, ...(!bare && { records: 'data.items' }) });
    await server.close();
    expect([list.ids, list.doubts, server.refused]).toEqual([ids, [], []]);
    if (there.style !== 'whole') expect(server.requests.length).toBeGreaterThanOrEqual(5);
  });

  it.each(['xml', 'csv'] as const)('writes %s', async (format) => {
    const server = await startSpecServer(
      specOf({ format, ...(format === 'xml' && { records: 'result.items.device' }) }),
      sizes,
    );
    const as: Partial<NamedSource> =
      format === 'xml' ? { format, records: 'result.items.device' } : { format: { csv: { columns: ['id', 'name'] } } };
    expect((await read(server.url, { url: '/devices', paging: { style: 'whole' }, ...as })).ids).toEqual(ids);
    await server.close();
  });

  it('really filters, sorts, and gives the lists of parents', async () => {
    const spec = specOf({
      query: { status: { type: 'string', enum: ['on', 'off'] }, sort: { type: 'string' }, order: { type: 'string' } },
      filters: { status: { field: 'status' } },
      sort: { parameter: 'sort', direction: 'order' },
    });
    const of: SpecOperation = {
      method: 'GET',
      path: '/sites/{site}/devices',
      lists: 'Device',
      of: { schema: 'Site', part: 'site', field: 'site.id' },
    };
    const server = await startSpecServer({ ...spec, operations: [...spec.operations, of] }, sizes);
    const whole = { paging: { style: 'whole' } } as const;
    const off = await read(server.url, {
      url: '/devices',
      query: { status: 'off', sort: 'id', order: 'desc' },
      ...whole,
    });
    expect(off.ids).toEqual(ids.filter((id) => Number(id) % 2 === 0).reverse());
    expect((await read(server.url, { url: '/sites/site-2/devices', ...whole })).ids).toEqual([
      '2',
      '5',
      '8',
      '11',
      '14',
      '17',
      '20',
      '23',
    ]);
    await expect(read(server.url, { url: '/sites/site-9/devices', ...whole })).rejects.toMatchObject({ status: 404 });
    server.data.change('Device', 0, null);
    server.data.change('Device', 0, { name: 'Renamed' });
    server.data.add('Device', { id: 99, name: 'New' });
    expect((await read(server.url, { url: '/devices', ...whole })).ids).toEqual([...ids.slice(1), '99']);
    await server.close();
  });

  it.each<[string, NamedSource]>([
    ['a path', { url: '/gadgets', paging: { style: 'whole' } }],
    ['a parameter', { url: '/devices', query: { colour: 'red' }, paging: { style: 'whole' } }],
    ['a value', { url: '/devices', query: { limit: 501 }, paging: { style: 'whole' } }],
    ['a body', { url: '/find', method: 'POST', json: { wrong: 1 }, paging: { style: 'whole' } }],
  ])('refuses %s that is not described', async (_name, source) => {
    const spec = specOf({ query: { limit: { type: 'integer', maximum: 500 } } });
    const find: SpecOperation = { method: 'POST', path: '/find', lists: 'Device', body: { 'page.size': integer } };
    const server = await startSpecServer({ ...spec, operations: [...spec.operations, find] }, sizes);
    await expect(read(server.url, source)).rejects.toMatchObject({ code: 'VendorRefused' });
    await server.close();
    expect(server.refused).toHaveLength(1);
  });

  it('lets in who has a token, as it is described, and nobody else', async () => {
    const token = {
      path: '/token',
      sends: 'form',
      fields: { grant_type: 'client_credentials', client_id: 'id', client_secret: 'key-1', scope: 'read' },
      answers: { access_token: '{token}', expires_in: 3600 },
    } as const;
    const spec = specOf({}, { letsIn: { headers: { authorization: 'Bearer {token}' }, token } });
    const server = await startSpecServer(spec, sizes);
    const by: SignIn = {
      style: 'client-credentials',
      url: '/token',
      clientId: 'id',
      clientSecret: '{Key}',
      fields: { scope: 'read' },
    };
    const list = { url: '/devices', paging: { style: 'whole' } } as const;
    expect((await read(server.url, list, by)).ids).toEqual(ids);
    const wrong = { ...by, fields: { scope: 'write' } };
    await expect(read(server.url, list, wrong)).rejects.toMatchObject({ code: 'VendorAuth' });
    await expect(read(server.url, list)).rejects.toMatchObject({ code: 'VendorAuth' });
    await server.close();
  });
});
