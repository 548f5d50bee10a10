import { fork, spawnSync } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';
import { existsSync, readdirSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync, StatementSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { openParts } from '../node/src/commands/open-parts.ts';
import { loadSettings } from '../node/src/config/load-settings.ts';
import type { Database, Row } from '../node/src/database/database.ts';
import { fillDemoContent } from '../node/src/database/demo-content/demo-content.ts';
import { openEmbeddedDatabase } from '../node/src/database/embedded/embedded-database.ts';
import { schemaTable } from '../node/src/database/schema/index.ts';
import { integrations } from '../node/src/integrations/registry.ts';
import { KnownSecrets } from '../node/src/secrets/known-secrets.ts';
import { syncAll } from '../node/src/sync/run.ts';
import { systemEnvironment } from '../node/src/system-environment.ts';
import { engineFlags } from '../scripts/node-24.mjs';
import type { SpecData, VendorRecord } from '../tests/sandbox/kit/spec-data.ts';
import type { IntegrationContract, TestedIntegration } from '../tests/sandbox/kit/contract.ts';

// Every integration that has a sandbox, in one run of all, with nothing changed since the run before; see README.md.
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'bench/tmp/auto');
const settingsFile = join(folder, 'appsettings.json');
/** What is measured is one file, as the engine is shipped. */
const bundle = join(root, 'bench/auto.bundle.mjs');

/** What a pass came to, as the process that ran it says. */
interface Pass {
  readonly requests: number;
  readonly statements: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly failed: readonly string[];
  /** Statements that were asked most often, and how often. */
  readonly often: readonly (readonly [sql: string, times: number])[];
}

async function contracts(): Promise<readonly TestedIntegration[]> {
  const sandboxes = join(root, 'tests/sandbox');
  const files = readdirSync(sandboxes)
    .filter((name) => name !== 'kit')
    .map((name) => join(sandboxes, name, 'contract.ts'))
    .filter((file) => existsSync(file));
  const all = await Promise.all(
    files.map(async (file) => ((await import(file)) as { contract: IntegrationContract }).contract),
  );
  return all.filter((one): one is TestedIntegration => 'start' in one);
}

/** The vendors, in a process of their own: their settings are told, and they stay until they are ended. */
async function vendors(): Promise<void> {
  const told: Record<string, unknown> = {};
  for (const contract of await contracts()) {
    const vendor = await contract.start();
    if ('data' in vendor) tellApart(vendor.data as SpecData, contract.integration);
    told[contract.integration] = vendor.settings(vendor.url);
  }
  process.send?.(told);
}

/** A customer's name at StreamOne Ion is its address, and Snipe-IT's categories are mapped by name. */
const asTheyAre = new Set(['StreamOneIon', 'SnipeIt']);

/** Vendors' examples are alike: each integration must have devices, people and customers of its own, or they would change each other's. */
function tellApart(data: SpecData, integration: string): void {
  const own = (value: unknown, name: string): unknown => {
    if (Array.isArray(value)) return value.map((one: unknown) => own(one, name));
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([field, one]) => [field, own(one, field)]));
    if (typeof value !== 'string' || !/name|serial|mail|login/i.test(name) || value.startsWith('/')) return value;
    return value.includes('@') ? `${integration}.${value}` : `${value} ${integration}`;
  };
  for (const schema of data.schemas())
    // Groups are named in Halo's mappings.
    if (schema !== 'Group' && !asTheyAre.has(integration))
      data.all(schema).forEach((record, at) => data.change(schema, at, own(record, '') as VendorRecord));
}

/** One run of everything, with what it asked and of whom. */
async function pass(): Promise<void> {
  const asked = new Map<string, number>();
  let requests = 0;
  subscribe('undici:request:create', () => requests++);
  const count = (sql: string): void => void asked.set(sql, (asked.get(sql) ?? 0) + 1);
  for (const name of ['run', 'get', 'all', 'iterate'] as const) {
    const own = StatementSync.prototype[name] as (...args: unknown[]) => unknown;
    Object.assign(StatementSync.prototype, {
      [name](this: StatementSync, ...args: unknown[]) {
        count(this.sourceSQL);
        return own.apply(this, args);
      },
    });
  }
  const exec = DatabaseSync.prototype.exec;
  Object.assign(DatabaseSync.prototype, {
    exec(this: DatabaseSync, sql: string) {
      count(sql);
      return exec.call(this, sql);
    },
  });
  const environment = systemEnvironment(folder);
  const settings = await loadSettings(settingsFile, environment, integrations);
  const parts = await openParts(settings, environment, integrations, new KnownSecrets(settings.secrets));
  const { results } = await syncAll({ whatIf: false }, parts, () => {}, new AbortController().signal);
  await parts.database.close();
  await parts.log.close();
  const sum = (of: 'created' | 'updated' | 'unchanged' | 'deactivated' | 'rejected'): number =>
    results.reduce((total, one) => total + one[of], 0);
  const outcomes = {
    entities: results.length,
    created: sum('created'),
    updated: sum('updated'),
    unchanged: sum('unchanged'),
    deactivated: sum('deactivated'),
    rejected: sum('rejected'),
  };
  const told: Pass = {
    requests,
    statements: [...asked.values()].reduce((total, times) => total + times, 0),
    outcomes,
    failed: results.flatMap(({ integration, entity, error, rejected }) =>
      error || rejected > 0 ? [`${integration} ${entity}: ${error?.message ?? `${rejected} rejected`}`] : [],
    ),
    often: [...asked].sort(([, one], [, other]) => other - one).slice(0, 12),
  };
  console.log(JSON.stringify(told));
}

/** Adds rows, or changes those that another integration's set-up has added: they share types, fields and settings. */
async function fill(database: Database): Promise<void> {
  await fillDemoContent(database, systemEnvironment(folder).clock);
  const add = async (table: string, ...rows: Row[]): Promise<void> => {
    const [key] = schemaTable(table)?.primaryKey ?? [];
    await using session = await database.session('bench');
    for (const row of rows) {
      const named = Object.keys(row).find((name) => name.toLowerCase() === key?.toLowerCase());
      const value = named === undefined ? undefined : row[named];
      const where = { column: key ?? '', is: 'equal', value: value ?? null } as const;
      const several = (schemaTable(table)?.primaryKey.length ?? 0) > 1;
      const known = named === undefined || several ? [] : await database.read({ from: table, columns: [named], where });
      const there = known.length > 0;
      const rest = Object.fromEntries(Object.entries(row).filter(([name]) => name !== named));
      try {
        await session.transaction(async (transaction) => {
          if (there) await transaction.update(table, rest, where);
          else await transaction.insert(table, [row]);
        });
      } catch (error) {
        // The same type with the same field.
        if (!several) throw error;
      }
    }
  };
  for (const contract of await contracts()) await contract.prepare(database, add);
}

function engine(): Pass & { readonly seconds: number; readonly cpu: number; readonly megabytes: number } {
  const begun = performance.now();
  const args = [...engineFlags, bundle, 'pass'];
  const done = spawnSync('/usr/bin/time', ['-f', '%M %U %S', process.execPath, ...args], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (done.status !== 0) throw new Error(`ended with ${done.status}: ${done.stderr}${done.stdout.slice(0, 2000)}`);
  const [kilobytes = 0, user = 0, system = 0] = (done.stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  return {
    ...(JSON.parse(done.stdout.trim().split('\n').at(-1) ?? '{}') as Pass),
    seconds: (performance.now() - begun) / 1000,
    cpu: user + system,
    megabytes: kilobytes / 1024,
  };
}

async function writeSettings(told: Readonly<Record<string, object>>): Promise<void> {
  const own = Object.entries(told).map(([name, Settings]) => {
    const entities = integrations.find((one) => one.name === name)?.entities ?? [];
    return [name, { Entities: Object.fromEntries(entities.map((one) => [one.name, true])), Settings }];
  });
  const moduleIds = Object.assign({}, ...(await contracts()).map((one) => one.moduleIds ?? {})) as object;
  await fs.writeFile(
    settingsFile,
    JSON.stringify({
      HaloUrl: 'https://halo.example.com',
      Database: { Server: '(embedded)', Name: 'halo.db' },
      Integrations: Object.fromEntries(own) as object,
      Halo: { ModuleIds: moduleIds },
    }),
  );
}

async function bench(): Promise<void> {
  await fs.rm(folder, { recursive: true, force: true });
  await fs.mkdir(folder, { recursive: true });
  const { bundleBench } = await import('./bundle.ts');
  await bundleBench(join(root, 'bench/auto.ts'), bundle);
  const child = fork(join(root, 'bench/auto.ts'), ['vendors'], { execArgv: ['--no-warnings'] });
  try {
    const told = await new Promise<Record<string, object>>((resolve, reject) => {
      child.once('message', (message) => resolve(message as Record<string, object>));
      child.once('exit', (code) => reject(new Error(`The vendors ended with ${code}.`)));
    });
    await writeSettings(told);
    const { clock } = systemEnvironment(folder);
    const database = openEmbeddedDatabase({ path: join(folder, 'halo.db'), clock, fs });
    await database.connect();
    await fill(database);
    await database.close();
    const passes = { first: engine(), 'once more': engine(), unchanged: engine() };
    console.table(
      Object.fromEntries(
        Object.entries(passes).map(([name, { seconds, cpu, megabytes, requests, statements, outcomes }]) => [
          name,
          {
            ...{ seconds: seconds.toFixed(2), CPU: cpu.toFixed(2), MB: megabytes.toFixed(0), requests, statements },
            ...outcomes,
          },
        ]),
      ),
    );
    console.log(`${Object.keys(told).length} integrations`);
    for (const failed of passes.unchanged.failed) console.log(failed);
    for (const [sql, times] of passes.unchanged.often)
      console.log(String(times).padStart(6), sql.replaceAll(/\s+/g, ' ').slice(0, 160));
  } finally {
    child.kill();
    await fs.rm(bundle, { force: true });
    await fs.rm(folder, { recursive: true, force: true });
  }
}

const modes: Readonly<Record<string, () => Promise<void>>> = { vendors, pass };
await (modes[process.argv[2] ?? ''] ?? bench)();
