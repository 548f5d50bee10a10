import type { Transaction } from '../database/database.ts';
import type { StagedRow, UpsertMatch } from '../database/upsert.ts';
import type { HaloOutcome } from './halo-api.ts';
import { columnMatches, linkOf, type Group, type WriteParts } from './write-records.ts';

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
  const { resource, options, settings, now } = parts;
  const matches = columnMatches(parts);
  const columns = [...new Set(matches.flatMap((match) => match.columns))];
  const link = options.scope && linkOf(resource, options.scope, settings, now);
  const match: UpsertMatch[] = [{ by: 'key' }];
  if (link) match.push({ by: 'link' });
  match.push(...matches);
  const all = groups.flatMap((group) => group.rows);
  const { rows: found } = await transaction.upsert({
    table: resource.table,
    key: { column: resource.key.column, kind: resource.key.kind },
    columns,
    rows: all.map((row): StagedRow => ({
      ...row,
      values: Object.fromEntries(columns.map((column) => [column, row.values[column] ?? null])),
    })),
    match,
    onInsert: {},
    stamps: {},
    ...(link && { link }),
    whatIf: true,
  });
  let next = 0;
  return groups.map((group) => {
    const rows: StagedRow[] = [];
    const places: number[] = [];
    group.rows.forEach((row, at) => {
      const one = found[next++];
      const place = group.places[at];
      if (!one || place === undefined) return;
      if (one.outcome === 'rejected') outcomes[place] = one;
      else {
        rows.push(one.outcome === 'created' ? row : { ...row, key: one.key });
        places.push(place);
      }
    });
    return { ...group, rows, places, resolved: true };
  });
}
