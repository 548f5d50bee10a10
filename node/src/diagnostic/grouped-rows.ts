import type { Database, Value } from '../database/database.ts';
import { factOf, type Fact } from './finding.ts';

/** Rows read at once. */
const atOnce = 20_000;

/**
 * Counts a table's rows by some of its columns, in one pass along its key; memory is that of the groups.
 * @param also says more of the first row of a group
 */
export async function groupedRows(
  database: Database,
  table: string,
  key: string,
  columns: readonly string[],
  signal?: AbortSignal,
  also: { readonly columns: readonly string[]; facts(row: Record<string, Value>): Record<string, Fact> } = {
    columns: [],
    facts: () => ({}),
  },
): Promise<Record<string, Fact>[]> {
  const groups = new Map<string, Record<string, Fact> & { rows: number }>();
  for (let last: Value | undefined; ;) {
    signal?.throwIfAborted();
    const rows = await database.read(
      {
        from: table,
        columns: [key, ...columns, ...also.columns],
        ...(last !== undefined && { where: { column: key, is: 'greater', value: last } }),
        orderBy: [{ column: key }],
        limit: atOnce,
      },
      signal,
    );
    for (const row of rows) {
      const values = Object.fromEntries(columns.map((column) => [column, factOf(row[column])]));
      const name = JSON.stringify(Object.values(values));
      const known = groups.get(name);
      if (known) known.rows++;
      else groups.set(name, { ...values, ...also.facts(row), rows: 1 });
    }
    last = rows.at(-1)?.[key];
    if (rows.length < atOnce || last === undefined) return [...groups.values()];
  }
}
