import { spawnSync } from 'node:child_process';
import { hash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openParts } from '../node/src/commands/open-parts.ts';
import { loadSettings } from '../node/src/config/load-settings.ts';
import type { Database, Row } from '../node/src/database/database.ts';
import { fillDemoContent } from '../node/src/database/demo-content/demo-content.ts';
import { openEmbeddedDatabase } from '../node/src/database/embedded/embedded-database.ts';
import { KnownSecrets } from '../node/src/secrets/known-secrets.ts';
import { entity } from '../node/src/integrations/kit/descriptor/described-entity.ts';
import type { Descriptor } from '../node/src/integrations/kit/descriptor/descriptor.ts';
import { integrationOf } from '../node/src/integrations/kit/descriptor/integration-of.ts';
import { assets } from '../node/src/integrations/kit/kinds/assets/assets.ts';
import { recordShape } from '../node/src/reading/record-shape.ts';
import type { VendorPage } from '../node/src/reading/vendor-page.ts';
import { syncAll } from '../node/src/sync/run.ts';
import { systemEnvironment } from '../node/src/system-environment.ts';
import { engineFlags } from '../scripts/node-24.mjs';

// Devices with fields: the first pass, one where the vendor gives the same pages, one where it does not tell so; see README.md.
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'bench/tmp/assets');
const settingsFile = join(folder, 'appsettings.json');
/** What is measured is one file, as the engine is shipped. */
const bundle = join(root, 'bench/assets.bundle.mjs');
const onServer = process.argv.includes('--sql-server');
const [devices = 20_000, fields = 25] = process.argv
  .slice(2)
  .filter((word) => /^\d+$/.test(word))
  .map(Number);
const pageSize = 500;
const firstField = 1000;
const moduleId = 70;

interface Device {
  readonly id: string;
  readonly [field: string]: string;
}

function deviceAt(at: number): Device {
  const values = Array.from({ length: fields }, (_, field) => [`field${field}`, `value ${field} of device ${at}`]);
  return { ...Object.fromEntries(values), id: `device-${at}`, name: `PC-${at}`, field0: `SN${at}X${at % 97}` };
}

/** Pages as texts, as they would come over the wire; with a hash of each where the vendor's list is one that is hashed. */
async function* pages(hashed: boolean): AsyncGenerator<VendorPage> {
  for (let from = 0; from < devices; from += pageSize) {
    const text = JSON.stringify(
      Array.from({ length: Math.min(pageSize, devices - from) }, (_, at) => deviceAt(from + at)),
    );
    const last = from + pageSize >= devices;
    let records: readonly unknown[] | undefined;
    yield {
      get records() {
        return (records ??= JSON.parse(text) as unknown[]);
      },
      ...(hashed && { content: hash('sha256', text, 'base64'), size: Math.min(pageSize, devices - from) }),
      list: { total: devices, position: from, ...(last && { end: 'total' as const }) },
      ...(!last && { cursor: String(from + pageSize) }),
    };
  }
}

const shape = recordShape({ id: 'id', name: 'text' }, { id: 'id', name: ['name'] });
function benchIntegration(hashed: boolean) {
  return integrationOf({
    name: 'Acme',
    displayName: 'Acme',
    summary: 'Devices.',
    halo: { modules: ['Acme'], details: { table: 'SnipeITDetails' } },
    settings: {},
    entities: [
      entity({
        name: 'Devices',
        description: 'Devices as assets.',
        kind: assets(),
        source: () => ({ shape, pages: () => pages(hashed) }),
        record: (record, id) => ({
          id,
          name: record.name,
          serial: (record as unknown as Device)['field0'],
          fields: record as unknown as Device,
        }),
      }),
    ],
    probe: () => Promise.resolve(''),
    documentation: {},
    assumed: [],
    triedAgainst: '',
  } satisfies Descriptor);
}

async function pass(hashed: boolean): Promise<void> {
  const environment = systemEnvironment(folder);
  const integrations = [benchIntegration(hashed)];
  const parts = await openParts(
    await loadSettings(settingsFile, environment, integrations),
    environment,
    integrations,
    new KnownSecrets(),
  );
  const { results } = await syncAll({ whatIf: false }, parts, () => {}, new AbortController().signal);
  await parts.database.close();
  await parts.log.close();
  console.log(JSON.stringify(results[0]));
}

async function fill(database: Database): Promise<void> {
  await fillDemoContent(database, systemEnvironment(folder).clock);
  const numbers = Array.from({ length: fields }, (_, at) => at);
  const field = (at: number): number => firstField + at;
  const tables: Record<string, Row[]> = {
    MODULESETUP: [{ MSid: moduleId, MSName: 'Acme', MSActualName: 'Acme', MSHaloIntegratorEnabled: true }],
    SnipeITDetails: [{ SDname: 'Acme', SDenableintegrator: true, SDdtype: 50, SDdevicesite: 1, SDdeletedevices: true }],
    XTYPE: [{ TTypenum: 50, tdesc: 'Computer', Tgeneric: 1 }],
    FIELD: numbers.map((at) => ({ Ykind: 'T', Yseq: field(at), Yname: at === 0 ? 'Serial Number' : `Field ${at}` })),
    TYPEINFO: numbers.map((at) => ({ Xkind: 'T', Xnum: 50, Xseq: at + 1, Xfieldnos: field(at) })),
    IntegrationFieldMapping: numbers.map((at) => ({
      ...{ IFMfiid: field(at), IFMfiname: `Field ${at}`, IFMThirdPartyName: `field${at}` },
      ...{ IFMmsid: moduleId, IFMtypeid: 0, IFMIsAssetField: true },
    })),
  };
  await using session = await database.session('bench');
  await session.transaction(async (transaction) => {
    for (const [table, rows] of Object.entries(tables)) await transaction.insert(table, rows);
  });
}

function child(word: 'hashed' | 'plain'): {
  seconds: number;
  cpu: number;
  megabytes: number;
  result: Record<string, unknown>;
} {
  const begun = performance.now();
  const args = [...engineFlags, bundle, 'pass', word, String(devices), String(fields)];
  const done = spawnSync('/usr/bin/time', ['-f', '%M %U %S', process.execPath, ...args], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`ended with ${done.status}: ${done.stderr}${done.stdout.slice(0, 2000)}`);
  const [kilobytes = 0, user = 0, system = 0] = (done.stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  return {
    seconds: (performance.now() - begun) / 1000,
    cpu: user + system,
    megabytes: kilobytes / 1024,
    result: JSON.parse(done.stdout.trim().split('\n').at(-1) ?? '{}') as Record<string, unknown>,
  };
}

async function bench(): Promise<void> {
  await fs.rm(folder, { recursive: true, force: true });
  await fs.mkdir(folder, { recursive: true });
  const made = onServer
    ? await (await import('../tests/engine/sql-server/test-database.ts')).makeTestDatabase()
    : undefined;
  const { bundleBench } = await import('./bundle.ts');
  await bundleBench(join(root, 'bench/assets.ts'), bundle, ['*/test-database.ts']);
  try {
    await fs.writeFile(
      settingsFile,
      JSON.stringify({
        HaloUrl: 'https://halo.example.com',
        Database: made?.settings ?? { Server: '(embedded)', Name: 'halo.db' },
        Integrations: { Acme: { Entities: { Devices: true } } },
      }),
    );
    const { clock } = systemEnvironment(folder);
    const database = made?.open() ?? openEmbeddedDatabase({ path: join(folder, 'halo.db'), clock, fs });
    await database.connect();
    await fill(database);
    await database.close();
    const passes = { first: child('hashed'), 'same pages': child('hashed'), 'pages not told': child('plain') };
    const { cpu: first } = passes.first;
    console.table(
      Object.fromEntries(
        Object.entries(passes).map(([name, { seconds, cpu, megabytes, result }]) => [
          name,
          {
            ...{ seconds: seconds.toFixed(2), CPU: cpu.toFixed(2), 'of the first': (cpu / first).toFixed(2) },
            MB: megabytes.toFixed(0),
            ...{ created: result['created'], updated: result['updated'], unchanged: result['unchanged'] },
            ...{ rejected: result['rejected'], status: result['status'] },
          },
        ]),
      ),
    );
  } finally {
    await made?.close();
    await fs.rm(bundle, { force: true });
    await fs.rm(folder, { recursive: true, force: true });
  }
}

await (process.argv[2] === 'pass' ? pass(process.argv[3] === 'hashed') : bench());
