import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Database, Row } from '../../../node/src/database/database.ts';
import { fillDemoContent } from '../../../node/src/database/demo-content/demo-content.ts';
import { openEmbeddedDatabase } from '../../../node/src/database/embedded/embedded-database.ts';
import { databaseContract } from './contract.ts';

const clock = {
  now: () => new Date(),
  sleep: (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds)),
};

async function openTemporary() {
  const folder = await fs.mkdtemp(join(tmpdir(), 'halo-embedded-'));
  const path = join(folder, 'made', 'halo.db');
  const database = openEmbeddedDatabase({ path, clock, fs });
  return {
    path,
    database,
    async close() {
      await database.close();
      await fs.rm(folder, { recursive: true, force: true });
    },
  };
}

databaseContract('The embedded database', openTemporary);

describe('The embedded database', () => {
  let opened: Awaited<ReturnType<typeof openTemporary>>;
  let database: Database;
  beforeAll(async () => {
    opened = await openTemporary();
    database = opened.database;
    await fillDemoContent(database, clock);
  });
  afterAll(async () => opened.close());

  const insert = async (table: string, row: Row) => {
    await using session = await database.session('test');
    return await session.transaction((transaction) => transaction.insert(table, [row]));
  };

  it('counts rows that hold something in a column as they are compared, whatever index it is read from', async () => {
    const ids = ['A', 'a ', 'b', null, '', 'B', 'c'];
    for (const [at, id] of ids.entries())
      await insert('ExternalLink', {
        ...{ ELTableId: 4711, ELModuleId: 1, ELDetailsId: at === 6 ? 2 : 1, ELHaloId: at },
        ...{ ELThirdPartyId: id, ELIsPrimary: true },
      });
    const own = { column: 'ELTableId', is: 'equal', value: 4711 } as const;
    const scope = [own, { column: 'ELDetailsId', is: 'equal', value: 1 }] as const;
    const held = { column: 'ELThirdPartyId', is: 'not-null' } as const;
    const count = (all: Parameters<Database['count']>[1], different?: string) =>
      database.count('ExternalLink', all, different);
    expect(await count({ all: [...scope, held] })).toBe(5);
    expect(await count({ all: [...scope, held] }, 'ELThirdPartyId')).toBe(3);
    expect(await count({ all: scope }, 'ELThirdPartyId')).toBe(3);
    expect(await count({ all: [...scope, held] }, 'ELHaloId')).toBe(5);
    expect(await count({ all: [own, held] })).toBe(6);
    expect(await count({ all: [own] })).toBe(7);
  });

  it('says which file it is and finds nothing wrong with it', async () => {
    expect(await database.connect()).toContain(opened.path);
    expect(await database.problems()).toEqual([]);
    expect(await database.missingRights(new Map([['Licence', ['INSERT']]]))).toEqual([]);
  });

  it('has demo content once, with sites and users that hang together', async () => {
    await fillDemoContent(database, clock);
    expect(await database.count('AREA')).toBe(8);
    const orphans = await database.read({
      from: 'USERS',
      as: 'u',
      columns: ['u.Uid'],
      joins: [
        { kind: 'left', table: 'SITE', as: 's', on: [['u.Usite', 's.Ssitenum']] },
        { kind: 'left', table: 'AREA', as: 'a', on: [['s.Sarea', 'a.Aarea']] },
      ],
      where: { column: 'a.Aarea', is: 'null' },
    });
    expect(orphans).toEqual([]);
  });

  it.each([
    ['null in a NOT NULL column', { Uid: 900, uusername: null, Usite: 1 }, 'uusername'],
    ['a NOT NULL column left out', { Uid: 900, Usite: 1 }, 'uusername'],
    ['the key left out', { uusername: 'Nobody', Usite: 1 }, 'Uid'],
    ['too long a text', { Uid: 900, uusername: 'x'.repeat(256), Usite: 1 }, 'uusername'],
    ['a number too large', { Uid: 2 ** 31, uusername: 'Big', Usite: 1 }, 'Uid'],
    ['a key taken twice', { Uid: 1, uusername: 'Second', Usite: 1 }, 'Uid'],
  ])('refuses %s, as Halo would', async (_, row, column) => {
    await expect(insert('USERS', row)).rejects.toMatchObject({
      code: 'DatabaseConstraint',
      message: expect.stringContaining(column),
    });
  });

  it('keeps the length and null rules in the file itself', () => {
    const raw = new DatabaseSync(opened.path);
    expect(() => raw.prepare('INSERT INTO Licence (LID, lstatus) VALUES (1, ?)').run('x'.repeat(101))).toThrow(
      'lstatus',
    );
    expect(() => raw.exec('INSERT INTO USERS (Uid, Usite) VALUES (901, 1)')).toThrow('uusername');
    raw.close();
  });

  it('rejects the one record of a set that cannot be stored and writes the others', async () => {
    await using session = await database.session('test');
    const { rows } = await session.transaction((transaction) =>
      transaction.upsert({
        table: 'Licence',
        key: { column: 'LID', kind: 'allocate' },
        columns: ['LDesc', 'lstatus'],
        rows: [{ values: { LDesc: 'ok', lstatus: 'x'.repeat(101) } }, { values: { LDesc: 'ok', lstatus: 'Active' } }],
        match: [],
        onInsert: {},
        stamps: {},
      }),
    );
    expect(rows).toEqual([
      { outcome: 'rejected', reason: expect.stringContaining('lstatus') },
      { outcome: 'created', key: expect.any(Number) },
    ]);
  });

  it('writes nothing to the file when nothing changed', async () => {
    const rows = Array.from({ length: 50 }, (_, at) => ({
      values: { LDesc: `Unchanged ${at}`, LCount: at },
      linkId: `unchanged-${at}`,
      linkValues: { ELThirdPartyDesc: 'same' },
    }));
    const pass = async () => {
      await using session = await database.session('pass');
      await session.transaction((transaction) =>
        transaction.upsert({
          table: 'Licence',
          key: { column: 'LID', kind: 'allocate' },
          columns: ['LDesc', 'LCount'],
          rows,
          match: [{ by: 'link' }],
          onInsert: {},
          stamps: { LVendor: 'stamp' },
          link: {
            table: 'ExternalLink',
            keyColumn: 'ELHaloId',
            idColumn: 'ELThirdPartyId',
            scope: { ELTableId: 1, ELModuleId: 1, ELDetailsId: 1 },
            onInsert: { ELIsPrimary: true },
          },
        }),
      );
    };
    await pass();
    const raw = new DatabaseSync(opened.path);
    const version = () => raw.prepare('PRAGMA data_version').get();
    const before = version();
    await pass();
    expect(version()).toEqual(before);
    raw.close();
  });

  it('says that a folder is no database', async () => {
    const folder = join(opened.path, '..');
    await expect(openEmbeddedDatabase({ path: folder, clock, fs }).connect()).rejects.toMatchObject({
      code: 'DatabaseNotFound',
    });
  });

  it.each([
    ['cut to half', async (path: string) => fs.truncate(path, 4096)],
    ['cut to nothing', async (path: string) => fs.truncate(path, 0)],
    ['all zeros', async (path: string) => fs.writeFile(path, Buffer.alloc(8192))],
    [
      'all random',
      async (path: string) =>
        fs.writeFile(path, Buffer.from(Array.from({ length: 8192 }, (_, at) => (at * 7919 + 13) % 256))),
    ],
    [
      'another database',
      async (path: string) => {
        await fs.rm(path);
        const other = new DatabaseSync(path);
        other.exec('CREATE TABLE holder (one TEXT)');
        other.close();
      },
    ],
    [
      'an empty folder',
      async (path: string) => {
        await fs.rm(path);
        await fs.mkdir(path);
      },
    ],
    [
      'a link that leads nowhere',
      async (path: string) => {
        await fs.rm(path, { recursive: true });
        // Windows lets no ordinary account make a link.
        if (process.platform === 'win32') await fs.mkdir(path);
        else await fs.symlink('/nowhere/at/all', path);
      },
    ],
  ])('makes a lock file anew that is %s, and says so', async (_, damage) => {
    const warnings: string[] = [];
    const { path } = opened;
    const again = openEmbeddedDatabase({ path, clock, fs, warn: (message) => warnings.push(message) });
    const lock = `${path}-lock-damaged`;
    {
      await using session = await again.session('first');
      expect(await session.lock('damaged')).toEqual({ acquired: true });
    }
    await damage(lock);
    {
      await using session = await again.session('second');
      expect(await session.lock('damaged')).toEqual({ acquired: true });
      await using third = await again.session('third');
      expect(await third.lock('damaged')).toMatchObject({ acquired: false });
    }
    // SQLite itself takes what is empty for new.
    expect(warnings).toEqual(/nothing/.test(_) ? [] : [`The lock file ${lock} was damaged, and was made anew.`]);
    await again.close();
  });

  it('names a file that is damaged or no database, and leaves it as it is', async () => {
    const path = join(opened.path, '..', 'damaged.db');
    const whole = openEmbeddedDatabase({ path, clock, fs });
    await whole.connect();
    await whole.close();
    for (const damage of [() => fs.truncate(path, 300_000), () => fs.writeFile(path, 'no database '.repeat(1000))]) {
      await damage();
      const before = await fs.readFile(path);
      const database = openEmbeddedDatabase({ path, clock, fs });
      await expect(database.count('AREA')).rejects.toMatchObject({
        code: 'DatabaseDamaged',
        message: expect.stringContaining(path),
        advice: expect.stringContaining('backup'),
      });
      await database.close();
      expect((await fs.readFile(path)).equals(before)).toBe(true);
      // Nor is it held: on Windows it could not be moved then.
      await fs.rename(path, `${path}.aside`);
      await fs.rename(`${path}.aside`, path);
      if (process.platform === 'linux') {
        const held = await fs.readdir('/proc/self/fd');
        const paths = await Promise.all(held.map((one) => fs.readlink(`/proc/self/fd/${one}`).catch(() => '')));
        expect(paths).not.toContain(path);
      }
    }
  });

  it("leaves another program's database as it is", async () => {
    const path = join(opened.path, '..', 'foreign.db');
    const foreign = new DatabaseSync(path);
    foreign.exec('CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT)');
    foreign.close();
    const before = await fs.readFile(path);
    const database = openEmbeddedDatabase({ path, clock, fs });
    await expect(database.connect()).rejects.toMatchObject({
      code: 'DatabaseForeign',
      message: expect.stringContaining(path),
    });
    await database.close();
    expect((await fs.readFile(path)).equals(before)).toBe(true);
  });

  it('says so where it was there and is gone, and makes a new one only where there was none', async () => {
    const path = join(opened.path, '..', 'gone.db');
    let there = false;
    const mark = {
      path: '/state/embedded-database',
      isThere: async () => there,
      make: async () => void (there = true),
    };
    const open = () => openEmbeddedDatabase({ path, clock, fs, mark });
    const first = open();
    await first.connect();
    await first.close();
    expect(there).toBe(true);
    for (const take of [() => fs.rm(path), () => fs.writeFile(path, '')]) {
      await take();
      await expect(open().connect()).rejects.toMatchObject({
        code: 'DatabaseGone',
        message: expect.stringContaining(path),
        advice: expect.stringContaining('delete /state/embedded-database'),
      });
    }
    const emptied = new DatabaseSync(path);
    emptied.exec('CREATE TABLE one (id); DROP TABLE one');
    emptied.close();
    await expect(open().connect()).rejects.toMatchObject({
      code: 'DatabaseGone',
      message: expect.stringContaining('is empty'),
    });
    await fs.rm(path);
    await expect(open().connect()).rejects.toMatchObject({ code: 'DatabaseGone' });
    await expect(fs.stat(path)).rejects.toThrow();
    there = false;
    const anew = open();
    await anew.connect();
    await anew.close();
  });

  it('keeps a lock against another process and gives it up when that is killed', async () => {
    const child = spawn(
      process.execPath,
      ['--no-warnings', join(import.meta.dirname, 'lock-holder.ts'), opened.path, 'Pax8'],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    await using session = await database.session('second');
    try {
      const [line] = (await once(child.stdout, 'data')) as [Buffer];
      expect(JSON.parse(line.toString())).toEqual({ acquired: true });
      expect(await session.lock('pax8')).toEqual({
        acquired: false,
        by: { holder: expect.stringContaining(`process ${child.pid}`), since: expect.any(Date) },
      });
    } finally {
      child.kill('SIGKILL');
    }
    await once(child, 'exit');
    expect(await session.lock('Pax8')).toEqual({ acquired: true });
  });
});
