import type { Transaction } from '../../database/database.ts';
import type { RowOutcome, StagedRow, UpsertMatch } from '../../database/upsert.ts';
import type { HaloOutcome } from '../halo-records.ts';
import { columnMatches, linkOf, type Group, type WriteParts } from '../writes/write-parts.ts';

/**
 * Finds the existing rows of several groups at once, so that a batch looks through the table once and not once for each shape
 * its records have. Rows found get their key; those that cannot be told apart are answered as rejected.
 */
export async function resolveKeys(
  transaction: Transaction,
  groups: readonly Group[],
  parts: WriteParts,
  outcomes: HaloOutcome[],
): Promise<Group[]> {
  const found = new Map<Group, readonly RowOutcome[]>();
  for (const { columns, alike } of lookedForAlike(groups, parts)) {
    const rows = await find(transaction, alike, columns, parts);
    let next = 0;
    for (const group of alike) found.set(group, rows.slice(next, (next += group.rows.length)));
  }
  const claimed = new Set<number>();
  return groups.map((group) => {
    const rows: StagedRow[] = [];
    const places: number[] = [];
    group.rows.forEach((row, at) => {
      const one = found.get(group)?.[at];
      const place = group.places[at];
      // Nothing is looked for here that may only be updated.
      if (!one || place === undefined || one.outcome === 'missing') return;
      if (one.outcome === 'rejected') outcomes[place] = one;
      else if (one.outcome !== 'created' && claimed.has(one.key)) {
        const reason = `row ${one.key} of ${parts.resource.table} was matched by an earlier record too`;
        outcomes[place] = { outcome: 'rejected', reason };
      } else {
        if (one.outcome !== 'created') claimed.add(one.key);
        rows.push(one.outcome === 'created' ? row : { ...row, key: one.key });
        places.push(place);
      }
    });
    return { ...group, rows, places, resolved: true };
  });
}

/** Groups by the columns they can be looked for: one that takes no null cannot be left open for those that do not bring it. */
function lookedForAlike(
  groups: readonly Group[],
  parts: WriteParts,
): Iterable<{ readonly columns: readonly string[]; readonly alike: Group[] }> {
  const wanted = [...new Set(columnMatches(parts).flatMap((match) => match.columns))];
  const sets = new Map<string, { readonly columns: readonly string[]; readonly alike: Group[] }>();
  for (const group of groups) {
    const brought = typeof group.shape === 'string' ? [] : group.shape.columns;
    const columns = wanted.filter(
      (column) => brought.includes(column) || parts.table.columns.get(column)?.nullable !== false,
    );
    const key = columns.join();
    const set = sets.get(key) ?? { columns, alike: [] };
    set.alike.push(group);
    sets.set(key, set);
  }
  return sets.values();
}

async function find(
  transaction: Transaction,
  groups: readonly Group[],
  columns: readonly string[],
  parts: WriteParts,
): Promise<readonly RowOutcome[]> {
  const { resource, options, settings, now } = parts;
  const link = options.scope && linkOf(resource, options.scope, settings, now);
  const match: UpsertMatch[] = [{ by: 'key' }];
  if (link) match.push({ by: 'link' });
  match.push(...columnMatches(parts).filter((one) => one.columns.every((column) => columns.includes(column))));
  const { rows } = await transaction.upsert({
    table: resource.table,
    key: { column: resource.key.column, kind: resource.key.kind },
    columns,
    rows: groups
      .flatMap((group) => group.rows)
      .map((row): StagedRow => ({
        ...row,
        values: Object.fromEntries(columns.map((column) => [column, row.values[column] ?? null])),
      })),
    match,
    onInsert: {},
    stamps: {},
    ...(link && { link }),
    ...(parts.reserved && { reserved: parts.reserved }),
    whatIf: true,
  });
  return rows;
}
