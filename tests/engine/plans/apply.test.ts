import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openChanges } from '../../../node/src/changes/read-changes.ts';
import type { Row } from '../../../node/src/database/database.ts';
import { planPlace } from '../../../node/src/plans/plan-place.ts';
import { openPlan } from '../../../node/src/plans/read-plan.ts';
import { applyPlan } from '../../../node/src/sync/apply-plan.ts';
import { undoRun } from '../../../node/src/sync/undo-run.ts';
import { pax8Instance, type Pax8Instance } from '../sync/pax8-instance.ts';
import { applied, changesOf, planOf, sync } from './planned-runs.ts';

const fileOf = ({ folder }: Pax8Instance): string => join(folder, 'plan.jsonl');
const both = { Customers: true, Subscriptions: true };

async function update(
  instance: Pax8Instance,
  table: string,
  set: Row,
  column: string,
  value: number | string,
): Promise<void> {
  await using session = await instance.database.session('somebody');
  await session.transaction((transaction) => transaction.update(table, set, { column, is: 'equal', value }));
}

/** An instance where two licences are otherwise than the vendor has them, by their ids and counts, and the plan that sets them right. */
async function plannedUpdates(): Promise<{
  readonly instance: Pax8Instance;
  readonly ids: readonly number[];
  readonly counts: readonly number[];
}> {
  const instance = await pax8Instance({ entities: both });
  await sync(instance);
  const query = { from: 'Licence', columns: ['LID', 'LCount'], orderBy: [{ column: 'LID' }], limit: 2 };
  const rows = await instance.database.read(query);
  const ids = rows.map(({ LID }) => Number(LID));
  for (const id of ids) await update(instance, 'Licence', { LCount: 4711 }, 'LID', id);
  expect(await planOf(instance, fileOf(instance))).toHaveLength(2);
  return { instance, ids, counts: rows.map(({ LCount }) => Number(LCount)) };
}

async function countOf(instance: Pax8Instance, id: number | undefined): Promise<number> {
  const where = { column: 'LID', is: 'equal', value: id ?? 0 } as const;
  return Number((await instance.database.read({ from: 'Licence', columns: ['LCount'], where }))[0]?.['LCount']);
}

describe('A plan that is written', () => {
  it('asks no vendor, is kept like any run, leaves traces, and can be undone', async () => {
    const { instance: made, ids, counts } = await plannedUpdates();
    await using instance = made;
    const traces = await instance.database.count('LicenceChange');
    const asked = instance.sandbox.requests.length;
    const report = await applied(instance, fileOf(instance));
    expect(report.results).toMatchObject([{ entity: 'Subscriptions', status: 'succeeded', updated: 2, rejected: 0 }]);
    expect(await countOf(instance, ids[0])).toBe(counts[0]);
    expect(instance.sandbox.requests).toHaveLength(asked);
    expect(await instance.database.count('LicenceChange')).toBeGreaterThan(traces);
    expect(await changesOf(instance, report.runId)).toHaveLength(2);

    const parts = await instance.parts();
    await using changes = await openChanges(instance.folder, report.runId, parts.environment);
    if (!changes) throw new Error('There are no changes.');
    const signal = new AbortController().signal;
    expect(await undoRun({ changes, whatIf: false, signal, items: async () => {} }, parts)).toMatchObject({
      putBack: 2,
    });
    expect(await countOf(instance, ids[0])).toBe(4711);
  });

  it('refuses by name what Halo has otherwise by now, and goes on with the rest', async () => {
    const { instance: made, ids, counts } = await plannedUpdates();
    await using instance = made;
    await update(instance, 'Licence', { LCount: 12 }, 'LID', ids[0] ?? 0);
    const report = await applied(instance, fileOf(instance));
    expect(report).toMatchObject({
      exitCode: 5,
      results: [{ status: 'succeeded-with-rejections', updated: 1, rejected: 1 }],
    });
    expect(report.results[0]?.rejections).toEqual([
      {
        record: expect.stringContaining(`Licence ${ids[0]}`),
        reason: 'Halo has moved on since: count is 12 now, and was 4711',
      },
    ]);
    expect([await countOf(instance, ids[0]), await countOf(instance, ids[1])]).toEqual([12, counts[1]]);
  });

  it('makes what is missing under what it makes, and refuses what Halo has by now', async () => {
    await using instance = await pax8Instance({ entities: both });
    const planned = await planOf(instance, fileOf(instance));
    const [first, second] = planned.filter(({ table }) => table === 'AREA');
    // A sync makes the clients meanwhile, and somebody changes one of them.
    await sync(instance, { integration: 'Pax8', entities: ['Customers'] });
    await update(instance, 'AREA', { AWebsite: 'https://elsewhere.example.com/' }, 'aareadesc', first?.name ?? '');
    const report = await applied(instance, fileOf(instance));
    const [customers, subscriptions] = report.results;
    expect(customers?.rejections[0]).toMatchObject({
      record: expect.stringContaining(first?.name ?? ''),
      reason: expect.stringContaining('and otherwise'),
    });
    expect(subscriptions?.rejections.map(({ reason }) => reason)).toContain('what it belongs to was not made');
    expect(subscriptions?.created).toBeGreaterThan(0);
    const made = await instance.database.read({
      from: 'AREA',
      columns: ['Aarea'],
      where: { column: 'aareadesc', is: 'equal', value: second?.name ?? '' },
    });
    expect(Number(made[0]?.['Aarea'])).toBeLessThan(1_000_000);
    expect(await instance.database.count('Licence', { column: 'Larea', is: 'greater', value: 1_000_000 })).toBe(0);
  });

  it('stops after its batch at the time limit, says what is left, and goes on when it is written once more', async () => {
    await using instance = await pax8Instance({ entities: both, sync: { BatchSize: 100 } });
    const planned = await planOf(instance, fileOf(instance));
    const parts = await instance.parts();
    let now = parts.environment.clock.now().getTime();
    // Each look at the clock takes ten seconds.
    const clock = {
      ...parts.environment.clock,
      now: () => new Date((now += 10_000)),
      sleep: () => new Promise<void>(() => {}),
    };
    const limited = {
      ...parts.settings,
      settings: { ...parts.settings.settings, Sync: { ...parts.settings.settings.Sync, TimeLimitMinutes: 1 } },
    };
    const slow = { ...parts, environment: { ...parts.environment, clock }, settings: limited };
    await using plan = await openPlan(fileOf(instance), planPlace(parts.settings), parts.environment);
    const signal = new AbortController().signal;
    const first = await applyPlan({ plan, whatIf: false, signal, events: () => {}, entityDone: () => {} }, slow);
    expect(first.exitCode).toBe(6);
    const stopped = first.results.at(-1);
    expect(stopped).toMatchObject({
      status: 'stopped',
      note: expect.stringContaining('planned changes were left at the time limit'),
    });
    const written = first.results.reduce((sum, one) => sum + one.created, 0);
    expect(written).toBeGreaterThan(0);
    expect(written).toBeLessThan(planned.length);

    const second = await applied(instance, fileOf(instance));
    expect(second.exitCode).toBe(0);
    const sum = (count: 'created' | 'unchanged'): number => second.results.reduce((all, one) => all + one[count], 0);
    expect([sum('created'), sum('unchanged')]).toEqual([planned.length - written, written]);
    expect(await planOf(instance)).toEqual([]);
  });

  it('refuses a client of whose name somebody made one meanwhile', async () => {
    await using instance = await pax8Instance({ entities: { Customers: true } });
    const name = (await planOf(instance, fileOf(instance))).find(({ table }) => table === 'AREA')?.name ?? '';
    await using session = await instance.database.session('somebody');
    await session.transaction((transaction) => transaction.insert('AREA', [{ aareadesc: name }], { column: 'Aarea' }));
    const [result] = (await applied(instance, fileOf(instance))).results;
    expect(result?.rejections[0]).toMatchObject({
      record: expect.stringContaining(name),
      reason: expect.stringMatching(/^Halo has one like it by now \(Client \d+\)/),
    });
    expect(await instance.database.count('AREA', { column: 'aareadesc', is: 'equal', value: name })).toBe(1);
    expect(result?.created).toBeGreaterThan(0);
  });

  it('is one of this instance and this database, whole and as it was written', async () => {
    const { instance: made } = await plannedUpdates();
    await using instance = made;
    const path = fileOf(instance);
    const text = await readFile(path, 'utf8');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const code = async (changed: string): Promise<string> => {
      await writeFile(path, changed);
      return applied(instance, path).then(
        () => '',
        (error: { readonly code: string }) => error.code,
      );
    };
    expect(await code(text.replace('4711', '4712'))).toBe('PlanDamaged');
    expect(await code(text.split('\n').slice(0, -2).join('\n'))).toBe('PlanDamaged');
    expect(await code('')).toBe('PlanDamaged');
    expect(await code('{"version":1}\n')).toBe('PlanDamaged');
    expect(await code(text.replace('{"plan":1,', '{"plan":99,'))).toBe('PlanDamaged');
    expect(await code(`${text}\n`)).toBe('PlanDamaged');
    expect(await applied(instance, join(instance.folder, 'none')).catch(({ code: one }: { code: string }) => one)).toBe(
      'PlanUnreadable',
    );
    await expect(planOf(instance, path)).rejects.toMatchObject({ code: 'PlanNotSaved' });
    await using other = await pax8Instance({ entities: both });
    await writeFile(path, text);
    await expect(applied(other, path)).rejects.toMatchObject({ code: 'PlanOfAnother' });
    expect(await code(text)).toBe('');
  });

  it('has no secrets in it, and leaves what would need one to a sync', async () => {
    await using instance = await pax8Instance({ entities: { Customers: true } });
    const parts = await instance.parts();
    const name = (await planOf(instance)).find(({ table }) => table === 'AREA')?.name ?? '';
    parts.secrets.add([name]);
    const keeping = { ...instance, parts: async () => parts };
    await planOf(keeping, fileOf(instance));
    expect(await readFile(fileOf(instance), 'utf8')).not.toContain(name);
    const [result] = (await applied(instance, fileOf(instance))).results;
    expect(result?.rejections[0]?.reason).toMatch(/has a secret in it/);
    expect(result?.created).toBeGreaterThan(0);
    expect(await instance.database.count('AREA', { column: 'aareadesc', is: 'contains', value: '***' })).toBe(0);
  });
});
