import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Database } from '../../../node/src/database/database.ts';
import { fillDemoContent } from '../../../node/src/database/demo-content/demo-content.ts';
import { systemEnvironment } from '../../../node/src/system-environment.ts';
import { startPax8Sandbox } from '../../sandbox/pax8/pax8-sandbox.ts';
import { makeTestDatabase } from './test-database.ts';
import { engineMain } from '../engine-main.ts';

const run = promisify(execFile);
const itemWriter = fileURLToPath(new URL('item-writer.ts', import.meta.url));

let made: Awaited<ReturnType<typeof makeTestDatabase>>;
let database: Database;

beforeAll(async () => {
  made = await makeTestDatabase();
  database = made.open();
  await fillDemoContent(database, systemEnvironment(tmpdir()).clock);
});
afterAll(async () => made.close());

describe('a table whose numbers are handed out', () => {
  it('takes rows of two engines and of the web application at the same moment, each once', async () => {
    const before = await database.count('ITEM');
    const writers = ['first', 'second'].map((name) =>
      run(process.execPath, ['--no-warnings', itemWriter, JSON.stringify(made.least), name, '15', '40']),
    );
    let ended = false;
    const done = Promise.all(writers).finally(() => (ended = true));
    let added = 0;
    // As the application does: the next number behind the highest, and once more where somebody else has just taken it.
    while (!ended) {
      try {
        await made.run(`INSERT INTO ITEM (Iid, idesc) SELECT ISNULL(MAX(Iid), 0) + 1, N'by hand ${added}' FROM ITEM`);
        added++;
      } catch (error) {
        expect(String(error)).toMatch(/duplicate key|PRIMARY KEY|deadlock/i);
      }
    }
    await done;
    expect(added).toBeGreaterThan(0);
    expect(await database.count('ITEM')).toBe(before + 1200 + added);
    const rows = await database.read({ from: 'ITEM', columns: ['idesc'] });
    expect(new Set(rows.map((row) => row['idesc'])).size).toBe(rows.length);
  });
});

/** All of it, as if no line were too narrow. */
function saidBy({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }): string {
  return (stdout + stderr).replaceAll(/\s+/g, ' ');
}

describe('two tasks on one entity', () => {
  it('do not meet: the second says who is at it and since when, and exits with 4', async () => {
    const folder = await fs.mkdtemp(join(tmpdir(), 'halo-overlap-'));
    const sandbox = await startPax8Sandbox({
      companies: 2,
      subscriptions: 2,
      products: 2,
      contactsPerCompany: 1,
      seed: 1,
    });
    try {
      const settings = { BaseUrl: sandbox.url, ClientId: sandbox.clientId, ClientSecret: sandbox.clientSecret };
      await using holder = await database.session('Pax8 Products');
      const sync = async (Database: typeof made.settings) => {
        await fs.writeFile(
          join(folder, 'appsettings.json'),
          JSON.stringify({
            HaloUrl: 'https://halo.example.com',
            Database,
            Integrations: { Pax8: { Entities: { Products: true }, Settings: settings } },
          }),
        );
        return run(process.execPath, ['--no-warnings', engineMain, 'sync', 'Pax8', '--config', folder]).then(
          () => ({ code: 0, stdout: '', stderr: '' }),
          (error: { code: number; stdout: string; stderr: string }) => error,
        );
      };
      expect(await holder.lock('HaloDBIntegrator Pax8 1 Products')).toEqual({ acquired: true });
      const second = await sync(made.settings);
      expect(second.code).toBe(4);
      expect(saidBy(second)).toMatch(new RegExp(`process ${process.pid}\\).* since \\d{4}-`));
      // Without VIEW SERVER STATE the server does not tell.
      const unprivileged = await sync(made.least);
      expect(unprivileged.code).toBe(4);
      expect(saidBy(unprivileged)).toContain('VIEW SERVER STATE');
      await holder.unlock('HaloDBIntegrator Pax8 1 Products');
      expect((await sync(made.least)).code).toBe(0);
    } finally {
      await sandbox.close();
      await fs.rm(folder, { recursive: true, force: true });
    }
  });
});
