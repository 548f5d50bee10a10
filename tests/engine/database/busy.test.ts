import { expect, it } from '@jest/globals';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openEmbeddedDatabase } from '../../../node/src/database/embedded/embedded-database.ts';

async function sessionOn(sleep: () => Promise<void>) {
  const folder = await fs.mkdtemp(join(tmpdir(), 'halo-busy-'));
  const path = join(folder, 'halo.db');
  const database = openEmbeddedDatabase({ path, clock: { now: () => new Date(), sleep }, fs });
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
