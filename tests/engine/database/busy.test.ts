import { expect, it } from '@jest/globals';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { translated } from '../../../node/src/database/embedded/sqlite-errors.ts';
import { openEmbeddedDatabase } from '../../../node/src/database/embedded/embedded-database.ts';

async function sessionOn(sleep: () => Promise<void>, now = () => new Date(), warnings: string[] = []) {
  const folder = await fs.mkdtemp(join(tmpdir(), 'halo-busy-'));
  const path = join(folder, 'halo.db');
  const warn = (message: string): void => void warnings.push(message);
  const database = openEmbeddedDatabase({ path, clock: { now, sleep }, fs, warn });
  await database.connect();
  const other = new DatabaseSync(path);
  other.exec("BEGIN IMMEDIATE; INSERT INTO TREE (Treeid, TreeDesc) VALUES (1, 'theirs')");
  return { database, other, session: await database.session('busy'), folder };
}

it('waits for another writer and then does the whole work', async () => {
  let commit = () => {};
  const { database, other, session, folder } = await sessionOn(async () => commit());
  commit = () => void (other.isTransaction && other.exec('COMMIT'));
  const keys = await session.transaction((transaction) =>
    transaction.insert('TREE', [{ TreeDesc: 'ours' }], { column: 'Treeid' }),
  );
  expect(keys).toEqual([2]);
  other.close();
  await database.close();
  await fs.rm(folder, { recursive: true });
});

it('gives up on a wait that was cut short', async () => {
  const { database, other, session, folder } = await sessionOn(() => Promise.reject(new Error('stopped')));
  await expect(session.transaction((transaction) => transaction.increment('CHANGESEQ', ['area']))).rejects.toThrow(
    'stopped',
  );
  other.close();
  await database.close();
  await fs.rm(folder, { recursive: true });
});

it('shows a wait of more than five seconds, once', async () => {
  let time = 0;
  let commit = () => {};
  const warnings: string[] = [];
  const sleep = async () => {
    time += 1000;
    if (time === 9000) commit();
  };
  const { database, other, session, folder } = await sessionOn(sleep, () => new Date(time), warnings);
  commit = () => other.exec('COMMIT');
  await session.transaction((transaction) => transaction.insert('TREE', [{ TreeDesc: 'ours' }], { column: 'Treeid' }));
  expect(warnings).toEqual([
    expect.stringMatching(
      /^process \d+ on \S+ \(busy\) has waited 5 s for another program that is writing .*halo\.db\.$/,
    ),
  ]);
  other.close();
  await database.close();
  await fs.rm(folder, { recursive: true });
});

it('says how long it was waited for', () => {
  const busy = Object.assign(new Error('database is locked'), { errcode: 5 });
  expect(translated(busy, '/halo.db', 40)).toMatchObject({
    code: 'DatabaseBusy',
    message:
      'The database was too busy: /halo.db is being written by another program, and has been for the 40 s of this wait.',
  });
});
