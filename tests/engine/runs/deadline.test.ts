import { tmpdir } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { Engine } from '../../../node/src/commands/engine.ts';
import { runsOf } from '../../../node/src/commands/runs.ts';
import { sync } from '../../../node/src/commands/sync.ts';
import type { Environment } from '../../../node/src/environment.ts';
import type { SyncReport } from '../../../node/src/sync/sync.ts';
import { systemEnvironment } from '../../../node/src/system-environment.ts';
import { pax8Instance, type Pax8Instance } from '../sync/pax8-instance.ts';

const entities = { Customers: true, Contacts: true, Products: true, Subscriptions: true };
const size = { companies: 450, subscriptions: 1500, products: 230, contactsPerCompany: 2 };
const tables = ['AREA', 'SITE', 'USERS', 'ITEM', 'Licence', 'ExternalLink'];

/** A world in which every look at the clock takes seconds, so that a deadline comes after a few pages. */
function hastyWorld(): Environment {
  let time = Date.UTC(2026, 10, 24);
  const real = systemEnvironment(tmpdir());
  return { ...real, clock: { now: () => new Date((time += 4000)), sleep: (_, signal) => real.clock.sleep(0, signal) } };
}

async function auto(instance: Pax8Instance, environment: Environment): Promise<SyncReport> {
  await using engine = new Engine(environment, instance.settingsPath);
  const { data } = await sync.run(engine, { auto: true }, { progress: () => {} }, new AbortController().signal);
  return data as SyncReport;
}

describe('a time limit', () => {
  it('lets a sync of any size complete over several runs, equal to one run', async () => {
    await using whole = await pax8Instance({ entities, size });
    await using pieces = await pax8Instance({ entities, size, sync: { TimeLimitMinutes: 1, BatchSize: 150 } });
    expect((await auto(whole, systemEnvironment(tmpdir()))).exitCode).toBe(0);

    const environment = hastyWorld();
    const reports: SyncReport[] = [];
    do reports.push(await auto(pieces, environment));
    while (reports.at(-1)?.exitCode === 6 && reports.length < 100);

    expect(reports.length).toBeGreaterThan(3);
    expect(reports.at(-1)?.exitCode).toBe(0);
    for (const table of tables)
      expect([table, await pieces.database.count(table)]).toEqual([table, await whole.database.count(table)]);
    // No run begins the first entity again before the last has had its turn.
    const begun = reports.flatMap((report) => report.results.filter((one) => one.read > 0).map((one) => one.entity));
    expect(begun.filter((entity, index) => entity !== begun[index - 1])).toEqual(Object.keys(entities));
    await using engine = new Engine(environment, pieces.settingsPath);
    expect((await runsOf(engine, {})).length).toBe(reports.length);
  });

  it('begins anew when what was left is switched off since', async () => {
    await using instance = await pax8Instance({ entities, size, sync: { TimeLimitMinutes: 1, BatchSize: 150 } });
    const environment = hastyWorld();
    const first = await auto(instance, environment);
    expect(first.exitCode).toBe(6);
    const left = first.results.filter((one) => one.status === 'stopped').map((one) => one.entity);
    await using engine = new Engine(environment, instance.settingsPath);
    const { disable } = await import('../../../node/src/commands/switch-entities.ts');
    const quiet = { progress: () => {} };
    await disable.run(engine, { integration: 'Pax8', entities: left }, quiet, new AbortController().signal);
    const second = await auto(instance, environment);
    expect(second.results.map((one) => one.entity)).toEqual(
      Object.keys(entities).filter((entity) => !left.includes(entity)),
    );
  });
});
