import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { Engine } from '../../../node/src/commands/engine.ts';
import { runsOf } from '../../../node/src/commands/runs.ts';
import { disable } from '../../../node/src/commands/switch-entities.ts';
import { sync } from '../../../node/src/commands/sync.ts';
import type { Environment } from '../../../node/src/environment.ts';
import type { SyncReport } from '../../../node/src/sync/sync.ts';
import { systemEnvironment } from '../../../node/src/system-environment.ts';
import { compose } from '../../sandbox/mail/compose.ts';
import { entraInstance, type EntraInstance } from '../entra-id/entra-instance.ts';
import { mailInstance, type MailInstance } from '../incoming-mail/mail-instance.ts';
import { holdRequests, pax8Instance, type Pax8Instance } from '../sync/pax8-instance.ts';
import { isLimit, untilAborted } from '../limit-wait.ts';
import { expectSameRows } from './table-contents.ts';

const entities = { Customers: true, Contacts: true, Products: true, Subscriptions: true };
const size = { companies: 450, subscriptions: 1500, products: 230, contactsPerCompany: 2 };
const limited = { TimeLimitMinutes: 1, BatchSize: 150 };
const real = systemEnvironment(tmpdir());

/** A world in which every look at the clock takes seconds, so that a deadline comes after a few pages. */
function hastyWorld(seconds = 4, from = Date.UTC(2026, 10, 24)): Environment {
  let time = from;
  const now = () => new Date((time += seconds * 1000));
  return {
    ...real,
    clock: { now, sleep: (wait, signal) => (isLimit(wait) ? untilAborted(signal) : real.clock.sleep(0, signal)) },
  };
}

async function auto(settingsPath: string, environment: Environment): Promise<SyncReport> {
  await using engine = new Engine(environment, settingsPath);
  const { data } = await sync.run(
    engine,
    { auto: true },
    { progress: () => {}, items: async () => {} },
    new AbortController().signal,
  );
  return data as SyncReport;
}

/** Runs again and again until a run comes to its end. */
async function inPieces(run: () => Promise<SyncReport>): Promise<SyncReport[]> {
  const reports: SyncReport[] = [];
  do reports.push(await run());
  while (reports.at(-1)?.exitCode === 6 && reports.length < 100);
  expect(reports.at(-1)?.exitCode).toBe(0);
  return reports;
}

const sum = (reports: readonly SyncReport[], count: 'read' | 'created' | 'deactivated'): number =>
  reports.flatMap(({ results }) => results).reduce((total, one) => total + one[count], 0);

/** Syncs all, then leaves on subscriptions alone, and that licences which Pax8 no longer lists are deactivated. */
async function subscriptionsThere(instance: Pax8Instance): Promise<void> {
  expect((await auto(instance.settingsPath, real)).exitCode).toBe(0);
  await using engine = new Engine(real, instance.settingsPath);
  const off = { integration: 'Pax8', entities: ['Customers', 'Contacts', 'Products'] };
  await disable.run(engine, off, { progress: () => {}, items: async () => {} }, new AbortController().signal);
  await using session = await instance.database.session('test');
  await session.transaction((transaction) =>
    transaction.update('Pax8Details', { pa8deactivatemissinglicenses: true }, { all: [] }),
  );
}

describe('a time limit', () => {
  const tables = ['AREA', 'SITE', 'USERS', 'ITEM', 'Licence', 'ExternalLink'];

  it('lets a sync of any size complete over several runs, equal to one run', async () => {
    await using whole = await pax8Instance({ entities, size, sync: { BatchSize: limited.BatchSize } });
    await using pieces = await pax8Instance({ entities, size, sync: limited });
    expect((await auto(whole.settingsPath, real)).exitCode).toBe(0);

    const environment = hastyWorld();
    const reports = await inPieces(() => auto(pieces.settingsPath, environment));
    expect(reports.length).toBeGreaterThan(3);
    await expectSameRows(pieces.database, whole.database, tables);
    // No run begins the first entity again before the last has had its turn.
    const begun = reports.flatMap((report) => report.results.filter((one) => one.read > 0).map((one) => one.entity));
    expect(begun.filter((entity, index) => entity !== begun[index - 1])).toEqual(Object.keys(entities));
    await using engine = new Engine(environment, pieces.settingsPath);
    expect((await runsOf(engine, {})).length).toBe(reports.length);
  });

  it('finds what is missing over several runs, as one run does', async () => {
    await using whole = await pax8Instance({ entities, size, sync: { BatchSize: limited.BatchSize } });
    await using pieces = await pax8Instance({ entities, size, sync: limited });
    for (const instance of [whole, pieces]) {
      await subscriptionsThere(instance);
      for (const index of [0, 3, 4, 5, 700]) instance.sandbox.change('subscriptions', index, null);
    }
    const gone = sum([await auto(whole.settingsPath, real)], 'deactivated');
    expect(gone).toBeGreaterThan(1);
    const environment = hastyWorld();
    const reports = await inPieces(() => auto(pieces.settingsPath, environment));
    expect(reports.length).toBeGreaterThan(2);
    expect(sum(reports, 'deactivated')).toBe(gone);
    await expectSameRows(pieces.database, whole.database, tables);
  });

  it('takes nothing for missing that moved past it between two runs', async () => {
    await using instance = await pax8Instance({ entities, size, sync: limited });
    await subscriptionsThere(instance);
    const environment = hastyWorld();
    const first = await auto(instance.settingsPath, environment);
    expect(first).toMatchObject({ exitCode: 6, results: [{ entity: 'Subscriptions', status: 'stopped' }] });
    // One that was read goes: every later one moves up by a place, one of them to the page that is not read again.
    instance.sandbox.change('subscriptions', 5, null);
    const rest = await inPieces(() => auto(instance.settingsPath, environment));
    expect(sum(rest, 'deactivated')).toBe(0);
    expect(rest.flatMap(({ results }) => results).at(-1)?.note).toContain('left for the next whole read');
    expect(sum(await inPieces(() => auto(instance.settingsPath, environment)), 'deactivated')).toBe(1);
  });

  it('does not wait for a vendor who no longer answers, and goes on where it was', async () => {
    await using instance = await pax8Instance({ entities: { Subscriptions: true }, size, sync: limited });
    const { requests } = instance.sandbox;
    const asked = Promise.withResolvers<void>();
    const environment: Environment = {
      ...real,
      clock: {
        ...real.clock,
        sleep: (wait, signal) => (isLimit(wait) ? asked.promise : real.clock.sleep(wait, signal)),
      },
    };
    const slow = auto(instance.settingsPath, environment);
    // The first two pages come; then nothing does, and the limit passes.
    while (!requests.some(({ path, query }) => path.endsWith('/subscriptions') && query.includes('page=1')))
      await real.clock.sleep(1);
    const release = holdRequests(instance);
    await real.clock.sleep(100);
    asked.resolve();
    const report = await slow;
    release();
    expect(report).toMatchObject({ exitCode: 6, results: [{ entity: 'Subscriptions', status: 'stopped' }] });
    expect(report.results[0]?.error).toBeUndefined();
    const rest = await auto(instance.settingsPath, real);
    expect(rest.results.at(-1)).toMatchObject({ entity: 'Subscriptions' });
    expect(sum([report, rest], 'read')).toBeGreaterThanOrEqual(size.subscriptions);
    expect(rest.exitCode).not.toBe(6);
  });

  it('a what-if run leaves where an unfinished read goes on', async () => {
    await using instance = await pax8Instance({ entities: { Subscriptions: true }, size, sync: limited });
    const environment = hastyWorld();
    expect((await auto(instance.settingsPath, environment)).exitCode).toBe(6);
    const cursor = `${instance.folder}/state/Pax8-1-Subscriptions.cursor`;
    const before = await readFile(cursor, 'utf8');
    await using engine = new Engine(real, instance.settingsPath);
    const { data } = await sync.run(
      engine,
      { whatIf: true },
      { progress: () => {}, items: async () => {} },
      new AbortController().signal,
    );
    expect((data as SyncReport).results[0]?.note).toContain('did not come to its end');
    expect(await readFile(cursor, 'utf8')).toBe(before);
  });

  /** The first page of subscriptions that a run asks for. */
  async function startOf(instance: Pax8Instance, environment: Environment): Promise<string | undefined> {
    const { requests } = instance.sandbox;
    const before = requests.length;
    await auto(instance.settingsPath, environment);
    return requests.slice(before).find(({ path }) => path.endsWith('/subscriptions'))?.query;
  }

  it('begins anew with other settings, whose database has other rows, and where what was kept is damaged', async () => {
    await using instance = await pax8Instance({ entities: { Subscriptions: true }, size, sync: limited });
    const environment = hastyWorld();
    expect(await startOf(instance, environment)).toContain('page=0');
    expect(await startOf(instance, environment)).not.toContain('page=0');
    const settings = JSON.parse(await readFile(instance.settingsPath, 'utf8')) as Record<string, unknown>;
    await writeFile(instance.settingsPath, JSON.stringify({ ...settings, HaloUrl: 'https://other.example.com' }));
    expect(await startOf(instance, environment)).toContain('page=0');
    expect(await startOf(instance, environment)).not.toContain('page=0');
    const cursor = `${instance.folder}/state/Pax8-1-Subscriptions.cursor`;
    await writeFile(cursor, (await readFile(cursor, 'utf8')).replace(/"cursor":"[^"]+"/, '"cursor":"99999/19999800"'));
    expect(await startOf(instance, environment)).toContain('page=0');
  });

  it('begins anew when nobody went on for a month', async () => {
    await using instance = await pax8Instance({ entities: { Subscriptions: true }, size, sync: limited });
    const started = (environment: Environment): Promise<string | undefined> => startOf(instance, environment);
    const days = (count: number): Environment => hastyWorld(4, Date.UTC(2026, 10, 24 + count));
    expect(await started(days(0))).toContain('page=0');
    expect(await started(days(1))).not.toContain('page=0');
    expect(await started(days(40))).toContain('page=0');
  });

  it('a state folder that takes nothing is one clear error, exit 2', async () => {
    await using instance = await pax8Instance({ entities: { Subscriptions: true }, size, sync: limited });
    await mkdir(`${instance.folder}/state/Pax8-1-Subscriptions.cursor.new`, { recursive: true });
    const { exitCode, results } = await auto(instance.settingsPath, real);
    expect([exitCode, results[0]?.error?.code]).toEqual([2, 'StateFolder']);
  });

  it('begins anew when what was left is switched off since', async () => {
    await using instance = await pax8Instance({ entities, size, sync: limited });
    const environment = hastyWorld();
    const first = await auto(instance.settingsPath, environment);
    expect(first.exitCode).toBe(6);
    const left = first.results.filter((one) => one.status === 'stopped').map((one) => one.entity);
    await using engine = new Engine(environment, instance.settingsPath);
    const quiet = { progress: () => {}, items: async () => {} };
    await disable.run(engine, { integration: 'Pax8', entities: left }, quiet, new AbortController().signal);
    const second = await auto(instance.settingsPath, environment);
    expect(second.results.map((one) => one.entity)).toEqual(
      Object.keys(entities).filter((entity) => !left.includes(entity)),
    );
  });
});

/** Each tenant belongs to a client of its own. */
async function assignTenants(instance: EntraInstance): Promise<void> {
  for (const [at, tenant] of instance.sandbox.tenants.entries())
    await instance.add('AreaAzureTenant', {
      AATDetailsId: 1,
      AATAreaId: at === 0 ? 1 : 3,
      AATAzureTenantId: tenant.id,
      AATAzureTenantName: `Tenant ${at}`,
    });
}

describe('a time limit with Entra ID', () => {
  const tables = ['USERS', 'SITE', 'AREA'];
  const options = { users: 3_000, tenants: 2, connection: { acdeactivateentities: true, ACUseDeltaQueries: true } };

  it('lets several tenants of users complete over several runs, equal to one run, also what changed and who is gone', async () => {
    await using whole = await entraInstance(options);
    await using pieces = await entraInstance(options);
    for (const instance of [whole, pieces]) await assignTenants(instance);
    whole.configureSync({ BatchSize: 999 });
    pieces.configureSync({ BatchSize: 999, TimeLimitMinutes: 1 });
    const piece = (): Promise<SyncReport> => {
      pieces.advanceAfterRequests(pieces.sandbox.requests.length + 3, 61_000);
      return pieces.sync();
    };
    const compare = async (count: 'created' | 'deactivated', expected?: number): Promise<void> => {
      const one = await whole.sync();
      const several = await inPieces(piece);
      expect(several.length).toBeGreaterThan(1);
      expect(sum(several, count)).toBe(sum([one], count));
      expect(sum(several, 'read')).toBe(sum([one], 'read'));
      if (expected !== undefined) expect(sum(several, count)).toBe(expected);
      // Numbers are given batch by batch, and one run batches over the tenants.
      await expectSameRows(pieces.database, whole.database, tables, ['Uid']);
    };
    await compare('created');
    for (const { sandbox } of [whole, pieces])
      for (const tenant of sandbox.tenants) {
        for (let index = 0; index < 1_500; index++) tenant.change('users', index, { jobTitle: `Chief ${index}` });
        tenant.change('users', 7, null);
        tenant.change('users', 2_990, null);
      }
    await compare('deactivated', 4);
  });

  it('takes licences from those who are gone, and from nobody whom an earlier run saw', async () => {
    const entities = ['Users', 'Licences', 'LicenceUsers'];
    await using instance = await entraInstance({ entities, users: 3_000, connection: { aclicenceimportclient: 1 } });
    await instance.sync();
    const held = { column: 'dauserid', is: 'greater', value: 0 } as const;
    const before = await instance.database.count('DeviceApplications', held);
    instance.sandbox.tenants[0]?.change('users', 2_500, null);
    instance.configureSync({ BatchSize: 999, TimeLimitMinutes: 1 });
    const reports = await inPieces(() => {
      instance.advanceAfterRequests(instance.sandbox.requests.length + 3, 61_000);
      return instance.sync({ entities: ['LicenceUsers'] });
    });
    expect(reports.length).toBeGreaterThan(1);
    expect(sum(reports, 'deactivated')).toBe(1);
    expect(await instance.database.count('DeviceApplications', held)).toBe(before - 1);
  });

  it('takes nobody for missing whose tenant could not be read, though the rest was read in pieces', async () => {
    await using instance = await entraInstance({ ...options, connection: { acdeactivateentities: true } });
    await assignTenants(instance);
    await instance.sync();
    const [first] = instance.sandbox.tenants;
    instance.sandbox.faults.refusingTenants.add(first?.id ?? '');
    instance.configureSync({ BatchSize: 999, TimeLimitMinutes: 1 });
    instance.advanceAfterRequests(instance.sandbox.requests.length + 4, 61_000);
    expect((await instance.sync()).exitCode).toBe(6);
    const [rest] = (await instance.sync()).results;
    expect(rest).toMatchObject({
      status: 'succeeded',
      deactivated: 0,
      note: expect.stringContaining('next whole read'),
    });
  });
});

describe('a time limit with incoming mail', () => {
  const count = 420;
  function fill(instance: MailInstance): void {
    for (let number = 0; number < count; number++)
      instance.imap.inbox.add(
        compose({
          subject: number % 3 === 2 ? `Re: mail ${number - 1}` : `mail ${number}`,
          messageId: `<${number}@x>`,
          // More tickets of one sender would be a loop.
          from: `sender${number % 5}@fernbrook.example`,
        }),
        new Date(Date.UTC(2026, 10, 20, 9, 0, number)),
      );
  }

  it('lets a full mailbox complete over several runs, equal to one run', async () => {
    await using whole = await mailInstance();
    await using pieces = await mailInstance();
    for (const instance of [whole, pieces]) fill(instance);
    expect((await auto(whole.settingsPath, real)).exitCode).toBe(0);
    const written = JSON.parse(await readFile(pieces.settingsPath, 'utf8')) as object;
    await writeFile(pieces.settingsPath, JSON.stringify({ ...written, Sync: { TimeLimitMinutes: 1 } }));
    const environment = hastyWorld(20);
    const reports = await inPieces(() => auto(pieces.settingsPath, environment));
    expect(reports.length).toBeGreaterThan(1);
    await expectSameRows(pieces.database, whole.database, ['FAULTS', 'ACTIONS', 'IncomingEmail']);
    expect(await pieces.actions()).toHaveLength(count);
    for (const { imap } of [whole, pieces]) expect(imap.inbox.messages).toEqual([]);
  });
});
