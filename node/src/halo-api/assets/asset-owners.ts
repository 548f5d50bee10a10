import type { Transaction } from '../../database/database.ts';
import type { AssetRow } from './asset-row.ts';

const usersAtOnce = 500;

/** An asset and the users it belongs to, by USERS.Uid. */
export interface AssetWithUsers {
  readonly asset: AssetRow;
  readonly users: readonly number[];
}

/**
 * Links assets with their users in USERDEVICE, as one set. A link carries the user's own name and site, and is set right where they
 * changed. Links are never taken away: an administrator's own look the same.
 */
export async function writeAssetOwners(transaction: Transaction, assets: readonly AssetWithUsers[]): Promise<void> {
  const people = await peopleOf(transaction, [...new Set(assets.flatMap(({ users }) => users))]);
  const rows = assets.flatMap(({ asset: { site, number }, users }) =>
    [...new Set(users)].flatMap((user) => {
      const person = people.get(user);
      return person ? [[site, number, user, person.site, person.name]] : [];
    }),
  );
  if (rows.length === 0) return;
  await transaction.put({
    table: 'USERDEVICE',
    known: ['UDdevsite', 'UDdevnum', 'uduserid'],
    columns: ['UDsite', 'UDusername'],
    rows,
  });
}

async function peopleOf(
  transaction: Transaction,
  ids: readonly number[],
): Promise<ReadonlyMap<number, { readonly site: number; readonly name: string }>> {
  const people = new Map<number, { readonly site: number; readonly name: string }>();
  for (let from = 0; from < ids.length; from += usersAtOnce) {
    const rows = await transaction.read({
      from: 'USERS',
      columns: ['Uid', 'uusername', 'Usite'],
      where: { column: 'Uid', is: 'in', values: ids.slice(from, from + usersAtOnce) },
    });
    for (const row of rows) people.set(Number(row.Uid), { site: Number(row.Usite), name: String(row.uusername) });
  }
  return people;
}
