import * as fs from 'node:fs/promises';
import { hash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { changesFile } from '../../../node/src/changes/change-file.ts';
import { damagedLines, openChanges } from '../../../node/src/changes/read-changes.ts';
import { readSettingsFile } from '../../../node/src/config/settings-file.ts';
import { ProcessLock } from '../../../node/src/database/embedded/process-lock.ts';
import { fillDemoContent } from '../../../node/src/database/demo-content/demo-content.ts';
import { openEmbeddedDatabase } from '../../../node/src/database/embedded/embedded-database.ts';
import type { Database } from '../../../node/src/database/database.ts';
import { translated } from '../../../node/src/database/embedded/sqlite-errors.ts';
import { IntegratorError } from '../../../node/src/errors/integrator-error.ts';
import { createLog } from '../../../node/src/logging/log.ts';
import { logFileName } from '../../../node/src/logging/log-files.ts';
import { readLog } from '../../../node/src/logging/read-log.ts';
import { openPlan } from '../../../node/src/plans/read-plan.ts';
import { findRuns } from '../../../node/src/runs/find-runs.ts';
import { RunStore } from '../../../node/src/runs/run-store.ts';
import { KnownSecrets } from '../../../node/src/secrets/known-secrets.ts';
import { CursorStore } from '../../../node/src/sync/cursor-store.ts';
import { KnownBatches } from '../../../node/src/sync/known-batches.ts';
import { readSize } from '../../../node/src/sync/read-size.ts';
import { RejectionList } from '../../../node/src/sync/rejection-list.ts';
import { StateFolder } from '../../../node/src/sync/state-folder.ts';
import { systemEnvironment } from '../../../node/src/system-environment.ts';

const environment = systemEnvironment(tmpdir());
const { clock } = environment;
const at = '2026-01-01T00:00:00.000Z';
let folder: string;
beforeEach(async () => {
  folder = await fs.mkdtemp(join(tmpdir(), 'halo-own-'));
});
afterEach(() => fs.rm(folder, { recursive: true, force: true }));

/** What a place that uses a file is given. */
interface Use {
  readonly fs: typeof fs;
  warn(message: string): void;
}

/** A file of ours: where it is, how it is made, and who reads it. */
interface OwnFile {
  readonly path: () => string;
  make(): Promise<void>;
  /** Reads, and where a run would write, writes. */
  use(use: Use): Promise<unknown>;
}

const stateFile = (name: string): string => join(folder, 'state', name);
const stateOf = (use: Use): StateFolder => new StateFolder(folder, { ...environment, fs: use.fs }, use.warn);
const makeState = (name: string, content: unknown): Promise<void> =>
  new StateFolder(folder, environment).write(name, content);
const rejection = { record: 'A', reason: 'R.', since: at, last: at, run: 'r', runs: 1 };
const kept = { integration: 'Pax8', connection: 'Main', entity: 'Products' };
const lines = (...all: readonly object[]): string => all.map((one) => `${JSON.stringify(one)}\n`).join('');
const change = { table: 'Licence', action: 'created', key: { LID: 1 }, after: { LDesc: 'A licence' } };
const batch = { batch: 1, at, ...kept };

/** Does something with the embedded database, and closes it. */
async function embedded(work: (database: Database) => Promise<unknown>): Promise<void> {
  const database = openEmbeddedDatabase({ path: join(folder, 'halo.db'), clock, fs });
  try {
    await database.connect();
    await work(database);
  } finally {
    await database.close();
  }
}
async function readAndWrite(database: Database): Promise<void> {
  await database.read({ from: 'AREA', columns: ['aareadesc'] });
  await using session = await database.session('test');
  await session.transaction((transaction) => transaction.update('AREA', { aareadesc: 'x' }, { all: [] }));
}

const files: Readonly<Record<string, OwnFile>> = {
  'an unfinished read': {
    path: () => stateFile('a.cursor'),
    make: () =>
      makeState('a.cursor', {
        at,
        settings: 's',
        cursor: '5',
        repeats: false,
        proof: { read: 1, lastItems: 1, pages: [] },
      }),
    async use(use) {
      const store = new CursorStore(stateOf(use), clock, 's');
      await store.load('a');
      await store.save('a', { cursor: '6', repeats: false, proof: { read: 1, lastItems: 1, pages: [] } });
    },
  },
  'known pages': {
    path: () => stateFile('a.known'),
    make: () =>
      makeState('a.known', {
        version: '1',
        settings: 's',
        basis: [],
        batches: [{ pages: [['x', 1]], comparedAt: at }],
      }),
    async use(use) {
      const parts = { folder: stateOf(use), clock, name: 'a', version: '1', settings: 's', hours: 24, warn: use.warn };
      const known = await KnownBatches.load(parts);
      await known.begin({ lookUpAgain: () => Promise.resolve(), value: () => Promise.resolve([]) } as never);
      await known.save(true);
    },
  },
  'the size of the last read': {
    path: () => stateFile('a.size'),
    make: () => makeState('a.size', { records: 5, of: '' }),
    async use(use) {
      await (await readSize(stateOf(use), 'a')).keep({ records: 6, of: '' });
    },
  },
  'rejected records': {
    path: () => stateFile('a.rejections'),
    make: () => makeState('a.rejections', { ...kept, left: 0, rejections: [rejection] }),
    async use(use) {
      const common = { folder: stateOf(use), clock, name: 'a', of: kept, run: 'r2', goesOn: false, days: 30, ...use };
      const list = await RejectionList.load({ ...common, secrets: new KnownSecrets() });
      list.rejected({ record: 'B', reason: 'No.' } as never);
      await list.save(true);
    },
  },
  'marks of records at work': {
    path: () => stateFile('a.marks'),
    make: async () => {
      await fs.mkdir(dirname(stateFile('a')), { recursive: true });
      await fs.writeFile(stateFile('a.marks'), `${hash('sha256', 'x', 'hex')}\n`);
    },
    async use(use) {
      const marks = await stateOf(use).marks('a.marks');
      await marks.set('y');
      await marks.close();
    },
  },
  'the record of runs': {
    path: () => stateFile('runs.db'),
    async make() {
      using store = RunStore.open(folder);
      const run = { id: 'one', startedAt: new Date(at), auto: true, whatIf: false, processId: 1, host: 'h' };
      store.begin({ ...run, settingsFingerprint: 'x' } as never, new Date(0));
    },
    async use() {
      using store = RunStore.openExisting(folder);
      if (store) findRuns(store, {}, new Date(), 'h');
    },
  },
  'the changes of a run': {
    path: () => changesFile(folder, 'run-1'),
    async make() {
      const path = changesFile(folder, 'run-1');
      await fs.mkdir(dirname(path), { recursive: true });
      await fs.writeFile(
        path,
        lines({ version: 1, run: 'run-1' }, batch, change, change, { committed: 1 }, batch, change),
      );
    },
    async use(use) {
      await using open = await openChanges(folder, 'run', { fs: use.fs });
      if (!open) return;
      for await (const { changes } of open.batches()) void changes;
      for (const place of (await open.places()).places) await open.at(place);
      const damage = damagedLines(open);
      if (damage !== undefined) use.warn(damage);
    },
  },
  'a plan': {
    path: () => join(folder, 'plan.jsonl'),
    make: () =>
      fs.writeFile(
        join(folder, 'plan.jsonl'),
        lines({ plan: 1, engine: '1', run: 'r', at, instance: 'i', database: 'd', entities: [] }, { end: 0, sum: 'x' }),
      ),
    async use(use) {
      const plan = await openPlan(join(folder, 'plan.jsonl'), { instance: 'i', database: 'd' }, { fs: use.fs });
      await plan[Symbol.asyncDispose]();
    },
  },
  'the settings': {
    path: () => join(folder, 'appsettings.json'),
    make: () => fs.writeFile(join(folder, 'appsettings.json'), '{"HaloUrl":"https://halo.example.com"}'),
    use: (use) => readSettingsFile(join(folder, 'appsettings.json'), { ...environment, fs: use.fs }),
  },
  'the log of today': {
    path: () => join(folder, 'logs', logFileName(new Date())),
    async make() {
      await fs.mkdir(join(folder, 'logs'), { recursive: true });
      await fs.writeFile(
        join(folder, 'logs', logFileName(new Date())),
        lines({ time: at, level: 'info', message: 'm' }),
      );
    },
    async use(use) {
      for (const { message, unreadable } of await readLog(folder, {})) {
        expect(message.length).toBeLessThan(1000);
        if (unreadable === true && message.startsWith(folder)) use.warn(message);
      }
      const log = await createLog({ folder, level: 'info', retentionDays: 9, secrets: new KnownSecrets() });
      log.info('still written');
      await log.close();
    },
  },
  'a packed log': {
    path: () => join(folder, 'logs', 'halo-db-integrator-2026-01-01.log.gz'),
    async make() {
      await fs.mkdir(join(folder, 'logs'), { recursive: true });
      const text = lines({ time: at, level: 'info', message: 'm' });
      await fs.writeFile(join(folder, 'logs', 'halo-db-integrator-2026-01-01.log.gz'), gzipSync(text.repeat(50)));
    },
    async use(use) {
      for (const { message, unreadable } of await readLog(folder, {})) if (unreadable === true) use.warn(message);
    },
  },
  'the embedded database': {
    path: () => join(folder, 'halo.db'),
    make: () => embedded(async () => {}),
    use: () => embedded(readAndWrite),
  },
  'the log of the embedded database': {
    path: () => join(folder, 'halo.db-wal'),
    async make() {
      // Copied while it is open, since closing would empty it.
      await embedded(async (database) => {
        if ((await database.count('AREA')) === 0) await fillDemoContent(database, clock);
        await readAndWrite(database);
        await fs.copyFile(join(folder, 'halo.db-wal'), join(folder, 'kept-wal'));
      });
      await fs.copyFile(join(folder, 'kept-wal'), join(folder, 'halo.db-wal'));
    },
    use: () => embedded(readAndWrite),
  },
  'the lock of an entity': {
    path: () => join(folder, 'halo.db-lock-x'),
    async make() {
      const lock = ProcessLock.take(join(folder, 'halo.db-lock-x'), 'me', new Date(), () => {});
      if ('release' in lock) lock.release();
    },
    async use(use) {
      const path = join(folder, 'halo.db-lock-x');
      try {
        const lock = ProcessLock.take(path, 'me', new Date(), () => use.warn(`${path} was damaged`));
        if ('release' in lock) lock.release();
      } catch (error) {
        throw translated(error, path);
      }
    },
  },
};

const content = (change: (bytes: Buffer) => Buffer | string) => async (path: string) =>
  fs.writeFile(path, change(await fs.readFile(path)));
const damages: Readonly<Record<string, (path: string) => Promise<void>>> = {
  'no bytes': content(() => ''),
  'cut in its middle': content((bytes) => bytes.subarray(0, bytes.length / 2)),
  'cut by a letter': content((bytes) => bytes.subarray(0, -1)),
  'all NULs': content((bytes) => bytes.fill(0)),
  'NULs from its middle on': content((bytes) => bytes.fill(0, Math.floor(bytes.length / 2))),
  'NULs behind it': content((bytes) => Buffer.concat([bytes, Buffer.alloc(4096)])),
  garbage: content((bytes) => bytes.map((_, place) => (place * 7919 + 13) & 255) as Buffer),
  'one bit turned': content(
    (bytes) => bytes.map((byte, place) => (place === bytes.length >> 1 ? byte ^ 4 : byte)) as Buffer,
  ),
  'a list': content(() => '[5]'),
  null: content(() => 'null'),
  'an empty object': content(() => '{}'),
  'a number': content(() => '1e999'),
  'a sealed null': content(() => sealed(null)),
  'a sealed text': content(() => sealed('text')),
  'sealed as another release has it': content(() =>
    sealed({ settings: 's', version: '1', proof: 7, batches: [null], rejections: [null], records: [] }),
  ),
  'a newer layout': content(() =>
    lines({ version: 99, run: 'run-1', plan: 99, engine: '9', instance: 'i', database: 'd' }),
  ),
  'a folder': async (path) => {
    await fs.rm(path, { recursive: true });
    await fs.mkdir(path);
    await fs.writeFile(join(path, 'inside'), '');
  },
  'a link to nowhere': async (path) => {
    await fs.rm(path, { recursive: true });
    await fs.symlink(join(folder, 'nowhere', 'at', 'all'), path);
  },
};
const sealed = (kept: unknown): string => JSON.stringify({ sum: hash('sha256', JSON.stringify(kept), 'base64'), kept });

/** What no administrator should read: codes, a parser's or a program's own words. */
const raw =
  /\bE[A-Z]{4,}\b|ERR_|SQLITE|SyntaxError|TypeError|JSON at|Unexpected|undefined|is not a function|not iterable|malformed|no such|unable to|illegal|incorrect header|cannot read prop|NaN|\[object/;

/** Uses the file, and holds what is said against what may be. */
async function expectWellTold(file: OwnFile, system: typeof fs = fs): Promise<IntegratorError | undefined> {
  const told: string[] = [];
  try {
    await file.use({ fs: system, warn: (message) => void told.push(message) });
  } catch (error) {
    if (!(error instanceof IntegratorError)) throw error;
    expect(error.message).toContain(folder);
    expect(error.advice).not.toMatch(raw);
    told.push(error.message);
    for (const message of told) expect(message).not.toMatch(raw);
    return error;
  }
  for (const message of told) {
    expect(message).not.toMatch(raw);
    expect(message).toMatch(/run-1|halo-own-/);
  }
  return undefined;
}

describe.each(Object.entries(files))('%s', (_, file) => {
  it.each(Object.entries(damages))('is made anew and named, or told in plain words: %s', async (_damage, damage) => {
    await file.make();
    await expectWellTold(file);
    await file.make();
    await damage(file.path());
    const error = await expectWellTold(file);
    // Rights are not what is wrong.
    expect(error?.advice ?? '').not.toMatch(/^Let the account/);
    if (error) return;
    await expectWellTold(file);
  });

  it.each([
    ['EACCES', /let the account/i],
    ['EROFS', /disk that can be written|^Name a file/],
    ['EBUSY', /^Close the program|^Name a file/],
    ['ENOSPC', /^Make room|^Name a file/],
    ['EIO', /^Look at the disk|^Name a file/],
  ])('is told with what helps where the system says %s', async (code, advice) => {
    await file.make();
    const refuse = async (path: unknown): Promise<never> => {
      throw Object.assign(new Error(`${code}: not now, open '${String(path)}'`), { code, path });
    };
    const system = { ...fs, readFile: refuse, open: refuse, writeFile: refuse } as unknown as typeof fs;
    const error = await expectWellTold(file, system);
    if (error) expect(error.advice).toMatch(advice);
  });
});

describe('a file that another program holds', () => {
  it.each(['the record of runs', 'the lock of an entity'])(
    'is told: %s',
    async (name) => {
      const file = files[name] as OwnFile;
      await file.make();
      const other = new DatabaseSync(file.path());
      other.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE');
      try {
        const error = await expectWellTold(file);
        if (error) expect(error.message).toContain('another program');
      } finally {
        other.close();
      }
    },
    20_000,
  );
});

it.each([
  ['its folder', () => join(folder, 'state')],
  ['the folder of the changes', () => join(folder, 'state', 'changes')],
])('A file in the place of %s is told', async (_, place) => {
  await fs.mkdir(dirname(place()), { recursive: true });
  await fs.writeFile(place(), '');
  for (const name of [
    'an unfinished read',
    'the size of the last read',
    'marks of records at work',
    'the changes of a run',
  ]) {
    const error = await expectWellTold(files[name] as OwnFile);
    if (error) expect(error.advice).toMatch(/^Move away/);
  }
  if (place().endsWith('state')) expect(() => RunStore.open(folder)).toThrow(/a file is in the place of its folder/);
});

it('Changes that are damaged in the middle are told, and never taken for those of another entity', async () => {
  const other = { ...batch, batch: 2, entity: 'Customers' };
  const path = changesFile(folder, 'run-1');
  await fs.mkdir(dirname(path), { recursive: true });
  const text = lines({ version: 1, run: 'run-1' }, batch, change, { committed: 1 }, other, change, { committed: 2 });
  await fs.writeFile(path, text.replace('{"batch":2', '\0\0\0\0\0\0\0\0\0\0'));
  await using open = await openChanges(folder, 'run-1', { fs });
  if (!open) throw new Error('They are there.');
  const entities: string[] = [];
  for await (const { entity, changes } of open.batches()) entities.push(`${entity} ${changes.length}`);
  expect(entities).toEqual(['Products 1']);
  const { places } = await open.places();
  expect(await Promise.all(places.map(async (one) => (await open.at(one))?.changes.length))).toEqual([1]);
  expect(damagedLines(open)).toMatch(
    /run-1 are damaged: 2 lines are left out, and their changes are neither shown nor/,
  );
});
