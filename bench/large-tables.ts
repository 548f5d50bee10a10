import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database, DatabaseSession } from '../node/src/database/database.ts';
import type { FingerprintRequest } from '../node/src/database/fingerprint.ts';
import { openEmbeddedDatabase } from '../node/src/database/embedded/embedded-database.ts';
import type { UpsertRequest } from '../node/src/database/upsert.ts';
import { licenceLinks, linkedLicences } from '../tests/engine/sql-server/linked-licences.ts';
import { makeTestDatabase } from '../tests/engine/sql-server/test-database.ts';

// What a batch of 5,000 licences with their links takes beside as many, and beside 200,000, and what it takes to look up 5,000 ids and to make
// the fingerprint of 5,000 rows; behind --sql-server on the server that HALO_TEST_SQLSERVER names, else in the embedded database.
const batch = 5000;
const large = 200_000;
const rounds = 5;
const clock = {
  now: () => new Date(),
  sleep: (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds)),
};

const licences = (from: number, quantity: number): UpsertRequest => linkedLicences(from, batch, quantity);

async function open(): Promise<{ readonly database: Database; close(): Promise<void> }> {
  if (process.argv.includes('--sql-server')) {
    const made = await makeTestDatabase();
    return { database: made.open(), close: () => made.close() };
  }
  const folder = await fs.mkdtemp(join(tmpdir(), 'halo-bench-'));
  const database = openEmbeddedDatabase({ path: join(folder, 'halo.db'), clock, fs });
  const close = async (): Promise<void> => {
    await database.close();
    await fs.rm(folder, { recursive: true });
  };
  return { database, close };
}

const write = (session: DatabaseSession, request: UpsertRequest) =>
  session.transaction((transaction) => transaction.upsert(request));

/** The best of some rounds, in milliseconds. */
async function best(work: (round: number) => Promise<unknown>): Promise<number> {
  let least = Infinity;
  for (let round = 0; round < rounds; round++) {
    const begun = performance.now();
    await work(round);
    least = Math.min(least, performance.now() - begun);
  }
  return least;
}

/** Which licences ids of the vendor's lead to, as a batch asks that names 5,000. */
function lookUp(database: Database, round: number): Promise<unknown> {
  return database.read({
    from: 'ExternalLink',
    links: {
      keyColumn: licenceLinks.keyColumn,
      idColumn: licenceLinks.idColumn,
      scope: { ELTableId: 5, ELModuleId: 9 },
    },
    columns: ['ELThirdPartyId', 'ELHaloId'],
    joins: [{ kind: 'inner', table: 'Licence', as: 'target', on: [['ExternalLink.ELHaloId', 'target.LID']] }],
    where: {
      all: [
        { column: 'ELTableId', is: 'equal', value: 5 },
        { column: 'ELModuleId', is: 'equal', value: 9 },
        {
          any: [
            { column: 'ELDetailsId', is: 'in', values: [1, 0] },
            { column: 'ELDetailsId', is: 'null' },
          ],
        },
        { column: 'ELThirdPartyId', is: 'in', values: Array.from({ length: batch }, (_, at) => `id-${at + round}`) },
      ],
    },
  });
}

const fingerprint: FingerprintRequest = {
  table: 'Licence',
  key: 'LID',
  keys: [[1, batch]],
  columns: ['LDesc', 'LCount'],
  link: { ...licenceLinks, rowKey: 'ELid', columns: ['ELThirdPartyId', 'ELThirdPartyDesc'] },
};

async function batches(session: DatabaseSession, rows: number, before: number): Promise<Record<string, number>> {
  return {
    'ids looked up': await best((round) => lookUp(database, round)),
    fingerprint: await best(() => session.fingerprint(fingerprint)),
    changed: await best((round) => write(session, licences(0, before + round))),
    unchanged: await best(() => write(session, licences(0, before + rounds - 1))),
    new: await best((round) => write(session, licences(rows + round * batch, 1))),
  };
}

const { database, close } = await open();
try {
  await using session = await database.session('bench');
  await write(session, licences(0, 1));
  const small = await batches(session, batch, 10);
  for (let at = batch * (1 + rounds); at < large; at += batch) await write(session, licences(at, 1));
  const beside = await batches(session, large, 100);
  console.table(
    Object.fromEntries(
      Object.entries(beside).map(([name, taken]) => [
        name,
        {
          'beside 5,000, ms': Math.round(small[name] ?? 0),
          'beside 200,000, ms': Math.round(taken),
          times: Number((taken / (small[name] ?? 0)).toFixed(2)),
        },
      ]),
    ),
  );
} finally {
  await close();
}
