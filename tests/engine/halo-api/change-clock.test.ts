import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Row, Transaction } from '../../../node/src/database/database.ts';
import type { HaloDatabaseSettings } from '../../../node/src/config/settings.ts';
import { haloInstance, type HaloInstance } from './halo-instance.ts';

const scope = { module_id: 1, details_id: 1 };
let instance: HaloInstance;
/** What each transaction was asked for, in order. */
let asked: string[][];
beforeEach(async () => {
  instance = await haloInstance();
  asked = [];
  const { database } = instance;
  const session = database.session.bind(database);
  database.session = async (...given) => {
    const opened = await session(...given);
    const transaction = opened.transaction.bind(opened);
    opened.transaction = (work) =>
      transaction((one) => {
        const calls: string[] = [];
        asked.push(calls);
        return work(watched(one, calls));
      });
    return opened;
  };
});
afterEach(async () => instance[Symbol.asyncDispose]());

function watched(transaction: Transaction, calls: string[]): Transaction {
  return new Proxy(transaction, {
    get(target, name: keyof Transaction) {
      const value = target[name];
      if (typeof value !== 'function') return value;
      return (...given: unknown[]) => {
        calls.push(name);
        return (value as (...all: unknown[]) => unknown).apply(target, given);
      };
    },
  });
}

const read = (table: string, column: string, key: string): Promise<Row[]> =>
  instance.database.read({ from: table, columns: [key, column], orderBy: [{ column: key }] });
const clock = async (...columns: string[]): Promise<number[]> => {
  const [row] = await instance.database.read({ from: 'CHANGESEQ', columns });
  return columns.map((column) => Number(row?.[column]));
};

describe('the change clock', () => {
  const stampedWith = async (table: string, column: string, key: string, now: number): Promise<unknown[]> =>
    (await read(table, column, key)).filter((row) => row[column] === now).map((row) => row[key]);
  const write = async (
    name: string,
    records: readonly Record<string, string | number>[],
    settings?: HaloDatabaseSettings,
  ) => {
    await using session = await instance.api(settings).write('test');
    return await session.upsert(
      name,
      records.map((fields) => ({ fields, third_party_id: JSON.stringify(fields) })),
      { scope },
    );
  };

  it('is advanced once a batch, when all else is written, and stamped on what was written alone', async () => {
    const [before = 0, users = 0] = await clock('lastseq', 'users');
    const outcomes = await write('Users', [
      { id: 1, surname: 'Hartley' },
      { id: 2, surname: 'Osei' },
      { name: 'Zoe Quill', site_id: 1 },
      { name: 'Yan Reed', site_id: 2, surname: 'Reed' },
    ]);
    const ids = outcomes.flatMap((one) => ('id' in one && one.outcome !== 'unchanged' ? [one.id] : []));
    expect(ids).toHaveLength(3);
    expect(await clock('lastseq', 'users')).toEqual([before + 1, users + 1]);
    expect(await stampedWith('USERS', 'Uchangeseq', 'Uid', before + 1)).toEqual(ids.sort((a, b) => a - b));
    expect(asked.at(-1)?.slice(-2)).toEqual(['increment', 'stamp']);
  });

  it('is advanced once where an address alone changed, behind it', async () => {
    const site = (line: string) => write('Site', [{ id: 1, delivery_address_line1: line }]);
    await site('1 High Street');
    const [before = 0] = await clock('lastseq');
    expect(await site('2 High Street')).toEqual([{ outcome: 'updated', id: 1 }]);
    expect(await stampedWith('SITE', 'Schangeseq', 'Ssitenum', before + 1)).toEqual([1]);
    expect(asked.at(-1)?.slice(-2)).toEqual(['increment', 'stamp']);
  });

  it('is stamped by the primary key, where that is not the id, which is looked for before', async () => {
    await write('Asset', [
      { inventory_number: 'A', site_id: 4 },
      { inventory_number: 'B', site_id: 7 },
    ]);
    const [before = 0, device = 0] = await clock('lastseq', 'device');
    await write('Asset', [{ id: 2, inventory_number: 'B2' }]);
    expect(await clock('lastseq', 'device')).toEqual([before + 1, device + 1]);
    expect(await stampedWith('DEVICE', 'Dchangeseq', 'Did', before + 1)).toEqual([2]);
    expect(asked.at(-1)?.slice(-3)).toEqual(['read', 'increment', 'stamp']);
  });

  it('is stamped on actions by ticket and number', async () => {
    await write('Tickets', [{ user_name: 'Ben Osei' }, { user_name: 'Carys Morgan' }]);
    await write('Actions', [
      { ticket_id: 1, note: 'first' },
      { ticket_id: 1, note: 'second' },
      { ticket_id: 2, note: 'first of another' },
    ]);
    const [now = 0] = await clock('lastseq');
    expect(await stampedWith('ACTIONS', 'ACchangeseq', 'note', now)).toHaveLength(3);
    await write('Actions', [
      { ticket_id: 1, id: 1, note: 'first' },
      { ticket_id: 2, id: 1, note: 'corrected' },
    ]);
    expect(await stampedWith('ACTIONS', 'ACchangeseq', 'note', now + 1)).toEqual(['corrected']);
    expect(asked.at(-1)?.slice(-2)).toEqual(['increment', 'stamp']);
  });

  it('is stamped on records that are made inactive, once they are', async () => {
    await using session = await instance.api().write('test');
    await session.upsert('Users', [{ fields: { id: 1, surname: 'Left' }, third_party_id: 'left' }], { scope });
    const [before = 0] = await clock('lastseq');
    expect(await session.deactivateMissing('Users', scope, 'seen')).toBe(1);
    expect(await stampedWith('USERS', 'Uchangeseq', 'Uid', before + 1)).toEqual([1]);
    expect(asked.at(-1)).toEqual(['read', 'update', 'insert', 'increment', 'stamp']);
  });

  it('stands still where nothing was written, only a link was, or the settings say so', async () => {
    await using session = await instance.api().write('test');
    const user = (description: string, surname = 'Hartley') =>
      session.upsert('Users', [{ fields: { id: 1, surname }, third_party_id: 'one', third_party_desc: description }], {
        scope,
      });
    await user('first');
    const before = await clock('lastseq', 'users');
    expect(await user('first')).toEqual([{ outcome: 'unchanged', id: 1 }]);
    expect(await user('second')).toEqual([{ outcome: 'unchanged', id: 1 }]);
    await write('Users', [{ id: 1, surname: 'Off' }], { ChangeClock: false });
    expect(await clock('lastseq', 'users')).toEqual(before);
  });
});
