import type { Row, Transaction } from '../../database/database.ts';
import { comparedText } from '../../database/compared-text.ts';
import type { WrittenRow } from './write-traces.ts';

const usersAtOnce = 500;

interface Moved {
  readonly id: number;
  readonly old: { readonly site: number; readonly name: string };
  readonly site: number;
  readonly name: string;
}

/**
 * Keeps the links of users with their assets (USERDEVICE) right when users were renamed or moved: Halo finds a link by its user's
 * site and name as well as by the user's id. Links without an id are those of the old site and name.
 */
export async function followUsers(transaction: Transaction, written: readonly WrittenRow[]): Promise<void> {
  const moved = written.flatMap(movedUser);
  for (let from = 0; from < moved.length; from += usersAtOnce) {
    const some = new Map(moved.slice(from, from + usersAtOnce).map((one) => [one.id, one]));
    await followById(transaction, some);
    await followByName(transaction, [...some.values()]);
  }
}

function movedUser({ outcome, values }: WrittenRow): Moved[] {
  if (outcome.outcome !== 'updated' || !outcome.before) return [];
  const { before } = outcome;
  const old = { site: Number(before['Usite'] ?? 0), name: String(before['uusername'] ?? '') };
  const site = Number(values['Usite'] ?? old.site);
  const name = String(values['uusername'] ?? old.name);
  return site === old.site && name === old.name ? [] : [{ id: outcome.key, old, site, name }];
}

async function followById(transaction: Transaction, moved: ReadonlyMap<number, Moved>): Promise<void> {
  const links = await transaction.read({
    from: 'USERDEVICE',
    columns: ['UDdevsite', 'UDdevnum', 'uduserid'],
    where: { column: 'uduserid', is: 'in', values: [...moved.keys()] },
  });
  const rows = new Map<string, (string | number)[]>();
  for (const { UDdevsite, UDdevnum, uduserid } of links) {
    const user = moved.get(Number(uduserid));
    const known = [Number(UDdevsite), Number(UDdevnum), Number(uduserid)];
    if (user) rows.set(known.join(), [...known, user.site, user.name]);
  }
  if (rows.size === 0) return;
  await transaction.put({
    table: 'USERDEVICE',
    known: ['UDdevsite', 'UDdevnum', 'uduserid'],
    columns: ['UDsite', 'UDusername'],
    rows: [...rows.values()],
  });
}

async function followByName(transaction: Transaction, moved: readonly Moved[]): Promise<void> {
  const links = await transaction.read({
    from: 'USERDEVICE',
    columns: ['UDsite', 'UDusername'],
    where: {
      all: [
        { column: 'UDsite', is: 'in', values: [...new Set(moved.map(({ old }) => old.site))] },
        { column: 'UDusername', is: 'in', values: [...new Set(moved.map(({ old }) => old.name))] },
        withoutId,
      ],
    },
  });
  const found = new Set(links.map((link) => keyOf(Number(link['UDsite']), String(link['UDusername']))));
  for (const { old, site, name } of moved) {
    if (!found.has(keyOf(old.site, old.name))) continue;
    const set: Row = { UDsite: site, UDusername: name };
    await transaction.update('USERDEVICE', set, {
      all: [
        { column: 'UDsite', is: 'equal', value: old.site },
        { column: 'UDusername', is: 'equal', value: old.name },
        withoutId,
      ],
    });
  }
}

/** -1 is the column's default. */
const withoutId = { column: 'uduserid', is: 'in', values: [-1, 0] } as const;

function keyOf(site: number, name: string): string {
  return `${site}\n${comparedText(name)}`;
}
