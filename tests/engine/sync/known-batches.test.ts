import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Row } from '../../../node/src/database/database.ts';
import { syncAll } from '../../../node/src/sync/run.ts';
import type { SyncResult } from '../../../node/src/sync/sync.ts';
import { expectSameRows } from '../runs/table-contents.ts';
import { pax8Instance, type Pax8Instance } from './pax8-instance.ts';

const size = { companies: 12, subscriptions: 1000, products: 30, contactsPerCompany: 1 };
/** Two pages a batch: five pages are three batches. */
const batches = { BatchSize: 400 };

async function syncs(instance: Pax8Instance, entity = 'Subscriptions', hours = 0): Promise<SyncResult> {
  const parts = await instance.parts();
  const { clock } = parts.environment;
  const later = { ...clock, now: () => new Date(clock.now().getTime() + hours * 3_600_000) };
  const environment = { ...parts.environment, clock: later };
  const request = { integration: 'Pax8', entities: [entity], whatIf: false };
  const signal = new AbortController().signal;
  const { results } = await syncAll(request, { ...parts, environment }, () => {}, signal);
  return results[0] as SyncResult;
}

interface Known {
  readonly batches: readonly { readonly pages: readonly unknown[]; readonly comparedAt: string }[];
}

/** When each batch was last read and compared. */
async function comparedAt(instance: Pax8Instance): Promise<readonly string[]> {
  const known = await readFile(join(instance.folder, 'state', 'Pax8-1-Subscriptions.known'), 'utf8').catch(() => '');
  return known === '' ? [] : (JSON.parse(known) as { kept: Known }).kept.batches.map((batch) => batch.comparedAt);
}

async function change(instance: Pax8Instance, table: string, set: Row, column: string, key: number): Promise<void> {
  await using session = await instance.database.session('test');
  await session.transaction((transaction) => transaction.update(table, set, { column, is: 'equal', value: key }));
}

const among =
  (others: readonly string[]) =>
  (one: string): boolean =>
    others.includes(one);
const counts = ({ read, created, updated, unchanged, rejected, deactivated }: SyncResult) => ({
  read,
  created,
  updated,
  unchanged,
  rejected,
  deactivated,
});
const unchanged = { read: 1000, created: 0, updated: 0, unchanged: 1000, rejected: 0, deactivated: 0 };

describe('pages that come as they were before', () => {
  let instance: Pax8Instance;
  const licences = async (): Promise<number[]> => {
    const rows = await instance.database.read({ from: 'Licence', columns: ['LID'], orderBy: [{ column: 'LID' }] });
    return rows.map((row) => Number(row['LID']));
  };

  beforeAll(async () => {
    instance = await pax8Instance({ size, sync: batches });
    for (const entity of ['Customers', 'Subscriptions']) await syncs(instance, entity);
  });
  afterAll(async () => instance[Symbol.asyncDispose]());

  it('are not read again where Halo holds what came of them', async () => {
    const before = await comparedAt(instance);
    expect(before).toHaveLength(3);
    const result = await syncs(instance);
    expect([result.status, counts(result)]).toEqual(['succeeded', unchanged]);
    expect(await comparedAt(instance)).toEqual(before);
  });

  it('are read where the vendor changed one record, and only those', async () => {
    const before = await comparedAt(instance);
    instance.sandbox.change('subscriptions', 450, { quantity: 77 });
    expect(counts(await syncs(instance))).toEqual({ ...unchanged, updated: 1, unchanged: 999 });
    expect(before.filter(among(await comparedAt(instance)))).toHaveLength(2);
    // Where others may write meanwhile, a batch that was not new is compared once more.
    expect(counts(await syncs(instance))).toEqual(unchanged);
    const after = await comparedAt(instance);
    expect(before.filter(among(after))).toHaveLength(2);
    expect(counts(await syncs(instance))).toEqual(unchanged);
    expect(await comparedAt(instance)).toEqual(after);
  });

  it('are read where somebody changed a record in Halo, which is put right', async () => {
    const [first = 0, second = 0] = await licences();
    await change(instance, 'Licence', { LCount: 4711 }, 'LID', first);
    await change(instance, 'ExternalLink', { ELThirdPartyDesc: 'renamed' }, 'ELHaloId', second);
    expect(counts(await syncs(instance))).toEqual({ ...unchanged, updated: 1, unchanged: 999 });
    const [row] = await instance.database.read({
      from: 'Licence',
      columns: ['LCount', { column: 'link.ELThirdPartyDesc', as: 'said' }],
      joins: [{ kind: 'inner', table: 'ExternalLink', as: 'link', on: [['LID', 'link.ELHaloId']] }],
      where: { column: 'LID', is: 'equal', value: second },
    });
    expect(row?.['said']).not.toBe('renamed');
    expect(await instance.database.count('Licence', { column: 'LCount', is: 'equal', value: 4711 })).toBe(0);
  });

  it('are read where a link is gone', async () => {
    const [first = 0] = await licences();
    await change(instance, 'ExternalLink', { ELModuleId: 99 }, 'ELHaloId', first);
    expect((await syncs(instance)).created).toBe(1);
    expect(counts(await syncs(instance))).toEqual(unchanged);
  });

  it('are read where a company is another client now', async () => {
    const [link] = await instance.database.read({
      from: 'ExternalLink',
      columns: ['ELid', 'ELHaloId'],
      where: {
        all: [
          { column: 'ELTableId', is: 'equal', value: 1 },
          { column: 'ELHaloId', is: 'equal', value: await clientWithLicences() },
        ],
      },
    });
    const others = await instance.database.count('Licence', {
      column: 'Larea',
      is: 'equal',
      value: Number(link?.['ELHaloId']),
    });
    await change(instance, 'ExternalLink', { ELHaloId: 1 }, 'ELid', Number(link?.['ELid']));
    const result = await syncs(instance);
    expect(result.updated).toBe(others);
    expect(others).toBeGreaterThan(10);
    expect(counts(await syncs(instance))).toEqual(unchanged);
  });

  async function clientWithLicences(): Promise<number> {
    const [row] = await instance.database.read({
      from: 'Licence',
      columns: ['Larea'],
      orderBy: [{ column: 'LID' }],
      limit: 1,
      offset: 500,
    });
    return Number(row?.['Larea']);
  }

  it('are read where the settings changed, and once a day in any case', async () => {
    const before = await comparedAt(instance);
    expect(counts(await syncs(instance, 'Subscriptions', 23))).toEqual(unchanged);
    expect(await comparedAt(instance)).toEqual(before);
    expect(counts(await syncs(instance, 'Subscriptions', 25))).toEqual(unchanged);
    const daily = await comparedAt(instance);
    expect(before.filter(among(daily))).toEqual([]);
    const settings = await readFile(instance.settingsPath, 'utf8');
    await writeFile(instance.settingsPath, settings.replace('"BatchSize":400', '"BatchSize":600'));
    expect(counts(await syncs(instance))).toEqual(unchanged);
    expect(await comparedAt(instance)).toHaveLength(2);
  });

  it('count as there where what is missing is deactivated', async () => {
    await change(instance, 'Pax8Details', { pa8deactivatemissinglicenses: true }, 'pa8id', 1);
    expect(counts(await syncs(instance)).deactivated).toBe(0);
    expect(counts(await syncs(instance))).toEqual(unchanged);
    const active = { column: 'LIsActive', is: 'equal', value: true } as const;
    const before = await instance.database.count('Licence', active);
    for (let index = 990; index < 1000; index++) instance.sandbox.change('subscriptions', index, null);
    const { read, deactivated } = await syncs(instance);
    expect(read).toBe(990);
    expect(deactivated).toBeGreaterThan(5);
    expect(await instance.database.count('Licence', active)).toBe(before - deactivated);
  });
});

describe('what was kept of pages', () => {
  const file = (instance: Pax8Instance): string => join(instance.folder, 'state', 'Pax8-1-Subscriptions.known');

  it('does not hide that a third-party id is linked twice', async () => {
    await using instance = await pax8Instance({ size, sync: batches });
    for (const entity of ['Customers', 'Subscriptions']) await syncs(instance, entity);
    await change(instance, 'Pax8Details', { pa8deactivatemissinglicenses: true }, 'pa8id', 1);
    await using session = await instance.database.session('test');
    const [link = {}] = await instance.database.read({
      from: 'ExternalLink',
      columns: ['ELTableId', 'ELModuleId', 'ELDetailsId', 'ELThirdPartyId', 'ELIsPrimary'],
      where: { column: 'ELTableId', is: 'equal', value: 5 },
      limit: 1,
    });
    const copy = { LDesc: 'A copy', LCount: 1, LIsActive: true, LPurchaseDate: new Date() };
    await session.transaction(async (transaction) => {
      const [key = 0] = await transaction.insert('Licence', [copy], { column: 'LID' });
      await transaction.insert('ExternalLink', [{ ...link, ELHaloId: key }]);
    });
    expect(counts(await syncs(instance))).toEqual({ ...unchanged, unchanged: 999, rejected: 1 });
    const where = { column: 'LDesc', is: 'equal', value: 'A copy' } as const;
    expect(await instance.database.read({ from: 'Licence', columns: ['LIsActive'], where })).toEqual([
      { LIsActive: true },
    ]);
  });

  it('counts as nothing where the file was changed, or cannot be read', async () => {
    await using instance = await pax8Instance({ size, sync: batches });
    for (const entity of ['Customers', 'Subscriptions']) await syncs(instance, entity);
    const kept = await readFile(file(instance), 'utf8');
    for (const content of ['', 'null', '[]', '{"kept":{}}', kept.replace('"ids":[[', '"ids":[[9'), kept.slice(0, -9)]) {
      await writeFile(file(instance), content);
      expect(counts(await syncs(instance))).toEqual(unchanged);
    }
    await rm(file(instance));
    await mkdir(file(instance));
    expect((await syncs(instance)).status).toBe('succeeded');
    expect(await instance.logged()).toContain('Subscriptions.known cannot be used');
  });

  it('needs nothing looked up that the records no longer need', async () => {
    await using instance = await pax8Instance({ size, sync: batches });
    await syncs(instance, 'Customers');
    instance.sandbox.faults.withoutProductNames = true;
    expect((await syncs(instance)).created).toBe(1000);
    instance.sandbox.faults.withoutProductNames = false;
    instance.sandbox.faults.malformed('/v1/products');
    for (let time = 0; time < 2; time++) {
      const result = await syncs(instance);
      expect([result.status, counts(result)]).toEqual(['succeeded', unchanged]);
    }
  });

  it('does not last where the clock was ahead', async () => {
    await using instance = await pax8Instance({ size, sync: batches });
    await syncs(instance, 'Customers');
    await syncs(instance, 'Subscriptions', 9000);
    const ahead = await comparedAt(instance);
    await syncs(instance);
    expect((await comparedAt(instance)).filter(among(ahead))).toEqual([]);
  });
});

describe('pages whose records cannot all be written', () => {
  it('are read each time, so that each record is named again', async () => {
    await using instance = await pax8Instance({ size, sync: batches });
    await syncs(instance, 'Customers');
    instance.sandbox.change('subscriptions', 10, { quantity: null });
    instance.sandbox.change('subscriptions', 500, { status: 'NeverSeenBefore' });
    for (let time = 0; time < 2; time++) {
      const result = await syncs(instance);
      expect([result.status, result.rejected]).toEqual(['succeeded-with-rejections', 1]);
    }
    // The third batch alone had nothing to be said again.
    expect(await comparedAt(instance)).toHaveLength(1);
    const log = await instance.logged();
    expect(log.match(/NeverSeenBefore/g)).toHaveLength(2);
    expect(log.match(/Record rejected/g)).toHaveLength(2);
  });
});

describe('a sync that keeps pages in mind', () => {
  it('leaves the same rows as one that compares everything each time, whatever happens on either side', async () => {
    await using mindful = await pax8Instance({ size, sync: batches });
    await using thorough = await pax8Instance({ size, sync: { ...batches, CompareAllHours: 0 } });
    const both = [mindful, thorough];
    for (const instance of both) await syncs(instance, 'Customers');
    for (let round = 0; round < 12; round++) {
      for (const instance of both) await disturb(instance, round);
      const [one, other] = [await syncs(mindful), await syncs(thorough)];
      expect([round, counts(one)]).toEqual([round, counts(other)]);
      await expectSameRows(mindful.database, thorough.database, ['Licence', 'ExternalLink']);
    }
    expect(await comparedAt(thorough)).toEqual([]);
  });

  /** A change that follows from the number of the round, on the vendor's side or on Halo's. */
  async function disturb(instance: Pax8Instance, round: number): Promise<void> {
    const at = (round * 397) % size.subscriptions;
    const [row] = await instance.database.read({
      from: 'Licence',
      columns: ['LID'],
      orderBy: [{ column: 'LID' }],
      limit: 1,
      offset: at,
    });
    const licence = Number(row?.['LID'] ?? 0);
    if (round % 6 === 1) instance.sandbox.change('subscriptions', at, { quantity: round });
    if (round % 6 === 2) await change(instance, 'Licence', { LPrice: round }, 'LID', licence);
    if (round % 6 === 3) instance.sandbox.change('subscriptions', at, null);
    if (round % 6 === 4) await change(instance, 'ExternalLink', { ELThirdPartyId: `x${round}` }, 'ELHaloId', licence);
    if (round % 6 === 5) await change(instance, 'Licence', { LIsActive: false, LNotes: 'by hand' }, 'LID', licence);
  }
});
