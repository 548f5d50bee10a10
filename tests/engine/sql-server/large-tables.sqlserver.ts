import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Database } from '../../../node/src/database/database.ts';
import type { UpsertRequest } from '../../../node/src/database/upsert.ts';
import { licenceLinks, linkedLicences } from './linked-licences.ts';
import { makeTestDatabase } from './test-database.ts';

const batch = 5000;
const purpose = 'large tables';
let made: Awaited<ReturnType<typeof makeTestDatabase>>;
let database: Database;

beforeAll(async () => {
  made = await makeTestDatabase();
  // The links of the session are read again after half a minute, which is no part of a batch.
  const [now, sleep] = [
    new Date(),
    (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds)),
  ];
  database = made.open({ now: () => now, sleep });
});
afterAll(async () => made.close());

const licences = (from: number, count: number, quantity = 1): UpsertRequest => linkedLicences(from, count, quantity);

/** Pages that sessions of the purpose have read so far, in memory or from the disk; 0 where the server does not count them. */
async function pagesRead(): Promise<number> {
  const { recordset } = await made.admin
    .request()
    .input('program', `HaloDBIntegrator ${purpose}`)
    .query<{ pages: number | null }>(
      'SELECT SUM(CAST(logical_reads AS float)) AS pages FROM sys.dm_exec_sessions WHERE program_name = @program',
    );
  return recordset[0]?.pages ?? 0;
}

/** Pages read by a batch that is unchanged, one that is changed, one that is new, and by a fingerprint; from the session's third look on. */
async function readByBatches(rows: number): Promise<readonly number[]> {
  await using session = await database.session(purpose);
  for (let look = 0; look < 2; look++)
    await session.transaction((transaction) => transaction.upsert(licences(0, batch)));
  const read = async (request: UpsertRequest, outcome: string): Promise<number> => {
    const before = await pagesRead();
    const { rows: outcomes } = await session.transaction((transaction) => transaction.upsert(request));
    expect(outcomes.filter((one) => one.outcome === outcome)).toHaveLength(batch);
    return (await pagesRead()) - before;
  };
  const hash = async (): Promise<number> => {
    const before = await pagesRead();
    await session.fingerprint({
      table: 'Licence',
      key: 'LID',
      keys: [[1, batch]],
      columns: ['LDesc', 'LCount'],
      link: { ...licenceLinks, rowKey: 'ELid', columns: ['ELThirdPartyId'] },
    });
    return (await pagesRead()) - before;
  };
  return [
    await read(licences(0, batch), 'unchanged'),
    await read(licences(0, batch, 2), 'updated'),
    await read(licences(rows, batch), 'created'),
    await hash(),
  ];
}

it('a batch reads about as much of tables with 200,000 rows as of those with 5,000', async () => {
  await using session = await database.session('filling');
  const fill = async (from: number, to: number) => {
    for (let at = from; at < to; at += batch)
      await session.transaction((transaction) => transaction.upsert(licences(at, batch)));
    await made.run('UPDATE STATISTICS [Licence]; UPDATE STATISTICS [ExternalLink]').catch(() => undefined);
  };
  await fill(0, batch);
  const small = await readByBatches(batch);
  // Those of the look at new ones are there already; the changed ones are set back.
  await fill(2 * batch, 200_000);
  await session.transaction((transaction) => transaction.upsert(licences(0, batch)));
  const large = await readByBatches(200_000);
  expect(await database.count('Licence')).toBe(200_000 + batch);
  // A server that only speaks the protocol counts no pages, and chooses its ways otherwise: there the rows written are what is shown.
  if (Math.max(...small) === 0) return;
  for (const [at, pages] of large.entries()) expect(pages / (small[at] ?? 0)).toBeLessThanOrEqual(1.5);
}, 600_000);
