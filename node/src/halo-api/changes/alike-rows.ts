import type { Row, Transaction } from '../../database/database.ts';
import { isProvisional } from '../../database/what-if/provisional-keys.ts';
import { comparedText } from '../values/compared-text.ts';
import { inParts } from '../reads/in-parts.ts';

/** By what a person would know records of a table for the same: a client's name, a user's address, an asset's tag. */
const knownBy: Readonly<Record<string, string>> = { AREA: 'aareadesc', USERS: 'uemail', DEVICE: 'dinvno' };

/** For each row the keys of those that a person would take for the same; undefined of tables whose records have nothing like it. */
export async function alikeRows(
  transaction: Pick<Transaction, 'read'>,
  table: string,
  key: string,
  rows: readonly Row[],
): Promise<readonly (readonly number[])[] | undefined> {
  const column = knownBy[table];
  if (column === undefined || !rows.some((row) => typeof row[column] === 'string')) return undefined;
  const texts = rows.map((row) => (typeof row[column] === 'string' ? row[column] : ''));
  const found = new Map<string, number[]>();
  for (const values of inParts([...new Set(texts)].filter((text) => text !== '')))
    for (const row of await transaction.read({
      from: table,
      columns: [key, column],
      where: { column, is: 'in', values },
    })) {
      const text = comparedText(row[column]);
      if (!isProvisional(row[key])) found.set(text, [...(found.get(text) ?? []), Number(row[key])]);
    }
  return texts.map((text) => (text === '' ? [] : (found.get(comparedText(text)) ?? [])));
}
