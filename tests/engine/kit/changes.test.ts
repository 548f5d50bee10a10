import * as fs from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import type { ChangesSource } from '../../../node/src/integrations/changes-source.ts';
import { defineEntity } from '../../../node/src/integrations/define-entity.ts';
import type { KeptTexts } from '../../../node/src/integrations/kept-texts.ts';
import type { Changes, DeclaredSource } from '../../../node/src/integrations/kit/sources/declared-source.ts';
import { openSource } from '../../../node/src/integrations/kit/sources/open-source.ts';
import { openApi, type DeclaredApi } from '../../../node/src/integrations/kit/vendor-api.ts';
import { pax8 } from '../../../node/src/integrations/pax8/index.ts';
import { recordShape } from '../../../node/src/reading/record-shape.ts';
import { syncAll } from '../../../node/src/sync/run.ts';
import { pax8Instance } from '../sync/pax8-instance.ts';
import { apiContext, named, scriptedVendor, skippingClock, type GotRequest, type Said } from './scripted-vendor.ts';

const hour = 3_600_000;

/** Keeps texts in memory. */
function memory(settings = 'these'): KeptTexts & { readonly texts: Map<string, string> } {
  const texts = new Map<string, string>();
  return {
    settings,
    texts,
    read: async (name) => texts.get(name),
    write: async (name, text) => void texts.set(name, text),
  };
}

/** Reads a list of changes as a run does; how it was asked, and what came. */
async function run(
  answer: (request: GotRequest) => Said,
  changes: Changes,
  kept: KeptTexts,
  options: {
    readonly clock?: ReturnType<typeof skippingClock>;
    readonly source?: Partial<DeclaredSource>;
    readonly rejected?: number;
    /** Stops after so many pages. */
    readonly pages?: number;
    readonly cursor?: string | undefined;
    readonly connection?: number;
  } = {},
) {
  const { clock = skippingClock(), rejected = 0 } = options;
  await using vendor = await scriptedVendor(answer);
  const declared: DeclaredApi = { integration: 'Acme', address: vendor.url, signIn: { style: 'none' } };
  const context = apiContext({}, { clock });
  const connection = { ...context.connection, id: options.connection ?? 1 };
  const api = openApi(declared, { ...context, connection });
  const whole: DeclaredSource = {
    shape: named,
    url: '/list',
    records: 'items',
    paging: { style: 'cursor', parameter: 'cursor', next: 'next' },
    changes,
    ...options.source,
  };
  const source = openSource(whole, api, { warn: () => {}, kept, cursor: options.cursor }) as ChangesSource;
  const ids: string[] = [];
  let cursor: string | undefined;
  let count = 0;
  for await (const page of source.pages()) {
    ids.push(...page.records.map((record) => String((record as { id: unknown }).id)));
    cursor = page.cursor;
    if (++count === options.pages) return { ids, cursor, only: source.onlyChanges(), requests: vendor.requests };
  }
  await source.keepMark({ rejected, missingLeft: false });
  return { ids, cursor, only: source.onlyChanges(), requests: vendor.requests };
}

describe('a list that is asked for what changed', () => {
  const since: Changes = { parameters: { updatedAt__gt: '{since}' } };
  const answer = ({ query }: GotRequest): Said =>
    query['updatedAt__gt'] === undefined
      ? { body: query['cursor'] ? { items: [{ id: 3 }] } : { items: [{ id: 1 }, { id: 2 }], next: 'c1' } }
      : { body: { items: [{ id: 9 }], next: query['cursor'] ? null : 'c1' } };

  it('is read whole first, then from a little before the last read began', async () => {
    const kept = memory();
    const clock = skippingClock();
    const first = await run(answer, since, kept, { clock });
    expect([first.ids, first.only]).toEqual([['1', '2', '3'], false]);
    clock.time += hour;
    const second = await run(answer, since, kept, { clock });
    expect([second.ids, second.only]).toEqual([['9', '9'], true]);
    expect(second.requests.map(({ query }) => query['updatedAt__gt'])).toEqual(
      Array(2).fill('2025-12-31T23:50:00.000Z'),
    );
    clock.time += hour;
    const third = await run(answer, since, kept, { clock });
    expect(third.requests[0]?.query['updatedAt__gt']).toBe('2026-01-01T00:50:00.000Z');
  });

  it.each<[string, (kept: ReturnType<typeof memory>, clock: ReturnType<typeof skippingClock>) => object]>([
    ['a day later', (_kept, clock) => ((clock.time += 25 * hour), {})],
    ['when the clock was put back', (_kept, clock) => ((clock.time -= hour), {})],
    ['with other settings', () => ({ settings: 'others' })],
    ['of another connection', () => ({ connection: 2 })],
    ['asked for otherwise', () => ({ source: { query: { status: 'on' } } })],
    [
      'when what was kept is damaged',
      (kept) => (kept.texts.forEach((_text, name) => kept.texts.set(name, '{"at": 1')), {}),
    ],
  ])('is read whole again %s', async (_name, change) => {
    const kept = memory();
    const clock = skippingClock();
    await run(answer, since, kept, { clock });
    const { settings, ...options } = { settings: 'these', ...change(kept, clock) };
    expect((await run(answer, since, { ...kept, settings }, { clock, ...options })).only).toBe(false);
  });

  it('is asked for the same again where something was set aside, or the read did not come to its end', async () => {
    const kept = memory();
    await run(answer, since, kept, { rejected: 1 });
    expect(kept.texts.size).toBe(0);
    await run(answer, since, kept, { pages: 1 });
    expect(kept.texts.size).toBe(0);
  });

  it('goes on as it began, however late that is', async () => {
    const kept = memory();
    const clock = skippingClock();
    const broken = await run(answer, since, kept, { clock, pages: 1 });
    clock.time += 30 * hour;
    const rest = await run(answer, since, kept, { clock, cursor: broken.cursor });
    expect([rest.ids, rest.only]).toEqual([['3'], false]);
    clock.time += hour;
    const changed = await run(answer, since, kept, { clock });
    // The whole read began thirty hours ago.
    expect(changed.only).toBe(false);
    const part = await run(answer, since, kept, { clock, pages: 1 });
    expect(part.only).toBe(true);
    clock.time += 48 * hour;
    const later = await run(answer, since, kept, { clock, cursor: part.cursor });
    expect([later.only, later.requests.map(({ query }) => query['cursor'])]).toEqual([true, ['c1']]);
  });

  it.each([
    ['epoch-seconds', '1767222000'],
    ['epoch-milliseconds', '1767222000000'],
    [(at: Date) => `gt ${at.getUTCFullYear()}`, 'gt 2025'],
  ] as const)('writes the moment as %s', async (as, expected) => {
    const kept = memory();
    await run(answer, { ...since, as, overlapMinutes: 60 }, kept);
    const { requests } = await run(answer, { ...since, as, overlapMinutes: 60 }, kept);
    expect(requests[0]?.query['updatedAt__gt']).toBe(expected);
  });

  it('may be asked in the body', async () => {
    const kept = memory();
    const source: Partial<DeclaredSource> = {
      method: 'POST',
      json: { filters: { kind: 'x' } },
      paging: { style: 'whole' },
    };
    const changes: Changes = { parameters: { 'filters.updated_at': '{since}' }, as: 'epoch-seconds' };
    const bodies = async () =>
      (await run(() => ({ body: { items: [] } }), changes, kept, { source })).requests.map(
        ({ body }) => JSON.parse(body) as unknown,
      );
    expect(await bodies()).toEqual([{ filters: { kind: 'x' } }]);
    expect(await bodies()).toEqual([{ filters: { kind: 'x', updated_at: '1767225000' } }]);
  });
});

describe('a list with the latest first', () => {
  it('ends with the page that comes to the moment of the last read', async () => {
    const at = (minutes: number): string =>
      new Date(Date.parse('2026-01-01T00:00:00Z') + minutes * 60_000).toISOString();
    const rows = [90, 70, 5, -5, -30, -40, -50, -60].map((minutes, index) => ({ id: index + 1, changed: at(minutes) }));
    const kept = memory();
    const clock = skippingClock();
    const source: Partial<DeclaredSource> = {
      paging: { style: 'offset', parameter: 'offset', size: { parameter: 'limit', value: 2 }, total: 'total' },
      query: { sort: 'changed', order: 'desc' },
    };
    const answer = ({ query }: GotRequest): Said => {
      const from = Number(query['offset']);
      return { body: { items: rows.slice(from, from + 2), total: 8 } };
    };
    const changes: Changes = { latestFirstBy: 'changed' };
    expect((await run(answer, changes, kept, { clock, source })).ids).toHaveLength(8);
    clock.time += 2 * hour;
    const second = await run(answer, changes, kept, { clock, source });
    expect([second.ids, second.only]).toEqual([['1', '2', '3', '4', '5', '6'], true]);
  });
});

describe('a link to what changed', () => {
  const source: Partial<DeclaredSource> = { paging: { style: 'link', next: 'next', delta: 'delta' } };
  const answer = ({ headers, query }: GotRequest): Said =>
    query['token'] === 'old'
      ? { body: { items: [{ id: 7 }], delta: `http://${headers.host}/list?token=newer` } }
      : { body: { items: [{ id: 1 }], delta: `http://${headers.host}/list?token=old` } };

  it('is kept, followed, and replaced', async () => {
    const kept = memory();
    // The same vendor each time: its links are its own.
    await using vendor = await scriptedVendor(answer);
    const api = openApi({ integration: 'Acme', address: vendor.url, signIn: { style: 'none' } }, apiContext({}));
    const read = async () => {
      const whole = { shape: named, url: '/list', records: 'items', changes: {}, ...source } as DeclaredSource;
      const open = openSource(whole, api, { warn: () => {}, kept }) as ChangesSource;
      for await (const page of open.pages()) expect(page.records).toHaveLength(1);
      await open.keepMark({ rejected: 0, missingLeft: false });
      return open.onlyChanges();
    };
    expect([await read(), await read()]).toEqual([false, true]);
    expect(vendor.requests.map(({ query }) => query['token'])).toEqual([undefined, 'old']);
    expect([...kept.texts.values()].join()).toContain('newer');
  });
});

describe('a sync of what changed', () => {
  it('deactivates nothing until the list is read whole again', async () => {
    await using instance = await pax8Instance({
      entities: { Subscriptions: true },
      sync: { MaxDeactivatePercent: 100 },
    });
    const all = new Map([1, 2, 3].map((id) => [id, { id, name: `Licence ${id}`, count: 5 }]));
    await using vendor = await scriptedVendor(({ query }) => ({
      body: [...all.values()].filter(({ count }) => query['since'] === undefined || count !== 5),
    }));
    const shape = recordShape({ id: 'id', name: 'text', count: 'number' }, { id: 'id', name: ['name'] });
    const source = {
      shape,
      url: '/list',
      paging: { style: 'whole' },
      changes: { parameters: { since: '{since}' } },
    } as const;
    const licences = defineEntity<{ id?: string | number | null; name?: string | null; count?: number | null }>({
      name: 'Subscriptions',
      description: 'Licences.',
      resource: 'SoftwareLicence',
      open: async (context) => ({
        source: openSource(
          source,
          openApi({ integration: 'Pax8', address: vendor.url, signIn: { style: 'none' } }, context),
          context,
        ),
        mapping: {
          toHalo: async (records) =>
            records.map(({ id, name, count }) => ({
              fields: { name, count, client_id: 1, is_active: true },
              third_party_id: String(id),
            })),
        },
        target: { matchFields: [] },
        missing: 'deactivated',
      }),
    });
    let ahead = 0;
    const sync = async () => {
      const parts = await instance.parts();
      const clock = { ...parts.environment.clock, now: () => new Date(Date.now() + ahead) };
      const report = await syncAll(
        { whatIf: false },
        { ...parts, registry: [{ ...pax8, entities: [licences] }], environment: { ...parts.environment, clock } },
        () => {},
        new AbortController().signal,
      );
      return report.results[0];
    };
    expect(await sync()).toMatchObject({ status: 'succeeded', read: 3, created: 3 });
    all.delete(3);
    all.set(1, { id: 1, name: 'Licence 1', count: 6 });
    expect(await sync()).toMatchObject({ status: 'succeeded', read: 1, updated: 1, deactivated: 0 });
    ahead = 25 * hour;
    expect(await sync()).toMatchObject({ status: 'succeeded', read: 2, unchanged: 2, deactivated: 1 });
    expect((await fs.readdir(`${instance.folder}/state`)).some((name) => /^Pax8-since-\w+\.text$/.test(name))).toBe(
      true,
    );
  });
});
