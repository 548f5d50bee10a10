import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import sql from 'mssql';
import { openParts } from '../../../node/src/commands/open-parts.ts';
import { KnownSecrets } from '../../../node/src/secrets/known-secrets.ts';
import { loadSettings } from '../../../node/src/config/load-settings.ts';
import type { Database } from '../../../node/src/database/database.ts';
import { fillDemoContent } from '../../../node/src/database/demo-content/demo-content.ts';
import { integrations } from '../../../node/src/integrations/registry.ts';
import { syncAll } from '../../../node/src/sync/run.ts';
import { systemEnvironment } from '../../../node/src/system-environment.ts';
import { startPax8Sandbox } from '../../sandbox/pax8/pax8-sandbox.ts';
import { makeTestDatabase } from './test-database.ts';

let made: Awaited<ReturnType<typeof makeTestDatabase>>;
let database: Database;
const environment = systemEnvironment(tmpdir());

beforeAll(async () => {
  made = await makeTestDatabase();
  database = made.open();
  await fillDemoContent(database, environment.clock);
});
afterAll(async () => made.close());

describe('Pax8 into SQL Server', () => {
  it('brings everything once, and the second time writes nothing', async () => {
    const folder = await fs.mkdtemp(join(tmpdir(), 'halo-sqlserver-'));
    const sandbox = await startPax8Sandbox({
      companies: 8,
      subscriptions: 450,
      products: 12,
      contactsPerCompany: 2,
      seed: 5,
    });
    try {
      const path = join(folder, 'appsettings.json');
      const { settings: Database } = made;
      await fs.writeFile(
        path,
        JSON.stringify({
          HaloUrl: 'https://halo.example.com',
          Database,
          Integrations: {
            Pax8: {
              Entities: { Customers: true, Contacts: true, Products: true, Subscriptions: true },
              Settings: { BaseUrl: sandbox.url, ClientId: sandbox.clientId, ClientSecret: sandbox.clientSecret },
            },
          },
        }),
      );
      const pass = async () => {
        const parts = await openParts(
          await loadSettings(path, environment, integrations),
          environment,
          integrations,
          new KnownSecrets(),
        );
        try {
          return await syncAll({ whatIf: false }, parts, () => {}, new AbortController().signal);
        } finally {
          await parts.database.close();
          await parts.log.close();
        }
      };
      const first = await pass();
      expect(first.results.map((one) => [one.entity, one.status, one.error?.message])).toEqual(
        ['Customers', 'Contacts', 'Products', 'Subscriptions'].map((entity) => [entity, 'succeeded', undefined]),
      );
      expect(await database.count('Licence')).toBe(450);
      const second = await pass();
      for (const result of second.results)
        expect([result.entity, result.created, result.updated, result.rejected]).toEqual([result.entity, 0, 0, 0]);
    } finally {
      await sandbox.close();
      await fs.rm(folder, { recursive: true, force: true });
    }
  });
});

describe('writers at the same moment', () => {
  it('never get the same number', async () => {
    const write = async (writer: number) => {
      await using session = await made.open().session(`writer ${writer}`);
      const { rows } = await session.transaction((transaction) =>
        transaction.upsert({
          table: 'ITEM',
          key: { column: 'Iid', kind: 'allocate' },
          columns: ['idesc'],
          rows: Array.from({ length: 300 }, (_, at) => ({ values: { idesc: `writer ${writer} item ${at}` } })),
          match: [],
          onInsert: {},
          stamps: {},
        }),
      );
      return rows.map((row) => ('key' in row ? row.key : 0));
    };
    const keys = (await Promise.all([1, 2, 3].map(write))).flat();
    expect(new Set(keys).size).toBe(900);
    expect(await database.count('ITEM', { column: 'idesc', is: 'starts-with', value: 'writer ' })).toBe(900);
  });

  it('that deadlock both come through', async () => {
    const [first, second] = [made.open(), made.open()];
    let arrived = 0;
    let go: () => void = () => {};
    const both = new Promise<void>((resolve) => (go = resolve));
    const cross = async (one: Database, tables: readonly [string, string][]) => {
      await using session = await one.session('crossing');
      let attempts = 0;
      await session.transaction(async (transaction) => {
        attempts++;
        for (const [at, [table, key]] of tables.entries()) {
          if (at === 1 && attempts === 1) {
            if (++arrived === 2) go();
            await both;
          }
          const column = table === 'AREA' ? 'AWebsite' : 'SPhoneNumber';
          await transaction.update(table, { [column]: `attempt ${attempts}` }, { column: key, is: 'equal', value: 1 });
        }
      });
      return attempts;
    };
    const area = ['AREA', 'Aarea'] as [string, string];
    const site = ['SITE', 'Ssitenum'] as [string, string];
    const attempts = await Promise.all([cross(first, [area, site]), cross(second, [site, area])]);
    expect(Math.max(...attempts)).toBeGreaterThan(1);
  });

  it('that wait for a lock say on what, and whose it is where the server tells, and then come through', async () => {
    const lines: string[] = [];
    let release: () => void = () => {};
    const told = new Promise<void>((resolve) => (release = resolve));
    const say = (line: string): void => {
      lines.push(line);
      release();
    };
    const waiting = made.open(undefined, undefined, undefined, { info: say, warn: say });
    await using holding = await database.session('holding rows');
    await using session = await waiting.session('waiting for rows');
    const set = (AWebsite: string) => ({ AWebsite });
    const first = { column: 'Aarea', is: 'equal', value: 1 } as const;
    let locked: () => void = () => {};
    const isLocked = new Promise<void>((resolve) => (locked = resolve));
    const holder = holding.transaction(async (transaction) => {
      await transaction.update('AREA', set('theirs'), first);
      locked();
      await told;
    });
    await isLocked;
    await session.transaction((transaction) => transaction.update('AREA', set('ours'), first));
    await holder;
    expect(lines[0]).toMatch(
      /^waiting for rows (is repeated|has waited \d+ s for the database): (AREA is locked by HaloDBIntegrator holding rows \(login |somebody else keeps rows locked \(of AREA\)).* Try 2 of 8 follows in /,
    );
    const [row] = await database.read({ from: 'AREA', columns: ['AWebsite'], where: first });
    expect(row).toEqual({ AWebsite: 'ours' });
  });

  it('lose their lock with their process', async () => {
    const child = spawn(
      process.execPath,
      ['--no-warnings', fileURLToPath(new URL('lock-holder.ts', import.meta.url)), JSON.stringify(made.settings)],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    for await (const line of createInterface({ input: child.stdout })) {
      expect(JSON.parse(line)).toEqual({ acquired: true });
      break;
    }
    await using session = await database.session('waiting');
    expect(await session.lock('held elsewhere')).toMatchObject({ acquired: false });
    child.kill('SIGKILL');
    await once(child, 'exit');
    let lock = await session.lock('held elsewhere');
    for (let tries = 0; !lock.acquired && tries < 100; tries++) {
      await environment.clock.sleep(100);
      lock = await session.lock('held elsewhere');
    }
    expect(lock).toEqual({ acquired: true });
  });
});

describe('a trigger that answers rows of its own', () => {
  it('is not taken for the answer of the statement', async () => {
    await made.run(
      `CREATE TRIGGER telling ON [ITEM] AFTER INSERT, UPDATE AS BEGIN SET NOCOUNT ON; SELECT N'a trigger' AS [n], N'was here' AS [k] END`,
    );
    try {
      await using session = await database.session('trigger');
      const write = (ICostPrice: number) =>
        session.transaction((transaction) =>
          transaction.upsert({
            table: 'ITEM',
            key: { column: 'Iid', kind: 'allocate' },
            columns: ['idesc', 'ICostPrice'],
            rows: Array.from({ length: 3 }, (_, at) => ({ values: { idesc: `triggered ${at}`, ICostPrice } })),
            match: [{ by: 'columns', columns: ['idesc'] }],
            onInsert: {},
            stamps: {},
          }),
        );
      expect((await write(1)).rows.map(({ outcome }) => outcome)).toEqual(['created', 'created', 'created']);
      expect((await write(2)).rows.map(({ outcome }) => outcome)).toEqual(['updated', 'updated', 'updated']);
      const changed = await session.transaction((transaction) =>
        transaction.update('ITEM', { ICostPrice: 3 }, { column: 'idesc', is: 'starts-with', value: 'triggered ' }),
      );
      expect(changed).toBe(3);
    } finally {
      await made.run('DROP TRIGGER telling');
    }
  });
});

describe('small decimals', () => {
  it('keep their digits, one by one and by bulk load', async () => {
    await made.run(
      'CREATE TABLE [SmallDecimals] ([Id] int NOT NULL PRIMARY KEY, [Amount] decimal(38,10), [Price] money)',
    );
    await using session = await database.session('decimals');
    const rows = Array.from({ length: 250 }, (_, at) => ({ Id: at + 1, Amount: (at + 1) * 1e-7, Price: 1e-7 }));
    await session.transaction((transaction) => transaction.insert('SmallDecimals', rows.slice(0, 3)));
    await session.transaction((transaction) => transaction.insert('SmallDecimals', rows.slice(3)));
    const found = await database.read({
      from: 'SmallDecimals',
      columns: ['Id', 'Amount', 'Price'],
      orderBy: [{ column: 'Id' }],
    });
    expect(found).toHaveLength(250);
    for (const [at, row] of found.entries()) {
      expect(Number(row['Amount'])).toBeCloseTo((at + 1) * 1e-7, 10);
      expect(Number(row['Price'])).toBe(0);
    }
  });
});

describe('a row that goes before it is written', () => {
  it('is looked for again, and made anew', async () => {
    await using session = await database.session('gone');
    const request = {
      table: 'Licence',
      key: { column: 'LID', kind: 'allocate' },
      columns: ['LDesc', 'LCount'],
      match: [{ by: 'columns', columns: ['LDesc'] }],
      onInsert: {},
      stamps: {},
    } as const;
    const write = (LCount: number) =>
      session.transaction((transaction) =>
        transaction.upsert({ ...request, rows: [{ values: { LDesc: 'soon gone', LCount } }] }),
      );
    await write(1);
    const pool = await made.connect();
    const other = new sql.Transaction(pool);
    try {
      await other.begin();
      await new sql.Request(other).query("DELETE FROM [Licence] WHERE [LDesc] = N'soon gone'");
      // Whether the look waits for this or sees the row as it was, it is gone when it is written.
      const writing = write(2);
      await new Promise((resolve) => setTimeout(resolve, 500));
      await other.commit();
      expect((await writing).rows[0]?.outcome).toBe('created');
    } finally {
      await pool.close();
    }
    expect(
      await database.read({
        from: 'Licence',
        columns: ['LCount'],
        where: { column: 'LDesc', is: 'equal', value: 'soon gone' },
      }),
    ).toEqual([{ LCount: 2 }]);
  });
});

describe('large sets', () => {
  it('of money keep every digit', async () => {
    await using session = await database.session('money');
    const rows = Array.from({ length: 300 }, (_, at) => ({
      values: { aareadesc: `money ${at}`, Astartbalance: at * 0.29 },
    }));
    const request = {
      table: 'AREA',
      key: { column: 'Aarea', kind: 'allocate' },
      columns: ['aareadesc', 'Astartbalance'],
      rows,
      match: [{ by: 'columns', columns: ['aareadesc'] }],
      onInsert: {},
      stamps: {},
    } as const;
    await session.transaction((transaction) => transaction.upsert(request));
    const found = await database.read({
      from: 'AREA',
      columns: ['Astartbalance'],
      where: { column: 'aareadesc', is: 'starts-with', value: 'money ' },
      orderBy: [{ column: 'Aarea' }],
    });
    expect(found.map((row) => row['Astartbalance'])).toEqual(rows.map((_, at) => Math.round(at * 29) / 100));
    const second = await session.transaction((transaction) => transaction.upsert(request));
    expect(second.rows.every((row) => row.outcome === 'unchanged')).toBe(true);
  });

  it('go by bulk load, and a longer text than the column takes rejects its record alone', async () => {
    await using session = await database.session('bulk');
    const request = {
      table: 'Licence',
      key: { column: 'LID', kind: 'allocate' },
      columns: ['LDesc', 'LCount', 'LPrice', 'LDueDate', 'LIsActive', 'lstatus', 'LNotes'],
      match: [{ by: 'columns', columns: ['LDesc'] }],
      onInsert: {},
      stamps: {},
    } as const;
    const rows = Array.from({ length: 6000 }, (_, at) => ({
      values: {
        LDesc: `bulk ${at} üß漢`,
        LCount: at,
        LPrice: at / 8,
        LDueDate: at % 3 === 0 ? null : new Date(Date.UTC(2027, 0, 1, 0, 0, 0, at % 1000)),
        LIsActive: at % 2 === 0,
        lstatus: at === 17 ? 'x'.repeat(101) : 'Active',
        LNotes: at % 5 === 0 ? null : `notes\n${at}`,
      },
    }));
    const first = await session.transaction((transaction) => transaction.upsert({ ...request, rows }));
    expect(first.rows.filter((row) => row.outcome === 'created')).toHaveLength(5999);
    expect(first.rows[17]).toEqual({ outcome: 'rejected', reason: expect.stringContaining('lstatus') });
    const second = await session.transaction((transaction) => transaction.upsert({ ...request, rows }));
    expect(second.rows.filter((row) => row.outcome === 'unchanged')).toHaveLength(5999);
    expect(await database.count('Licence', { column: 'LDesc', is: 'starts-with', value: 'bulk ' })).toBe(5999);
  });
});
