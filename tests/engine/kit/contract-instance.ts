import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openChanges } from '../../../node/src/changes/read-changes.ts';
import type { Database, Row } from '../../../node/src/database/database.ts';
import { fillDemoContent } from '../../../node/src/database/demo-content/demo-content.ts';
import { integrations } from '../../../node/src/integrations/registry.ts';
import { syncAll } from '../../../node/src/sync/run.ts';
import { undoRun, type UndoReport } from '../../../node/src/sync/undo-run.ts';
import { systemEnvironment } from '../../../node/src/system-environment.ts';
import type { TestedIntegration, VendorUnderTest } from '../../sandbox/kit/contract.ts';
import type { ShownPlan } from '../../../node/src/plans/shown-plan.ts';
import { applied, planned } from '../plans/planned-runs.ts';
import { startFaultyProxy, type FaultyProxy } from '../../sandbox/kit/faulty-proxy.ts';
import { haloTestDatabase } from '../halo-database.ts';
import { instanceParts } from '../instance-parts.ts';
import { hurriedClock } from './hurried-clock.ts';

/** What came of a sync. */
export type SyncReport = Awaited<ReturnType<typeof syncAll>>;

/** Rows as texts, by table. */
export type Rows = ReadonlyMap<string, readonly string[]>;

/** An instance with demo content whose only integration reads its vendor through a proxy that lets things go wrong. */
export interface ContractInstance extends AsyncDisposable {
  readonly vendor: VendorUnderTest;
  readonly proxy: FaultyProxy;
  readonly database: Database;
  /** Where its settings, logs and state are. */
  readonly folder: string;
  /** Adds rows to a table. */
  add(table: string, ...rows: Row[]): Promise<void>;
  sync(settings?: Record<string, number>): Promise<SyncReport>;
  /** What a sync would come to, and what it would change. */
  plan(): Promise<{ readonly report: SyncReport; readonly changes: readonly ShownPlan[] }>;
  /** Undoes a run. */
  undo(run: string): Promise<UndoReport>;
  /** Writes what the last plan says. */
  apply(): Promise<SyncReport>;
  /** The rows of Halo's that syncs write, but for moments and the change clock. */
  rows(): Promise<Rows>;
  /** Everything logged so far. */
  logged(): Promise<string>;
}

/** Tables that integrations write. */
const written = [
  'AREA',
  'SITE',
  'USERS',
  'UNAME',
  'DEVICE',
  'XTYPE',
  'INFO',
  'USERDEVICE',
  'Licence',
  'ITEM',
  'COMPANY',
  'ExternalLink',
  'DeviceApplications',
];

/** Makes such an instance in a temporary folder. */
export async function contractInstance(contract: TestedIntegration): Promise<ContractInstance> {
  const clock = hurriedClock();
  const environment = { ...systemEnvironment(tmpdir()), clock };
  // What was begun is given back where the rest fails: a vendor that nobody closes keeps the tests from ending.
  await using begun = new AsyncDisposableStack();
  const folder = await fs.mkdtemp(join(tmpdir(), 'halo-contract-'));
  begun.defer(() => fs.rm(folder, { recursive: true, force: true }));
  const vendor = await contract.start();
  begun.defer(() => vendor.close());
  const proxy = await startFaultyProxy(vendor.url, vendor.listings);
  begun.defer(() => proxy.close());
  const made = await haloTestDatabase(folder, clock);
  begun.defer(() => made.close());
  const { database } = made;
  await fillDemoContent(database, clock);
  const add = async (table: string, ...rows: Row[]): Promise<void> => {
    await using session = await database.session('test');
    await session.transaction((transaction) => transaction.insert(table, rows));
  };
  await contract.prepare(database, add);
  const path = join(folder, 'appsettings.json');
  const parts = begun.use(instanceParts(path, made.engine, environment));
  const registered = integrations.find(({ name }) => name === contract.integration);
  const entities = contract.entities ?? registered?.entities.map(({ name }) => name) ?? [];
  const tables = [...(await database.describe(written)).keys()];
  const configure = (settings?: Record<string, number>): Promise<void> =>
    fs.writeFile(
      path,
      JSON.stringify({
        HaloUrl: 'https://halo.example.com',
        Database: made.settings,
        Integrations: {
          [contract.integration]: {
            Entities: Object.fromEntries(entities.map((name) => [name, true])),
            Settings: vendor.settings(proxy.url),
          },
        },
        ...(settings && { Sync: settings }),
        Halo: { ModuleIds: contract.moduleIds ?? {} },
      }),
    );
  const all = begun.move();

  return {
    vendor,
    proxy,
    database,
    folder,
    add,
    async sync(settings) {
      await configure(settings);
      const request = { integration: contract.integration, whatIf: false };
      return syncAll(request, await parts.open(), () => undefined, new AbortController().signal);
    },
    async plan() {
      await configure();
      await fs.rm(join(folder, 'plan.jsonl'), { force: true });
      return planned({ folder, parts: parts.open }, join(folder, 'plan.jsonl'));
    },
    async undo(run) {
      const opened = await parts.open();
      await using changes = await openChanges(folder, run, environment);
      if (!changes) throw new Error(`No changes of ${run} are kept.`);
      const { signal } = new AbortController();
      return await undoRun({ changes, whatIf: false, signal, items: () => Promise.resolve() }, opened);
    },
    apply: () => applied({ folder, parts: parts.open }, join(folder, 'plan.jsonl')),
    async rows() {
      const read = tables.map(async (table) => [table, await rowsOf(database, table)] as const);
      return new Map(await Promise.all(read));
    },
    logged: parts.logged,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

async function rowsOf(database: Database, table: string): Promise<readonly string[]> {
  const described = (await database.describe([table])).get(table);
  const columns = [...(described?.columns.values() ?? [])]
    .filter(({ name, identity }) => !identity && !/guid$/i.test(name))
    .map(({ name }) => name);
  const rows = await database.read({ from: table, columns });
  const lasts = ([column, value]: [string, unknown]): boolean =>
    value !== null && !(value instanceof Date) && !/changeseq$/i.test(column);
  return rows.map((row) => JSON.stringify(Object.entries(row).filter(lasts))).sort();
}
