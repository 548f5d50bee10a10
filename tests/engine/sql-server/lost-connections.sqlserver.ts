import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Database, DatabaseSession, Transaction } from '../../../node/src/database/database.ts';
import { startTcpProxy, type TcpProxy } from '../../sandbox/tds/tcp-proxy.ts';
import { makeTestDatabase } from './test-database.ts';

let made: Awaited<ReturnType<typeof makeTestDatabase>>;
let proxy: TcpProxy;
/** Reaches the server through the proxy. */
let database: Database;
let direct: Database;
/** Called before each wait, which is cut short. */
let waiting: () => void = () => undefined;
const clock = {
  now: () => new Date(),
  async sleep(milliseconds: number, signal?: AbortSignal) {
    waiting();
    await new Promise((resolve) => setTimeout(resolve, Math.min(milliseconds, 20)));
    signal?.throwIfAborted();
  },
};

beforeAll(async () => {
  made = await makeTestDatabase();
  direct = made.open();
});
afterAll(async () => made.close());
beforeEach(async () => {
  const [host = '', port = ''] = made.settings.Server.split(',');
  proxy = await startTcpProxy(host, Number(port));
  waiting = () => undefined;
  database = made.open(
    clock,
    { ...made.settings, Server: `127.0.0.1,${proxy.port}` },
    // Longer than describing a table takes on a busy machine.
    { connection: 5000, request: 20_000 },
  );
});
afterEach(async () => {
  await database.close();
  await proxy[Symbol.asyncDispose]();
});

let set = 0;
/** Adds so many licences of a name of their own, and answers how many of them there are. */
function licences(size: number) {
  const name = `lost ${++set}`;
  return {
    write: (transaction: Transaction) =>
      transaction.upsert({
        table: 'Licence',
        key: { column: 'LID', kind: 'allocate' },
        columns: ['LDesc'],
        rows: Array.from({ length: size }, (_, at) => ({ values: { LDesc: `${name} ${at}` } })),
        match: [{ by: 'columns', columns: ['LDesc'] }],
        onInsert: {},
        stamps: {},
      }),
    count: () => direct.count('Licence', { column: 'LDesc', is: 'starts-with', value: `${name} ` }),
  };
}

/** Writes within a transaction, and does something in its midst the first time. */
async function interrupted(session: DatabaseSession, size: number, interruption: () => unknown) {
  const { write, count } = licences(size);
  let attempts = 0;
  const { rows } = await session.transaction(async (transaction) => {
    await write(transaction);
    if (++attempts === 1) await interruption();
    return write(transaction);
  });
  return { attempts, rows: rows.length, written: await count() };
}

async function sessionNumber(purpose: string): Promise<number> {
  const { recordset } = await made.admin
    .request()
    .input('purpose', `HaloDBIntegrator ${purpose}`)
    .query<{ id: number }>('SELECT session_id AS id FROM sys.dm_exec_sessions WHERE program_name = @purpose');
  return recordset[0]?.id ?? 0;
}

describe('a connection that is lost', () => {
  it('is replaced, takes its locks again and does the whole batch anew', async () => {
    await using session = await database.session('cut');
    expect(await session.lock('Pax8 cut')).toEqual({ acquired: true });
    const result = await interrupted(session, 300, () => proxy.cut());
    expect(result).toEqual({ attempts: 2, rows: 300, written: 300 });
    await using other = await direct.session('other');
    expect(await other.lock('pax8 CUT')).toMatchObject({ acquired: false });
  });

  it('is replaced when its session was killed on the server', async () => {
    await using session = await database.session('killed');
    expect(await session.lock('Pax8 killed')).toEqual({ acquired: true });
    const result = await interrupted(session, 50, async () => {
      await made.admin.request().batch(`KILL ${await sessionNumber('killed')}`);
    });
    expect(result).toEqual({ attempts: 2, rows: 50, written: 50 });
    await using other = await direct.session('other');
    expect(await other.lock('Pax8 killed')).toMatchObject({ acquired: false });
  });

  it('between two batches takes the lock again before the next is written', async () => {
    await using session = await database.session('between');
    await session.lock('Pax8 between');
    proxy.cut();
    expect(await interrupted(session, 5, () => undefined)).toMatchObject({ written: 5 });
    await using other = await direct.session('other');
    expect(await other.lock('Pax8 between')).toMatchObject({ acquired: false });
  });

  it('takes a session’s index of links with it, which is made anew', async () => {
    const look = (reader: Pick<Database, 'read'>) =>
      reader.read({
        from: 'ExternalLink',
        links: { keyColumn: 'ELHaloId', idColumn: 'ELThirdPartyId', scope: { ELTableId: 5, ELModuleId: 77 } },
        columns: ['ELHaloId'],
        where: {
          all: [
            { column: 'ELModuleId', is: 'equal', value: 77 },
            { column: 'ELThirdPartyId', is: 'in', values: ['lost link'] },
          ],
        },
      });
    {
      await using writer = await direct.session('writer');
      const link = { ELTableId: 5, ELModuleId: 77, ELHaloId: 4, ELThirdPartyId: 'Lost Link', ELIsPrimary: true };
      await writer.transaction((transaction) => transaction.insert('ExternalLink', [link]));
    }
    await using session = await database.session('indexed');
    for (const reader of [session, database]) {
      for (let time = 0; time < 3; time++) expect(await look(reader)).toEqual([{ ELHaloId: 4 }]);
      proxy.cut();
      expect(await look(reader)).toEqual([{ ELHaloId: 4 }]);
      expect(await look(reader)).toEqual([{ ELHaloId: 4 }]);
    }
    await made.admin.request().batch(`KILL ${await sessionNumber('Looking up links')}`);
    expect(await look(database)).toEqual([{ ELHaloId: 4 }]);
  });

  it('waits for its own lock while the server has not seen yet that the connection is gone', async () => {
    await using session = await database.session('orphaned');
    await using orphan = await direct.session('orphan');
    await session.lock('Pax8 orphaned');
    const { write, count } = licences(5);
    let released: Promise<void> | undefined;
    let attempts = 0;
    await session.transaction(async (transaction) => {
      if (++attempts === 1) {
        // Another session stands for the one that the server still holds.
        proxy.cut();
        for (;;) if ((await orphan.lock('Pax8 orphaned')).acquired) break;
        released = new Promise((resolve) => setTimeout(resolve, 1000)).then(() => orphan.unlock('Pax8 orphaned'));
      }
      return write(transaction);
    });
    await released;
    expect([attempts, await count()]).toEqual([2, 5]);
  });

  it('writes nothing more when somebody else has taken its lock meanwhile', async () => {
    await using session = await database.session('overtaken');
    await using other = await direct.session('overtaking');
    await session.lock('Pax8 overtaken');
    const { write, count } = licences(5);
    let attempts = 0;
    const writing = session.transaction(async (transaction) => {
      attempts++;
      proxy.closed = true;
      proxy.cut();
      for (;;) if ((await other.lock('Pax8 overtaken')).acquired) break;
      proxy.closed = false;
      return write(transaction);
    });
    await expect(writing).rejects.toMatchObject({
      code: 'DatabaseBusy',
      message: expect.stringMatching(/its lock pax8 overtaken was taken by (another session|.+ process \d+\))/),
    });
    expect([attempts, await count()]).toEqual([1, 0]);
  });

  it('waits for a server that is away for a while, reading and writing', async () => {
    await using session = await database.session('away');
    await database.count('Licence');
    for (const work of [() => interrupted(session, 5, () => undefined), () => database.count('Licence')]) {
      let waits = 0;
      waiting = () => {
        if (++waits === 3) proxy.closed = false;
      };
      proxy.closed = true;
      proxy.cut();
      await work();
      expect(waits).toBeGreaterThanOrEqual(3);
    }
  });

  it('is told as what it is when the server stays away', async () => {
    await using session = await database.session('gone');
    await database.count('Licence');
    proxy.closed = true;
    proxy.cut();
    await expect(session.transaction(licences(5).write)).rejects.toMatchObject({ code: 'DatabaseUnreachable' });
    await expect(database.count('Licence')).rejects.toMatchObject({ code: 'DatabaseUnreachable', exitCode: 3 });
  });
});

describe('a statement that gets no answer', () => {
  it('ends at its time limit, a bulk load too, and the batch is done anew', async () => {
    await using session = await database.session('blocked');
    const { write, count } = licences(3000);
    let attempts = 0;
    waiting = () => {
      proxy.blocked = false;
      proxy.cut();
    };
    await session.transaction(async (transaction) => {
      if (++attempts === 1) proxy.blocked = true;
      return write(transaction);
    });
    expect([attempts, await count()]).toEqual([2, 3000]);
  });
});

describe('a run that is stopped', () => {
  it('takes back what is not committed, and the session can be closed', async () => {
    const stop = new AbortController();
    const { write, count } = licences(200);
    {
      await using session = await database.session('stopped', stop.signal);
      const writing = session.transaction(async (transaction) => {
        await write(transaction);
        stop.abort(new Error('stopped by hand'));
        return write(transaction);
      });
      await expect(writing).rejects.toThrow('stopped by hand');
      await expect(session.transaction(write)).rejects.toThrow('stopped by hand');
    }
    expect(await count()).toBe(0);
  });

  it('waits for no server', async () => {
    const stop = new AbortController();
    await using session = await database.session('stopped while waiting', stop.signal);
    proxy.closed = true;
    proxy.cut();
    waiting = () => stop.abort(new Error('stopped by hand'));
    await expect(session.transaction(licences(1).write)).rejects.toThrow('stopped by hand');
  });
});
