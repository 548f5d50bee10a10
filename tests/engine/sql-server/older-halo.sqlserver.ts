import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openParts } from '../../../node/src/commands/open-parts.ts';
import { KnownSecrets } from '../../../node/src/secrets/known-secrets.ts';
import { databaseChecks } from '../../../node/src/commands/test-database.ts';
import type { Check } from '../../../node/src/commands/check.ts';
import { loadSettings } from '../../../node/src/config/load-settings.ts';
import { fillDemoContent } from '../../../node/src/database/demo-content/demo-content.ts';
import { integrations } from '../../../node/src/integrations/registry.ts';
import { integrationStates } from '../../../node/src/sync/plan.ts';
import { syncAll } from '../../../node/src/sync/run.ts';
import type { SyncParts } from '../../../node/src/sync/sync.ts';
import { systemEnvironment } from '../../../node/src/system-environment.ts';
import { startPax8Sandbox } from '../../sandbox/pax8/pax8-sandbox.ts';
import { makeTestDatabase } from './test-database.ts';

const environment = systemEnvironment(tmpdir());
let made: Awaited<ReturnType<typeof makeTestDatabase>>;
let sandbox: Awaited<ReturnType<typeof startPax8Sandbox>>;
let folder: string;

beforeAll(async () => {
  made = await makeTestDatabase({
    lacking: ['AzureDelta', 'NHServerLogs', 'USERS.uextn', 'Licence.lvendorproductsku'],
  });
  folder = await fs.mkdtemp(join(tmpdir(), 'halo-older-'));
  sandbox = await startPax8Sandbox({ companies: 4, subscriptions: 20, products: 3, contactsPerCompany: 2, seed: 3 });
});
afterAll(async () => {
  await sandbox.close();
  await made.close();
  await fs.rm(folder, { recursive: true, force: true });
});

async function within<T>(as: typeof made.least, work: (parts: SyncParts) => Promise<T>): Promise<T> {
  const path = join(folder, 'appsettings.json');
  const { url: BaseUrl, clientId: ClientId, clientSecret: ClientSecret } = sandbox;
  const all = (...names: string[]) => Object.fromEntries(names.map((name) => [name, true]));
  await fs.writeFile(
    path,
    JSON.stringify({
      HaloUrl: 'https://halo.example.com',
      Database: as,
      Integrations: {
        Pax8: {
          Entities: all('Customers', 'Contacts', 'Products', 'Subscriptions'),
          Settings: { BaseUrl, ClientId, ClientSecret },
        },
        EntraId: { Entities: all('Users'), Settings: { ClientId: 'x', ClientSecret: 'y' } },
      },
    }),
  );
  const parts = await openParts(
    await loadSettings(path, environment, integrations),
    environment,
    integrations,
    new KnownSecrets(),
  );
  try {
    return await work(parts);
  } finally {
    await parts.database.close();
    await parts.log.close();
  }
}

async function logged(): Promise<string[]> {
  const files = (await fs.readdir(join(folder, 'logs'))).filter((name) => name.endsWith('.log'));
  return (await Promise.all(files.map((name) => fs.readFile(join(folder, 'logs', name), 'utf8'))))
    .join('\n')
    .split('\n');
}

describe('an older Halo', () => {
  it('gets what it has columns for, says once what is left out, and runs nothing it has no table for', async () => {
    await fillDemoContent(made.open(), environment.clock);
    const report = await within(made.least, (parts) =>
      syncAll({ whatIf: false }, parts, () => undefined, new AbortController().signal),
    );
    expect(report.results.map(({ entity, status, error }) => [entity, status, error?.message])).toEqual(
      ['Customers', 'Contacts', 'Products', 'Subscriptions'].map((entity) => [entity, 'succeeded', undefined]),
    );
    expect(await made.open().count('Licence')).toBe(20);
    const lines = await logged();
    for (const column of ['USERS.uextn', 'Licence.lvendorproductsku'])
      expect([column, lines.filter((line) => line.includes(`no column ${column}`)).length]).toEqual([column, 1]);
    expect(lines.filter((line) => line.includes('EntraId Users is left out'))).toHaveLength(1);
  });

  it('is shown with the reason, and listed without what it lacks', async () => {
    await within(made.least, async (parts) => {
      const states = await integrationStates(parts);
      expect(states.find(({ integration, entity }) => integration === 'EntraId' && entity === 'Users')).toMatchObject({
        willRun: false,
        reason: 'This version of Halo has no table AzureDelta.',
      });
      const [user] = ((await parts.api.list('Users')) as { record_count: number; users?: object[] }).users ?? [];
      expect(user).toHaveProperty('emailaddress');
      expect(user).not.toHaveProperty('phonenumber');
    });
  });
});

describe('Test-HaloDbConfig', () => {
  const checksAs = (as: typeof made.least) =>
    within(as, async (parts) => {
      const checks: Check[] = [];
      await databaseChecks(parts, checks);
      return new Map(checks.map((check) => [check.name, check]));
    });

  it('names missing columns, and passes with the rights of the grant script', async () => {
    const checks = await checksAs(made.least);
    expect(checks.get('Halo tables')).toMatchObject({ passed: true, detail: expect.stringContaining('USERS.uextn') });
    expect(checks.get('Database rights')).toMatchObject({
      passed: false,
      detail: expect.stringMatching(/^Missing: [^;]* on AzureDelta; SELECT on NHServerLogs\.$/),
    });
  });

  it('lists missing rights by table', async () => {
    await made.run(`REVOKE INSERT ON [Licence] TO [${made.least.Username}]`);
    await made.run(`REVOKE UPDATE ON [Licence] TO [${made.least.Username}]`);
    await made.run(`REVOKE SELECT ON [TREE] TO [${made.least.Username}]`);
    const { detail } = (await checksAs(made.least)).get('Database rights') ?? {};
    expect(detail).toMatch(/(INSERT, UPDATE|UPDATE, INSERT) on Licence; /);
    expect(detail).toContain('SELECT on TREE');
  });

  it('names a compatibility level below 130', async () => {
    const { recordset } = await made.admin
      .request()
      .query<{ level: number }>('SELECT compatibility_level AS level FROM sys.databases WHERE database_id = DB_ID()');
    const level = Number(recordset[0]?.level);
    const check = (await checksAs(made.least)).get('Database set-up');
    if (level < 130) expect(check).toMatchObject({ passed: false, detail: expect.stringContaining(`level ${level}`) });
    else expect(check).toBeUndefined();
  });
});
