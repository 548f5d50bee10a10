import { describe, expect, it } from '@jest/globals';
import type { SettingsRow } from '../../../node/src/halo-api/halo-api.ts';
import { openTenants, type Tenant } from '../../../node/src/integrations/kit/sources/from-tenants.ts';
import { readBatched } from '../../../node/src/integrations/kit/sources/json-batch.ts';
import { openTenantChanges, type StoredLinks } from '../../../node/src/integrations/kit/sources/tenant-changes.ts';
import type { CompletedRun } from '../../../node/src/integrations/marked-source.ts';
import type { DeclaredSource } from '../../../node/src/integrations/kit/sources/declared-source.ts';
import { openApi, type VendorApi } from '../../../node/src/integrations/kit/vendor-api.ts';
import { recordShape } from '../../../node/src/reading/record-shape.ts';
import type { VendorPage } from '../../../node/src/reading/vendor-page.ts';
import { apiContext, scriptedVendor, type GotRequest, type Said, type ScriptedVendor } from './scripted-vendor.ts';

const tenants: readonly Tenant[] = ['A', 'B', 'C'].map((id) => ({ id, name: `Tenant ${id}` }));
const shape = recordShape({ id: 'text', name: 'text', gone: 'boolean' }, { id: 'id', name: ['name'] });
type Person = { readonly id?: string | null | undefined; readonly gone?: boolean | null | undefined };
const people: DeclaredSource<Person> = {
  shape,
  url: '/people',
  records: 'value',
  paging: { style: 'link', next: 'next' },
};

const apiOf = (vendor: ScriptedVendor) => {
  const declared = { integration: 'Acme', address: `${vendor.url}/{tenant}`, signIn: { style: 'none' } } as const;
  return ({ id }: Tenant): VendorApi => openApi(declared, apiContext({}), { tenant: id });
};
const context = (cursor?: string, warnings: string[] = []) => ({
  signal: new AbortController().signal,
  warn: (message: string) => void warnings.push(message),
  ...(cursor !== undefined && { cursor }),
});
/** What a reading brings as "tenant:record", and what it throws in the end. */
async function read(pages: AsyncIterable<VendorPage>, upTo = Infinity) {
  const [came, all]: [string[], VendorPage[]] = [[], []];
  try {
    for await (const page of pages) {
      all.push(page);
      for (const one of page.records as { tenant: Tenant; record: Person }[])
        came.push(`${one.tenant.id}:${one.record.id}`);
      if (all.length === upTo) break;
    }
  } catch (error) {
    return { came, all, error: error as Error };
  }
  return { came, all, error: undefined };
}

/** Each tenant has two pages; one may refuse. */
const twoPages =
  (refuses?: string) =>
  ({ path, query }: GotRequest): Said => {
    const tenant = path.split('/')[1] ?? '';
    if (tenant === refuses) return { status: 404 };
    return query['page'] === '2'
      ? { body: { value: [{ id: `${tenant}2` }] } }
      : { body: { value: [{ id: `${tenant}1` }], next: `?page=2` } };
  };

describe('the lists of several tenants', () => {
  it('come one after the other, each signed in to by itself, and are proven one by one', async () => {
    await using vendor = await scriptedVendor(twoPages());
    const reading = openTenants(tenants, context(), apiOf(vendor));
    const source = reading.source(people);
    const { came, all } = await read(source.pages());
    expect(came).toEqual(['A:A1', 'A:A2', 'B:B1', 'B:B2', 'C:C1', 'C:C2']);
    expect(all.map(({ list }) => [list?.name, list?.begins, list?.end])).toEqual(
      ['A', 'B', 'C'].flatMap((name) => [
        [name, true, undefined],
        [name, false, 'no-next'],
      ]),
    );
    expect([...reading.ended]).toEqual(['a', 'b', 'c']);
    expect([source.shape.idOf(all[0]?.records[0]), all.at(-1)?.cursor]).toEqual(['A1', undefined]);
  });

  it('go on within the tenant where they stopped, and know which were read to their end', async () => {
    await using vendor = await scriptedVendor(twoPages());
    const first = await read(openTenants(tenants, context(), apiOf(vendor)).source(people).pages(), 3);
    const reading = openTenants(tenants, context(first.all[2]?.cursor), apiOf(vendor));
    expect((await read(reading.source(people).pages())).came).toEqual(['B:B2', 'C:C1', 'C:C2']);
    expect([...reading.ended].toSorted()).toEqual(['a', 'b', 'c']);
    // A tenant that is no longer there was not read.
    const without = openTenants(tenants.slice(1), context(first.all[2]?.cursor), apiOf(vendor));
    expect([...without.ended]).toEqual([]);
    // What is no cursor of ours begins anew.
    for (const damaged of ['nonsense', 'null', '{"tenant":7,"ended":{}}', '{"ended":["a"]}']) {
      const anew = openTenants(tenants, context(damaged), apiOf(vendor)).source(people);
      expect((await read(anew.pages())).came).toHaveLength(6);
    }
  });

  it('are not whole where one fails, whose error comes once the others are read', async () => {
    await using vendor = await scriptedVendor(twoPages('B'));
    const warnings: string[] = [];
    const reading = openTenants(tenants, context(undefined, warnings), apiOf(vendor));
    const { came, all, error } = await read(reading.source(people).pages());
    expect(came).toEqual(['A:A1', 'A:A2', 'C:C1', 'C:C2']);
    expect(all.map(({ incomplete }) => incomplete === true)).toEqual([false, false, true, true, true]);
    expect([all.at(-1)?.cursor, [...reading.ended]]).toEqual([undefined, ['a', 'c']]);
    expect(error).toMatchObject({ code: 'VendorRefused' });
    expect(warnings).toEqual([expect.stringContaining('The tenant "Tenant B" could not be read')]);
  });

  it('pass over a tenant that is not to be read, which then is none that was', async () => {
    await using vendor = await scriptedVendor(twoPages());
    const reading = openTenants(tenants, context(), apiOf(vendor));
    const source = reading.source(people, async ({ id }) => id !== 'B');
    expect((await read(source.pages())).came).toEqual(['A:A1', 'A:A2', 'C:C1', 'C:C2']);
    expect([...reading.ended]).toEqual(['a', 'c']);
  });
});

describe('what changed of several tenants', () => {
  const changes: DeclaredSource<Person> = {
    ...people,
    url: '/changes',
    paging: { style: 'link', next: 'next', delta: 'delta' },
  };
  /** Links as they are kept in Halo. */
  function kept(links: Record<string, string>): StoredLinks & { readonly kept: Record<string, string> } {
    return {
      kept: links,
      question: 'people',
      usableFor: () => true,
      stored: async ({ id }) => links[id] || undefined,
      rows: (all) =>
        Object.entries(all).map(([tenant, link]): SettingsRow => ({ table: 't', known: { tenant }, values: { link } })),
    };
  }
  async function run(vendor: ScriptedVendor, links: StoredLinks, cursor?: string, upTo?: number) {
    const warnings: string[] = [];
    const api = apiOf(vendor);
    const reading = openTenants(tenants.slice(0, 2), context(cursor, warnings), api);
    const opened = openTenantChanges<Tenant, Person>(reading, {
      ...{ links, list: people, changes, noun: 'people', retriesRejected: true },
      expiredBy: /too old/,
      whole: { url: '/$batch', atOnce: 2, pathOf: (one) => (one.gone || !one.id ? undefined : `/people/${one.id}`) },
      warn: (message) => void warnings.push(message),
    });
    const source = opened.source(async () => {});
    const result = await read(source.pages(), upTo);
    const markOf = (run: CompletedRun) => source.readMark(run);
    const rows = Object.fromEntries(
      markOf({ rejected: 0, missingLeft: false }).map(({ known, values }) => [known['tenant'], values['link']]),
    );
    return { ...result, opened, rows, warnings, markOf };
  }
  /** A vendor whose changes since a link are one person and one that went; `expired` refuses the links of a tenant. */
  const answers =
    (expired?: string) =>
    ({ path, query, body }: GotRequest): Said => {
      const tenant = path.split('/')[1] ?? '';
      if (path.endsWith('/$batch')) {
        const { requests } = JSON.parse(body) as { requests: { id: string; url: string }[] };
        return {
          body: {
            responses: requests.map(({ id, url }) => ({
              id,
              status: 200,
              body: { id: url.split('/').at(-1), name: 'whole' },
            })),
          },
        };
      }
      if (query['since'] === undefined)
        return { body: { value: [{ id: `${tenant}all` }], delta: `/${tenant}/changes?since=1` } };
      if (tenant === expired) return { status: 400, body: { error: 'the link is too old' } };
      return {
        body: {
          value: [{ id: `${tenant}new` }, { id: `${tenant}old`, gone: true }],
          delta: `/${tenant}/changes?since=2`,
        },
      };
    };

  it('is everything first, and then what the links bring, whole where a part of it came', async () => {
    await using vendor = await scriptedVendor(answers());
    const first = await run(vendor, kept({}));
    expect([first.came, first.opened.whole()]).toEqual([['A:Aall', 'B:Ball'], true]);
    expect([
      first.markOf({ rejected: 1, missingLeft: false }),
      first.markOf({ rejected: 0, missingLeft: true }),
    ]).toEqual([[], []]);
    expect(first.rows).toEqual({ A: `${vendor.url}/A/changes?since=1`, B: `${vendor.url}/B/changes?since=1` });
    const second = await run(vendor, kept(first.rows as Record<string, string>));
    expect(second.came).toEqual(['A:Aold', 'A:Anew', 'B:Bold', 'B:Bnew']);
    expect(second.opened.whole()).toBe(false);
    const [{ record }] = second.all[0]?.records.slice(1) as [{ record: Person }];
    expect([record, second.opened.isChange(record)]).toEqual([{ id: 'Anew', name: 'whole' }, true]);
    expect(second.rows).toMatchObject({ A: `${vendor.url}/A/changes?since=2` });
  });

  it('is everything of every tenant where one has no link', async () => {
    await using vendor = await scriptedVendor(answers());
    const { came, opened } = await run(vendor, kept({ A: `${vendor.url}/A/changes?since=1` }));
    expect([came, opened.whole()]).toEqual([['A:Aall', 'B:Ball'], true]);
  });

  it('of a tenant whose link has expired is everything, and the next run reads all whole', async () => {
    await using vendor = await scriptedVendor(answers('B'));
    const links = { A: `${vendor.url}/A/changes?since=1`, B: `${vendor.url}/B/changes?since=1` };
    const { came, opened, rows, warnings } = await run(vendor, kept(links));
    expect(came).toEqual(['A:Aold', 'A:Anew', 'B:Ball']);
    expect([opened.whole(), rows['B']]).toEqual([false, '']);
    expect(warnings).toEqual([expect.stringMatching(/link of the tenant "Tenant B" has expired: all its people/)]);
  });

  it('goes on as it began: a whole read whole, and by other links where something else is asked', async () => {
    await using vendor = await scriptedVendor(answers());
    const stopped = await run(vendor, kept({}), undefined, 1);
    const links = { A: `${vendor.url}/A/changes?since=1`, B: `${vendor.url}/B/changes?since=1` };
    const cursor = stopped.all[0]?.cursor;
    const on = await run(vendor, kept(links), cursor);
    expect([on.came, on.opened.whole(), Object.keys(on.rows)]).toEqual([['B:Ball'], true, ['A', 'B']]);
    const other = await run(vendor, { ...kept(links), question: 'other people' }, cursor);
    expect(Object.keys(other.rows)).toEqual(['B']);
  });
});

describe('many reads in one request', () => {
  const batch = { url: '/$batch', atOnce: 2 };
  const asked = ({ body }: GotRequest) => (JSON.parse(body) as { requests: { id: string; url: string }[] }).requests;

  it('come in order, without what is not there, and those alone are asked again that were throttled', async () => {
    let throttled = true;
    await using vendor = await scriptedVendor((request) => {
      const responses = asked(request).map(({ id, url }) => {
        if (url === '/c') return { id, status: 404 };
        if (url === '/b' && throttled) {
          throttled = false;
          return { id, status: 429, headers: { 'Retry-After': '7' } };
        }
        return { id, status: 200, body: { url } };
      });
      return { body: { responses: responses.reverse() } };
    });
    const context = apiContext({});
    const api = openApi({ integration: 'Acme', address: vendor.url, signIn: { style: 'none' } }, context);
    expect(await readBatched(['/a', '/b', '/c'], batch, api)).toEqual([{ url: '/a' }, { url: '/b' }, undefined]);
    expect(vendor.requests.map((one) => asked(one).map(({ url }) => url))).toEqual([['/a', '/b'], ['/b'], ['/c']]);
    expect((context.clock as unknown as { waits: number[] }).waits).toEqual([7000]);
  });

  it('are read as they come, be ids numbers and statuses texts', async () => {
    const odd = [null, 7, { id: 0, status: '200', headers: 'none', body: { url: '/a' } }];
    await using vendor = await scriptedVendor(() => ({ body: { responses: odd } }));
    const api = openApi({ integration: 'Acme', address: vendor.url, signIn: { style: 'none' } }, apiContext({}));
    expect(await readBatched(['/a'], batch, api)).toEqual([{ url: '/a' }]);
  });

  it.each([
    [{ responses: [{ id: '0', status: 403 }] }, 'VendorForbidden'],
    [{ responses: [null] }, 'VendorAnswer'],
    [{ responses: [{ id: '0', status: 429 }] }, 'VendorThrottled'],
    [{ responses: [{ id: '0', status: 503 }] }, 'VendorUnreachable'],
    [{ responses: [{ id: '0', status: 400 }] }, 'VendorRefused'],
    [{ responses: [] }, 'VendorAnswer'],
    [{}, 'VendorAnswer'],
    ['no JSON', 'VendorAnswer'],
  ])('end with what the vendor says of one: %p', async (body, code) => {
    await using vendor = await scriptedVendor(() => ({ body }));
    const api = openApi({ integration: 'Acme', address: vendor.url, signIn: { style: 'none' } }, apiContext({}));
    await expect(readBatched(['/a'], batch, api)).rejects.toMatchObject({ code });
  });
});
