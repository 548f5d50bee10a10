import { expect } from '@jest/globals';
import type { Database, Value } from '../../../node/src/database/database.ts';

const guid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/**
 * Two databases hold the same rows, but for moments, the change clock (it counts batches), numbers
 * that the server gives and ids that Halo makes at random.
 * Names the first row that differs: of thousands, all of them would take longer to show than to read.
 */
export async function expectSameRows(
  one: Database,
  other: Database,
  tables: readonly string[],
  without: readonly string[] = [],
): Promise<void> {
  for (const table of tables) {
    const [rows = [], others = []] = await Promise.all(
      [one, other].map((database) => rowsOf(database, table, without)),
    );
    expect(rows.length).toBeGreaterThan(0);
    expect([table, rows.length]).toEqual([table, others.length]);
    const at = rows.findIndex((row, place) => row !== others[place]);
    expect([table, at, rows[at]]).toEqual([table, at, others[at]]);
  }
}

async function rowsOf(database: Database, table: string, without: readonly string[]): Promise<string[]> {
  const described = (await database.describe([table])).get(table);
  const columns = [...(described?.columns.values() ?? [])]
    .filter(({ identity, name }) => !identity && !without.includes(name))
    .map(({ name }) => name);
  const rows = await database.read({ from: table, columns });
  return rows
    .map((row) => JSON.stringify(Object.entries(row).filter(([column, value]) => lasts(column, value))))
    .sort();
}

function lasts(column: string, value: Value): boolean {
  if (value === null || value instanceof Date || /changeseq$/i.test(column)) return false;
  return !(typeof value === 'string' && guid.test(value) && /guid/i.test(column));
}
