import type { Row, Transaction } from '../database/database.ts';
import type { HaloOutcome, HaloRecord } from './halo-api.ts';
import { writeRecords, type WriteParts } from './write-records.ts';

const keysAtOnce = 500;

/**
 * Upserts assets, and links each with the users it names (ids) in USERDEVICE, in the same transaction. Links are added and
 * never taken away: an administrator's own links look the same.
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
    columns: ['UDdevsite', 'UDdevnum', 'uduserid'],
    where: { column: 'uduserid', is: 'in', values: userIds },
  });
  const have = new Set(linked.map((row) => `${Number(row.UDdevsite)} ${Number(row.UDdevnum)} ${Number(row.uduserid)}`));
  const userOf = new Map(people.map((row) => [Number(row.Uid), row]));
  const rows: Row[] = [];
  for (const asset of assets) {
    for (const userId of wanted.get(Number(asset.Did)) ?? []) {
      const user = userOf.get(userId);
      if (!user || have.has(`${Number(asset.Dsite)} ${Number(asset.ddevnum)} ${userId}`)) continue;
      rows.push({
        UDsite: Number(user.Usite),
        UDusername: String(user.uusername),
        UDdevsite: Number(asset.Dsite),
        UDdevnum: Number(asset.ddevnum),
        uduserid: userId,
      });
    }
  }
  if (rows.length > 0) await transaction.insert('USERDEVICE', rows);
}
