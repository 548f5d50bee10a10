import { tmpdir } from 'node:os';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { presentItem } from '../../../node/src/cli/present-items.ts';
import { Engine } from '../../../node/src/commands/engine.ts';
import { rejections, type ShownRejection } from '../../../node/src/commands/rejections.ts';
import { syncAll } from '../../../node/src/sync/run.ts';
import { systemEnvironment } from '../../../node/src/system-environment.ts';
import { pax8Instance, type Pax8Instance } from './pax8-instance.ts';

let instance: Pax8Instance;
let warnings: string[];
let run: string;
beforeAll(async () => {
  instance = await pax8Instance({ entities: { Subscriptions: true } });
  // No company is a client yet.
  const report = await syncAll({ whatIf: false }, await instance.parts(), () => {}, new AbortController().signal);
  run = report.runId;
});
afterAll(async () => instance[Symbol.asyncDispose]());

async function asked(params: Record<string, string> = {}, config = instance.settingsPath): Promise<ShownRejection[]> {
  warnings = [];
  const given: ShownRejection[] = [];
  const watcher = { warned: (message: string) => void warnings.push(message) };
  await using engine = new Engine(systemEnvironment(tmpdir()), config, {}, watcher);
  const output = {
    progress: () => undefined,
    items: (some: readonly unknown[]) => Promise.resolve(void given.push(...(some as ShownRejection[]))),
  };
  const { data } = await rejections.run(engine, params, output, new AbortController().signal);
  expect(data).toEqual({ rejections: given.length });
  return given;
}

async function noted(...rows: readonly Readonly<Record<string, string | number | Date>>[]): Promise<void> {
  await using session = await instance.database.session('test');
  await session.transaction((transaction) => transaction.insert('IntegrationError', rows));
}

it('Rejected records are given with their reasons, and those of one entity where that is asked', async () => {
  const all = await asked();
  expect(all.length).toBeGreaterThan(100);
  expect(all[0]).toMatchObject({
    ...{ source: 'sync', integration: 'Pax8', connection: 'Pax8', entity: 'Subscriptions', runId: run, runs: 1 },
    reason: expect.stringContaining('has no client in Halo'),
    vendorId: expect.stringMatching(/^[\da-f-]{36}$/),
  });
  expect(presentItem('rejections', all[0])).toMatch(
    /^Pax8 Subscriptions ".+" \(.+\): .+ - since .+Z, 1 run, last .+Z \(/,
  );
  expect(await asked({ integration: 'pax8', entity: 'subscriptions' })).toHaveLength(all.length);
  expect(await asked({ entity: 'Products' })).toEqual([]);
  expect(await asked({ integration: 'EntraId' })).toEqual([]);
  expect(warnings).toEqual([]);
});

it('What Halo’s own table says is given, by the names of integration and connection', async () => {
  const row = {
    IEMSid: 1,
    IEDetailId: 1,
    IEEntityType: 'Customer',
    IEEntityId: 0,
    IEEndpoint: '',
    IEEntityName: 'Acme',
  };
  await noted(
    { ...row, IEError: 'No name.', IEDate: new Date('2026-01-05T10:00:00Z') },
    { ...row, IEError: 'No name.', IEDate: new Date('2026-01-06T10:00:00Z') },
    {
      ...row,
      IEMSid: 77,
      IEDetailId: 3,
      IEEntityId: 12,
      IEError: 'Refused.',
      IEEndpoint: 'GET /x',
      IEDate: new Date('2026-01-07T10:00:00Z'),
    },
  );
  const halos = (await asked()).filter(({ source }) => source === 'halo');
  expect(halos).toEqual([
    {
      ...{
        source: 'halo',
        integration: 'module 77',
        connection: '3',
        entity: 'Customer',
        record: 'Acme',
        vendorId: '12',
      },
      ...{ reason: 'Refused. (GET /x)', since: '2026-01-07T10:00:00.000Z', last: '2026-01-07T10:00:00.000Z' },
    },
    {
      ...{ source: 'halo', integration: 'Pax8', connection: 'Pax8', entity: 'Customer', record: 'Acme', vendorId: '' },
      ...{ reason: 'No name.', since: '2026-01-05T10:00:00.000Z', last: '2026-01-06T10:00:00.000Z' },
    },
  ]);
  expect(presentItem('rejections', halos[1])).toContain("says Halo's own table");
  expect((await asked({ entity: 'Customer' })).map(({ source }) => source)).toEqual(['halo', 'halo']);
});

it('Where Halo cannot be read, or a list is damaged, a warning says so, and the rest is given', async () => {
  const text = JSON.parse(await instance.parts().then(({ settings }) => JSON.stringify(settings.settings))) as object;
  await writeFile(
    instance.settingsPath,
    JSON.stringify({ ...text, Database: { Server: '(embedded)', Name: 'none/at/all.db' } }),
  );
  const all = await asked();
  expect(all.length).toBeGreaterThan(100);
  expect(warnings).toEqual([expect.stringContaining('IntegrationError')]);
  const state = join(instance.folder, 'state');
  const file = (await readdir(state)).find((name) => name.endsWith('.rejections')) ?? '';
  await writeFile(join(state, file), '{"kept":{}}');
  expect(await asked()).toEqual([]);
  expect(warnings[0]).toContain(file);
});
