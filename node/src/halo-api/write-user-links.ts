import type { Row, Transaction } from '../database/database.ts';
import type { HaloOutcome, HaloRecord } from './halo-api.ts';
import { writeRecords, type WriteParts } from './write-records.ts';

const keysAtOnce = 500;

/**
 * Upserts assets, and links each with the users it names (ids) in USERDEVICE, in the same transaction. A link carries the
 * user's name and site, and is set right where they changed. Links are never taken away: an administrator's own look the same.
 */
export async function writeWithUserLinks(
  transaction: Transaction,
  records: readonly HaloRecord[],
  parts: WriteParts,
  field: string,
): Promise<HaloOutcome[]> {
  const wanted = new Map<number, readonly number[]>();
  const plain = records.map((record): HaloRecord => ({
    ...record,
    fields: Object.fromEntries(Object.entries(record.fields).filter(([name]) => name !== field)),
  }));
  const outcomes = await writeRecords(transaction, plain, parts);
  if (parts.options.whatIf) return outcomes;
  records.forEach((record, at) => {
    const outcome = outcomes[at];
    const users = record.fields[field];
    if (outcome && 'id' in outcome && Array.isArray(users)) wanted.set(outcome.id, users.map(Number));
  });
  const ids = [...wanted.keys()];
  for (let from = 0; from < ids.length; from += keysAtOnce) {
    await link(transaction, ids.slice(from, from + keysAtOnce), wanted);
  }
  return outcomes;
}

async function link(
  transaction: Transaction,
  ids: readonly number[],
  wanted: ReadonlyMap<number, readonly number[]>,
): Promise<void> {
  const assets = await transaction.read({
    from: 'DEVICE',
    columns: ['Did', 'Dsite', 'ddevnum'],
    where: { column: 'Did', is: 'in', values: ids },
  });
  const userIds = [...new Set(ids.flatMap((id) => wanted.get(id) ?? []))];
  if (userIds.length === 0) return;
  const people = await transaction.read({
    from: 'USERS',
    columns: ['Uid', 'uusername', 'Usite'],
    where: { column: 'Uid', is: 'in', values: userIds },
  });
  const linked = await transaction.read({
    from: 'USERDEVICE',
    columns: ['UDdevsite', 'UDdevnum', 'uduserid', 'UDusername', 'UDsite'],
    where: { column: 'uduserid', is: 'in', values: userIds },
  });
  const have = new Map<string, Row[]>();
  for (const row of linked) have.set(keyOf(row), [...(have.get(keyOf(row)) ?? []), row]);
  const userOf = new Map(people.map((row) => [Number(row.Uid), row]));
  const rows: Row[] = [];
  for (const { Dsite: UDdevsite, ddevnum: UDdevnum, Did } of assets) {
    for (const uduserid of wanted.get(Number(Did)) ?? []) {
      const user = userOf.get(uduserid);
      if (!user) continue;
      const key = { UDdevsite: Number(UDdevsite), UDdevnum: Number(UDdevnum), uduserid };
      const says = { UDsite: Number(user.Usite), UDusername: String(user.uusername) };
      const there = have.get(keyOf(key));
      if (!there) rows.push({ ...says, ...key });
      else if (there.some((row) => row.UDusername !== says.UDusername || Number(row.UDsite) !== says.UDsite))
        await transaction.update('USERDEVICE', says, {
          all: Object.entries(key).map(([column, value]) => ({ column, is: 'equal', value })),
        });
    }
  }
  if (rows.length > 0) await transaction.insert('USERDEVICE', rows);
}

function keyOf({ UDdevsite, UDdevnum, uduserid }: Row): string {
  return [UDdevsite, UDdevnum, uduserid].map(Number).join(' ');
}
