import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database, Row } from '../../../node/src/database/database.ts';
import { fillDemoContent } from '../../../node/src/database/demo-content/demo-content.ts';
import type { Clock } from '../../../node/src/environment.ts';
import { syncAll } from '../../../node/src/sync/run.ts';
import type { SyncRequest } from '../../../node/src/sync/sync.ts';
import { systemEnvironment } from '../../../node/src/system-environment.ts';
import { haloTestDatabase } from '../halo-database.ts';
import { instanceParts } from '../instance-parts.ts';
import { isLimit, untilAborted } from '../limit-wait.ts';
import { startGraphSandbox, type GraphSandbox } from '../../sandbox/graph/graph-sandbox.ts';

/** The connection's ACGUID. */
export const ConnectionGuid = '0c0ffee0-0000-4000-8000-000000000001';

/** An instance with demo content, one Entra ID connection, and a Graph sandbox. */
export interface EntraInstance extends AsyncDisposable {
  readonly sandbox: GraphSandbox;
  readonly database: Database;
  /** What was slept for, in milliseconds, instead of sleeping. */
  readonly slept: number[];
  /** Adds rows to a table. */
  add(table: string, ...rows: Row[]): Promise<void>;
  /** Changes the connection's row. */
  set(values: Row): Promise<void>;
  /** Changes the integration's settings. */
  configure(settings: Record<string, unknown>): void;
  /** Changes `Sync` of the settings. */
  configureSync(settings: Record<string, number>): void;
  /** Puts the clock forward once the sandbox has had so many requests. */
  advanceAfterRequests(requests: number, milliseconds: number): void;
  /** How many users carry an object id. */
  entraUsers(): Promise<number>;
  /** Runs a sync of the integration and answers its results by entity. */
  sync(request?: Partial<SyncRequest>): Promise<Awaited<ReturnType<typeof syncAll>>>;
  /** The Halo user an Entra user is, by its number in the first tenant. */
  user(index: number): Promise<Row | undefined>;
  /** Everything logged so far. */
  logged(): Promise<string>;
}

/** Makes such an instance in a temporary folder. */
export async function entraInstance(
  options: {
    users?: number;
    devices?: number;
    tenants?: number;
    entities?: string[];
    connection?: Row;
    lacking?: readonly string[];
  } = {},
): Promise<EntraInstance> {
  const system = systemEnvironment(tmpdir());
  const slept: number[] = [];
  let jump: { readonly requests: number; readonly milliseconds: number } | undefined;
  const clock: Clock = {
    now: () => {
      const ahead = jump && sandbox.requests.length >= jump.requests ? jump.milliseconds : 0;
      return new Date(Date.now() + ahead);
    },
    sleep: (milliseconds, signal) => {
      if (isLimit(milliseconds)) return untilAborted(signal);
      slept.push(milliseconds);
      return Promise.resolve();
    },
  };
  const environment = { ...system, clock };
  const folder = await fs.mkdtemp(join(tmpdir(), 'halo-entra-'));
  const sandbox = await startGraphSandbox({
    users: options.users ?? 250,
    devices: options.devices ?? 40,
    tenants: options.tenants ?? 1,
    seed: 5,
  });
  const made = await haloTestDatabase(folder, clock, options.lacking);
  const { database } = made;
  await fillDemoContent(database, clock);
  let syncSettings: Record<string, number> = {};
  let further: Record<string, unknown> = {};
  const path = join(folder, 'appsettings.json');
  const parts = instanceParts(path, made.engine, environment);
  const instance: EntraInstance = {
    sandbox,
    database,
    slept,
    async add(table, ...rows) {
      await using session = await database.session('test');
      await session.transaction((transaction) => transaction.insert(table, rows));
    },
    async set(values) {
      await using session = await database.session('test');
      await session.transaction((transaction) =>
        transaction.update('AzureADConnection', values, { column: 'ACid', is: 'equal', value: 1 }),
      );
    },
    configure: (settings) => {
      further = { ...further, ...settings };
    },
    configureSync: (settings) => {
      syncSettings = settings;
    },
    advanceAfterRequests: (requests, milliseconds) => {
      jump = { requests, milliseconds };
    },
    entraUsers: () =>
      database.count('USERS', {
        all: [{ column: 'UAzureOID', is: 'not-null' }, { not: { column: 'UAzureOID', is: 'equal', value: '' } }],
      }),
    async sync(request = {}) {
      const entities = options.entities ?? ['Users'];
      await fs.writeFile(
        path,
        JSON.stringify({
          HaloUrl: 'https://halo.example.com',
          Database: made.settings,
          Integrations: {
            EntraId: {
              Entities: Object.fromEntries(entities.map((name) => [name, true])),
              Settings: {
                ClientId: sandbox.clientId,
                ClientSecret: sandbox.clientSecret,
                LoginUrl: sandbox.url,
                GraphUrl: sandbox.url,
                ...further,
              },
            },
          },
          Sync: syncSettings,
          Halo: { ModuleIds: { EntraId: 61 } },
        }),
      );
      return syncAll(
        { integration: 'EntraId', whatIf: false, ...request },
        await parts.open(),
        () => undefined,
        new AbortController().signal,
      );
    },
    async user(index) {
      const id = sandbox.tenants[0]?.idOf('users', index) ?? '';
      const [row] = await database.read({
        from: 'USERS',
        columns: [
          'Uid',
          'uusername',
          'Usite',
          'uemail',
          'uinactive',
          'UAzureOID',
          'UAzureTenantId',
          'Uchangeseq',
          'umobile',
          'UTitle',
        ],
        where: { column: 'UAzureOID', is: 'equal', value: id },
      });
      return row;
    },
    logged: parts.logged,
    async [Symbol.asyncDispose]() {
      await parts[Symbol.asyncDispose]();
      await made.close();
      await sandbox.close();
      await fs.rm(folder, { recursive: true, force: true });
    },
  };
  await instance.add('AzureADConnection', {
    ACName: 'Contoso',
    ACDirectoryID: sandbox.tenants[0]?.id ?? '',
    ACHaloIntegratorEnabled: true,
    ACGUID: ConnectionGuid,
    ACDefaultSite: 1,
    accreateunmatchedusers: true,
    ...options.connection,
  });
  return instance;
}
