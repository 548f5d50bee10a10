import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database, DatabaseSession } from '../node/src/database/database.ts';
import { openEmbeddedDatabase } from '../node/src/database/embedded/embedded-database.ts';
import type { UpsertRequest } from '../node/src/database/upsert.ts';
import { makeTestDatabase } from '../tests/engine/sql-server/test-database.ts';

// What a batch of 5,000 licences with their links takes beside as many, and beside 200,000; behind --sql-server on the server that
// HALO_TEST_SQLSERVER names, else in the embedded database.
const batch = 5000;
const large = 200_000;
const rounds = 5;
const clock = {
  now: () => new Date(),
  sleep: (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds)),
};

function licences(from: number, quantity: number): UpsertRequest {
  return {
    table: 'Licence',
    key: { column: 'LID', kind: 'allocate' },
    columns: ['LDesc', 'LCount'],
    rows: Array.from({ length: batch }, (_, at) => ({
      values: { LDesc: `Licence ${from + at}`, LCount: quantity },
      linkId: `id-${from + at}`,
      linkValues: { ELThirdPartyDesc: `Licence ${from + at}` },
    })),
    match: [{ by: 'link' }],
    onInsert: {},
    stamps: {},
    link: {
      table: 'ExternalLink',
      keyColumn: 'ELHaloId',
      idColumn: 'ELThirdPartyId',
      scope: { ELTableId: 5, ELModuleId: 9, ELDetailsId: 1 },
      general: 'ELDetailsId',
      onInsert: { ELIsPrimary: true },
    },
  };
}

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

/** The best of some rounds, in milliseconds; each changes what the one before has written. */
async function best(session: DatabaseSession, next: (round: number) => UpsertRequest): Promise<number> {
  let least = Infinity;
  for (let round = 0; round < rounds; round++) {
    const begun = performance.now();
    await write(session, next(round));
    least = Math.min(least, performance.now() - begun);
  }
  return least;
}

async function batches(session: DatabaseSession, rows: number, before: number): Promise<Record<string, number>> {
  return {
    changed: await best(session, (round) => licences(0, before + round)),
    unchanged: await best(session, () => licences(0, before + rounds - 1)),
    new: await best(session, (round) => licences(rows + round * batch, 1)),
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
