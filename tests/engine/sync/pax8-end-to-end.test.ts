import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { syncAll } from '../../../node/src/sync/run.ts';
import { integrationStates } from '../../../node/src/sync/plan.ts';
import type { SyncEvent } from '../../../node/src/sync/sync.ts';
import { pax8Instance, type Pax8Instance } from './pax8-instance.ts';

const everything = { whatIf: false };
const never = (): AbortSignal => new AbortController().signal;
const quiet = (): void => {};

async function sync(instance: Pax8Instance, request: Parameters<typeof syncAll>[0] = everything) {
  const events: SyncEvent[] = [];
  const report = await syncAll(request, await instance.parts(), (event) => events.push(event), never());
  return { ...report, events, of: (entity: string) => report.results.find((one) => one.entity === entity)! };
}

describe('Pax8 into the embedded database', () => {
  it('brings customers, contacts, products and subscriptions, and writes nothing the second time', async () => {
    await using instance = await pax8Instance({});
    const first = await sync(instance);
    expect(first.results.map((one) => [one.entity, one.status, one.error?.message])).toEqual(
      ['Customers', 'Contacts', 'Products', 'Subscriptions'].map((entity) => [entity, 'succeeded', undefined]),
    );
    expect(first.exitCode).toBe(0);
    expect(first.of('Subscriptions').created).toBeGreaterThan(0);
    expect(await instance.database.count('Licence')).toBe(first.of('Subscriptions').created);
    const clock = await instance.database.read({ from: 'CHANGESEQ', columns: ['lastseq'] });

    const second = await sync(instance);
    for (const result of second.results)
      expect([result.entity, result.created, result.updated, result.rejected]).toEqual([result.entity, 0, 0, 0]);
    expect(second.of('Subscriptions').unchanged).toBe(first.of('Subscriptions').created);
    expect(await instance.database.read({ from: 'CHANGESEQ', columns: ['lastseq'] })).toEqual(clock);
  });

  it('links subscriptions to their customers and writes last sync to Halo', async () => {
    await using instance = await pax8Instance({});
    await sync(instance);
    const loose = await instance.database.read({
      from: 'Licence',
      columns: ['LID'],
      joins: [{ kind: 'left', table: 'AREA', as: 'client', on: [['Licence.Larea', 'client.Aarea']] }],
      where: { column: 'client.Aarea', is: 'null' },
    });
    expect(loose).toEqual([]);
    const [connection] = await instance.database.read({
      from: 'Pax8Details',
      columns: ['PA8IntegratorLastSync', 'PA8IntegratorLastSyncError'],
    });
    expect(connection?.PA8IntegratorLastSync).toBeInstanceOf(Date);
    expect(connection?.PA8IntegratorLastSyncError).toBe('');
  });

  it('runs subscriptions without customers: what matches no client is reported and not guessed', async () => {
    await using instance = await pax8Instance({ entities: { Subscriptions: true } });
    const clients = await instance.database.count('AREA');
    const report = await sync(instance);
    const result = report.of('Subscriptions');
    expect(report.results).toHaveLength(1);
    expect(result.rejected).toBeGreaterThan(0);
    expect(result.rejections[0]?.reason).toMatch(/client/i);
    expect(report.exitCode).toBe(5);
    expect(await instance.database.count('AREA')).toBe(clients);
  });

  it('writes nothing with what-if and says what it would do', async () => {
    await using instance = await pax8Instance({ entities: { Products: true, Customers: true } });
    const before = await instance.database.count('AREA');
    const report = await sync(instance, { whatIf: true });
    expect(report.of('Customers').created).toBeGreaterThan(0);
    expect(await instance.database.count('AREA')).toBe(before);
    expect(await instance.database.count('ExternalLink')).toBe(0);
  });

  it('foresees with what-if what the same run makes first', async () => {
    await using instance = await pax8Instance({ entities: { Customers: true, Subscriptions: true } });
    const foreseen = await sync(instance, { whatIf: true });
    expect(foreseen.of('Subscriptions').created).toBeGreaterThan(0);
    const done = await sync(instance);
    for (const entity of ['Customers', 'Subscriptions'])
      expect({ ...foreseen.of(entity), seconds: 0 }).toEqual({ ...done.of(entity), seconds: 0 });
  });

  it('tells with what-if of what hangs on records that are there', async () => {
    await using instance = await pax8Instance({ entities: { Customers: true } });
    await sync(instance);
    await using session = await instance.database.session('test');
    await session.transaction(async (transaction) => {
      const [link] = await transaction.read({
        from: 'ExternalLink',
        columns: ['ELHaloId'],
        joins: [{ kind: 'inner', table: 'SITE', as: 'site', on: [['ExternalLink.ELHaloId', 'site.Ssitenum']] }],
        where: { column: 'site.sdesc', is: 'equal', value: 'Main' },
        orderBy: [{ column: 'ExternalLink.ELid', descending: true }],
        limit: 1,
      });
      const [site] = await transaction.read({
        from: 'SITE',
        columns: ['Sarea'],
        where: { column: 'Ssitenum', is: 'equal', value: link?.['ELHaloId'] ?? 0 },
      });
      await transaction.update(
        'ExternalLink',
        { ELThirdPartyId: 'x' },
        { column: 'ELHaloId', is: 'equal', value: link?.['ELHaloId'] ?? 0 },
      );
      const more = { sdesc: 'Main', Sarea: site?.['Sarea'] ?? 0 };
      await transaction.insert('SITE', [more, more], { column: 'Ssitenum' });
    });
    const foreseen = (await sync(instance, { whatIf: true })).of('Customers');
    const done = (await sync(instance)).of('Customers');
    expect(foreseen.rejections).toEqual(done.rejections);
    expect(done.rejections[0]?.reason).toContain('rows of SITE match');
  });

  it('leaves the other entities running when one fails, and deactivates nothing', async () => {
    await using instance = await pax8Instance({});
    await sync(instance);
    const active = { column: 'LIsActive', is: 'equal', value: true } as const;
    const before = await instance.database.count('Licence', active);
    const report = await syncAll(
      everything,
      await instance.parts(),
      (event) => {
        if (event.entity === 'Subscriptions' && event.phase === 'starting')
          instance.sandbox.faults.queue.push({ kind: 'malformed' });
      },
      never(),
    );
    expect(report.results.map((one) => [one.entity, one.status])).toEqual([
      ['Customers', 'succeeded'],
      ['Contacts', 'succeeded'],
      ['Products', 'succeeded'],
      ['Subscriptions', 'failed'],
    ]);
    expect(report.exitCode).toBe(5);
    expect(await instance.database.count('Licence', active)).toBe(before);
  });

  it('keeps what is wrong with an integration to itself', async () => {
    await using instance = await pax8Instance({ entities: { Products: true } });
    await using session = await instance.database.session('test');
    await session.transaction((transaction) =>
      transaction.update('MODULESETUP', { MSName: 'Gone', MSActualName: 'Gone' }, { all: [] }),
    );
    const states = await integrationStates(await instance.parts());
    expect(states.find(({ entity }) => entity === 'Products')).toMatchObject({
      willRun: false,
      reason: 'MODULESETUP has no row named Pax8.',
      advice: expect.stringContaining('Halo.ModuleIds.Pax8'),
    });
    expect(states.map(({ integration }) => integration)).toContain('IncomingMail');
    const report = await sync(instance);
    expect(report.results.map(({ entity, status, error }) => [entity, status, error?.code])).toEqual([
      ['Products', 'failed', 'UnknownModule'],
    ]);
    expect(report.exitCode).toBe(2);
  });

  it('finds the integration of an entity that is asked for by its name alone', async () => {
    await using instance = await pax8Instance({});
    const report = await sync(instance, { entities: ['products'], whatIf: true });
    expect(report.results.map(({ integration, entity }) => `${integration} ${entity}`)).toEqual(['Pax8 Products']);
    await expect(sync(instance, { entities: ['Nonsense'], whatIf: true })).rejects.toMatchObject({
      code: 'UnknownEntity',
    });
  });

  it('refuses by name what a switch keeps off, and names the switch', async () => {
    await using instance = await pax8Instance({ entities: { Subscriptions: true } });
    await expect(sync(instance, { integration: 'Pax8', entities: ['Customers'], whatIf: false })).rejects.toMatchObject(
      {
        code: 'EntitySwitchedOff',
        exitCode: 2,
      },
    );
    const states = await integrationStates(await instance.parts());
    expect(states.find((one) => one.entity === 'Customers')).toMatchObject({
      enabledHere: false,
      willRun: false,
      reason: expect.stringContaining('appsettings.json'),
    });
    expect(states.find((one) => one.entity === 'Subscriptions')).toMatchObject({ willRun: true, reason: '' });
  });

  it('says that another process is at it, and exits 4', async () => {
    await using instance = await pax8Instance({ entities: { Customers: true } });
    const parts = await instance.parts();
    const [connection] = await integrationStates(parts);
    expect(connection?.willRun).toBe(true);
    const [row] = await instance.database.read({ from: 'Pax8Details', columns: ['PA8ID'] });
    await using other = await instance.database.session('test');
    expect(await other.lock(`HaloDBIntegrator Pax8 ${String(row?.PA8ID)} Customers`)).toEqual({ acquired: true });
    const report = await syncAll(everything, parts, quiet, never());
    expect(report.exitCode).toBe(4);
    expect(report.results[0]?.error?.code).toBe('AlreadyRunning');
  });

  it('stops at a cancel with exit 130', async () => {
    await using instance = await pax8Instance({});
    const controller = new AbortController();
    controller.abort();
    const report = await syncAll(everything, await instance.parts(), quiet, controller.signal);
    expect(report.exitCode).toBe(130);
  });

  it('keeps the client secret out of the log', async () => {
    await using instance = await pax8Instance({});
    await sync(instance);
    const folder = join(instance.folder, 'logs');
    for (const name of await readdir(folder)) {
      if (!name.endsWith('.log')) continue;
      expect(await readFile(join(folder, name), 'utf8')).not.toContain(instance.sandbox.clientSecret);
    }
  });
});
