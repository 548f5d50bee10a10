import { describe, expect, it } from '@jest/globals';
import { pax8Instance } from '../sync/pax8-instance.ts';
import { changesOf, planned, planOf, sync } from './planned-runs.ts';

describe('What a what-if tells', () => {
  it('is what the run changes, in the same order', async () => {
    await using instance = await pax8Instance({});
    const { changes, report } = await planned(instance);
    const done = await sync(instance);
    const what = await changesOf(instance, done.runId);
    const told = (all: typeof changes | typeof what) =>
      all.map(({ table, name, vendorId }) => ({ table, name, vendorId }));
    expect(told(changes)).toEqual(told(what));
    const counts = ({ results }: typeof report) => results.map((one) => ({ ...one, seconds: 0 }));
    expect(counts(report)).toEqual(counts(done));
    expect(changes[0]).toEqual({
      integration: 'Pax8',
      connection: 'Pax8',
      entity: 'Customers',
      action: 'create',
      resource: 'Client',
      table: 'AREA',
      id: 'new 1',
      name: expect.any(String),
      vendorId: expect.any(String),
      fields: expect.arrayContaining([{ field: 'inactive', before: undefined, after: false }]),
      reason: 'the vendor has it, and Halo has not',
    });
    const licence = changes.find(
      ({ resource, fields }) => resource === 'SoftwareLicence' && /new/.test(JSON.stringify(fields)),
    );
    expect(licence?.fields).toContainEqual({
      field: 'client_id',
      before: undefined,
      after: expect.stringMatching(/^new \d+$/),
    });
  });

  it('is nothing where all is as it would be, and nothing of it is in Halo', async () => {
    await using instance = await pax8Instance({});
    const before = await Promise.all(
      ['AREA', 'SITE', 'USERS', 'Licence', 'CHANGESEQ'].map((table) => instance.database.count(table)),
    );
    await planOf(instance);
    expect(
      await Promise.all(
        ['AREA', 'SITE', 'USERS', 'Licence', 'CHANGESEQ'].map((table) => instance.database.count(table)),
      ),
    ).toEqual(before);
    expect(await instance.database.count('ExternalLink')).toBe(0);
    await sync(instance);
    expect(await planOf(instance)).toEqual([]);
  });

  it('names what changed, what moved, what is gone and what is set aside', async () => {
    await using instance = await pax8Instance({ entities: { Customers: true, Subscriptions: true } });
    await using session = await instance.database.session('somebody');
    await session.transaction((transaction) =>
      transaction.update('Pax8Details', { pa8deactivatemissinglicenses: true }, { all: [] }),
    );
    await sync(instance);
    const licences = await instance.database.read({
      from: 'Licence',
      columns: ['LID', 'LCount', 'Larea'],
      orderBy: [{ column: 'LID', descending: true }],
      limit: 2,
    });
    const [counted, elsewhere] = licences.map(({ LID }) => Number(LID));
    const at = (id: number | undefined) => ({ column: 'LID', is: 'equal', value: id ?? 0 }) as const;
    await session.transaction(async (transaction) => {
      await transaction.update('Licence', { LCount: 4711 }, at(counted));
      await transaction.update('Licence', { Larea: 1 }, at(elsewhere));
    });
    instance.sandbox.change('subscriptions', 0, null);
    const changes = await planOf(instance);
    expect(changes).toContainEqual(
      expect.objectContaining({
        action: 'update',
        id: String(counted),
        fields: [{ field: 'count', before: 4711, after: licences[0]?.['LCount'] }],
      }),
    );
    expect(changes).toContainEqual(
      expect.objectContaining({
        action: 'move',
        id: String(elsewhere),
        fields: [{ field: 'client_id', before: 1, after: licences[1]?.['Larea'] }],
      }),
    );
    expect(changes.map(({ action, reason }) => ({ action, reason }))).toContainEqual({
      action: 'deactivate',
      reason: 'the vendor has it no longer',
    });
  });
});
