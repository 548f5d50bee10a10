import { hash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { VendorUnreachableError } from '../../../node/src/errors/vendor-errors.ts';
import { defineEntity } from '../../../node/src/integrations/define-entity.ts';
import type { OpenEntity } from '../../../node/src/integrations/entity.ts';
import { pax8 } from '../../../node/src/integrations/pax8/index.ts';
import { recordShape, type RecordOf } from '../../../node/src/reading/record-shape.ts';
import type { VendorPage } from '../../../node/src/reading/vendor-page.ts';
import type { KeptRejections } from '../../../node/src/sync/kept-rejections.ts';
import { syncAll } from '../../../node/src/sync/run.ts';
import type { SyncResult } from '../../../node/src/sync/sync.ts';
import { pax8Instance, type Pax8Instance } from './pax8-instance.ts';

const shape = recordShape({ id: 'id', name: 'text', wrong: 'text' }, { id: 'id', name: ['name'] });
type Said = RecordOf<typeof shape>;

let instance: Pax8Instance;
/** What the vendor gives, page by page; an Error in place of a page fails there. */
let pages: readonly (readonly Said[] | Error)[];
let onlyChanges: boolean;
let hours: number;
/** The client that each client's site is said to be at. */
let siteOf: unknown;
beforeEach(async () => {
  instance = await pax8Instance({ size: { companies: 1, subscriptions: 1, products: 1, contactsPerCompany: 1 } });
  [onlyChanges, hours, siteOf] = [false, 0, undefined];
});
afterEach(async () => instance[Symbol.asyncDispose]());

const ok = (id: string): Said => ({ id, name: `Client ${id}` });
const bad = (id: string, wrong = 'It has no name.'): Said => ({ ...ok(id), wrong });

/** A vendor of clients, some of which are rejected for the reason that they bring. */
const entity = defineEntity<Said>({
  name: 'Customers',
  description: 'Clients.',
  resource: 'Client',
  open: async (): Promise<OpenEntity<Said>> => ({
    source: {
      shape,
      onlyChanges: () => onlyChanges,
      keepMark: () => Promise.resolve(),
      async *pages(): AsyncGenerator<VendorPage> {
        for (const [at, records] of pages.entries()) {
          if (records instanceof Error) throw records;
          const last = at === pages.length - 1;
          yield {
            records,
            content: hash('sha256', JSON.stringify(records)),
            size: records.length,
            cursor: last ? undefined : String(at + 1),
            list: last ? { end: 'no-next' } : {},
          };
        }
      },
    },
    mapping: {
      toHalo: async (records) =>
        records.map(({ id, name, wrong }) =>
          wrong === undefined
            ? { fields: { name, toplevel_id: 1 }, ...(id && { third_party_id: String(id) }) }
            : { quarantined: name ?? '', reason: wrong ?? '' },
        ),
      basis: { value: () => Promise.resolve(1), lookUpAgain: () => Promise.resolve() },
    },
    target: {},
    missing: 'left',
    ...(siteOf !== undefined && {
      followUps: () =>
        Promise.resolve([{ resource: 'Site', records: [{ fields: { name: 'Main', client_id: siteOf } }] }]),
    }),
  }),
});

async function sync(run: string, ...given: typeof pages): Promise<SyncResult | undefined> {
  pages = given;
  const parts = await instance.parts();
  const { clock } = parts.environment;
  const later = { ...clock, now: () => new Date(clock.now().getTime() + hours * 3_600_000) };
  const { results } = await syncAll(
    { integration: 'Pax8', entities: ['Customers'], whatIf: false, runId: run },
    { ...parts, environment: { ...parts.environment, clock: later }, registry: [{ ...pax8, entities: [entity] }] },
    () => {},
    new AbortController().signal,
  );
  return results[0];
}

const path = () => join(instance.folder, 'state', 'Pax8-1-Customers.rejections');
async function list(): Promise<KeptRejections | undefined> {
  const text = await readFile(path(), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as { kept: KeptRejections }).kept;
}
const named = async () => (await list())?.rejections.map(({ id, record, run, runs }) => [id ?? record, run, runs]);

describe('the list of rejected records', () => {
  it('names each with its id, its name and its reason, since when and how often', async () => {
    await sync('one', [ok('1'), bad('2', 'No client.')], [bad('3')]);
    const [first] = (await list())?.rejections ?? [];
    expect(first).toMatchObject({ id: '2', name: 'Client 2', record: 'Client 2', reason: 'No client.', runs: 1 });
    hours = 5;
    await sync('two', [ok('1'), bad('2', 'Still none.')], [ok('3')]);
    const [again] = (await list())?.rejections ?? [];
    expect(again).toMatchObject({ id: '2', reason: 'Still none.', since: first?.since, run: 'two', runs: 2 });
    expect(Date.parse(again?.last ?? '') - Date.parse(first?.since ?? '')).toBeGreaterThan(4.9 * 3_600_000);
    expect(await named()).toHaveLength(1);
  });

  it('leaves out what a whole read brought no more, and is gone where nothing is rejected', async () => {
    await sync('one', [bad('1'), bad('2')]);
    await sync('two', [bad('2'), ok('4')]);
    expect(await named()).toEqual([['2', 'two', 2]]);
    await sync('three', [ok('2')]);
    expect(await list()).toBeUndefined();
  });

  it('keeps what a read of changes alone did not bring', async () => {
    await sync('one', [bad('1'), bad('2'), bad('3')]);
    onlyChanges = true;
    await sync('two', [ok('2'), bad('3'), bad('4')]);
    expect(new Map((await named())?.map(([id, ...more]) => [id, more]))).toEqual(
      new Map([
        ['1', ['one', 1]],
        ['3', ['two', 2]],
        ['4', ['two', 1]],
      ]),
    );
  });

  it('keeps what a read that failed did not come to, and loses what came well before that', async () => {
    await sync('one', [bad('1')], [bad('2')]);
    const request = { method: 'GET', url: 'https://vendor.example/clients' } as const;
    const failed = await sync('two', [ok('1'), bad('3')], new VendorUnreachableError(request, 'gone'));
    expect(failed?.status).toBe('failed');
    expect((await named())?.map(([id]) => id).sort()).toEqual(['2', '3']);
  });

  it('is of records without an id by what they are called', async () => {
    await sync('one', [{ name: 'Nameless', wrong: 'It has no id.' }, ok('1')]);
    await sync('two', [{ name: 'Nameless', wrong: 'It has no id.' }, ok('1')]);
    expect(await named()).toEqual([['Nameless', 'two', 2]]);
  });

  it('names so many, and counts the others', async () => {
    const many = Array.from({ length: 5200 }, (_, at) => bad(`${at}`));
    await sync('one', many);
    expect([(await list())?.left, (await list())?.rejections.length]).toEqual([200, 5000]);
    await sync('two', many.slice(5100));
    expect([(await list())?.left, (await list())?.rejections.length]).toEqual([0, 100]);
  });

  it('forgets what was not tried for as long as the record of runs is kept', async () => {
    await sync('one', [bad('1')]);
    onlyChanges = true;
    hours = 91 * 24;
    await sync('two', [bad('2')]);
    expect(await named()).toEqual([['2', 'two', 1]]);
  });

  it('is made anew where its file was edited', async () => {
    await sync('one', [bad('1')]);
    await writeFile(path(), '{"kept":{"rejections":7}}');
    expect((await sync('two', [bad('1')]))?.rejected).toBe(1);
    expect(await named()).toEqual([['1', 'two', 1]]);
  });

  it('has what hangs on a record, which is tried again though the vendor says the same', async () => {
    siteOf = 'nobody';
    expect((await sync('one', [ok('1')]))?.rejected).toBe(1);
    expect((await sync('two', [ok('1')]))?.rejected).toBe(1);
    expect(await named()).toEqual([['Site Main', 'two', 2]]);
    siteOf = 1;
    expect((await sync('three', [ok('1')]))?.rejected).toBe(0);
    expect(await list()).toBeUndefined();
  });
});
