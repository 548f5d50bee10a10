import type { ActualTable, Row, Transaction } from '../../database/database.ts';
import { comparedText } from '../values/compared-text.ts';
import { users as userResource } from '../resources/users.ts';
import { onInsertOf, stampsOf, writeHistory, type HistoryParts } from '../writes/write-traces.ts';
import { fitRow } from './fit-row.ts';
import type { KnownSender } from './mail-rows.ts';
import type { Sender } from './match-sender.ts';

type NewUser = Extract<Sender, { kind: 'new-user' }>;

/**
 * Makes a user for each new sender, in one set, with the traces that Halo leaves of one, and answers them by address. A name taken at
 * the site is told apart by the address.
 */
export async function createUsers(
  transaction: Transaction,
  users: ReadonlyMap<string, NewUser>,
  table: ActualTable,
  traces: HistoryParts,
): Promise<ReadonlyMap<string, KnownSender>> {
  const created = new Map<string, KnownSender>();
  if (users.size === 0) return created;
  const besides: Row = { ...stampsOf(userResource, table, traces), ...onInsertOf(userResource, table, [], traces) };
  const taken = await namesTaken(transaction, [...users.values()]);
  const rows = [...users].map(([address, user]) => {
    const at = (name: string): string => `${user.siteId}\n${comparedText(name)}`;
    const name = taken.has(at(user.name)) ? `${user.name} (${address})` : user.name;
    taken.add(at(name));
    const [first, ...rest] = user.name.split(' ');
    return {
      address,
      user,
      row: fitRow(table, {
        uusername: name,
        uFirstName: user.name.includes('@') ? '' : (first ?? ''),
        uLastName: user.name.includes('@') ? '' : rest.join(' '),
        uemail: address,
        Usite: user.siteId,
        uarea: user.clientId,
        ...besides,
      }),
    };
  });
  const ids = await transaction.insert(
    'USERS',
    rows.map(({ row }) => row),
    { column: 'Uid' },
  );
  const made = rows.map(({ row }, at) => ({
    outcome: { outcome: 'created', key: ids[at] ?? 0 } as const,
    values: row,
  }));
  await writeHistory(userResource, transaction, traces, made);
  rows.forEach(({ address, user, row }, at) =>
    created.set(address, {
      kind: 'user',
      name: String(row['uusername']),
      userId: ids[at] ?? 0,
      siteId: user.siteId,
      clientId: user.clientId,
    }),
  );
  return created;
}

async function namesTaken(transaction: Transaction, users: readonly NewUser[]): Promise<Set<string>> {
  const rows = await transaction.read({
    from: 'USERS',
    columns: ['Usite', 'uusername'],
    where: {
      all: [
        { column: 'Usite', is: 'in', values: [...new Set(users.map((user) => user.siteId))] },
        { column: 'uusername', is: 'in', values: [...new Set(users.map((user) => user.name))] },
      ],
    },
  });
  return new Set(rows.map((row) => `${Number(row['Usite'])}\n${comparedText(row['uusername'])}`));
}
