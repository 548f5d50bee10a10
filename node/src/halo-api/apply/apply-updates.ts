import { isSameValue, type KeptValue } from '../changes/changes.ts';
import { differing, resourceOf, rowIn, valueIn, type Looked } from '../changes/look-at-rows.ts';
import { writeLooked } from '../changes/undo-rows.ts';
import { already, done, refusal, type AppliedRow, type ApplyParts, type ReadyRow } from './planned-row.ts';

/** Characters of a value that are shown where a row is refused. */
const shown = 60;

/** Changes rows that still are as the plan knows them. All are of one table and bring the same columns. */
export async function applyUpdates(
  rows: readonly ReadyRow[],
  { transaction, own, writeIn, clock }: ApplyParts,
): Promise<readonly AppliedRow[]> {
  const [first] = rows;
  if (!first) return [];
  const name = first.planned.table;
  const table = await own.tableOf(name);
  const columns = Object.keys(first.after).filter((column) => table.columns.has(column));
  const there = await differing(
    transaction,
    rows.map(({ key, before }) => ({ key, after: before })),
    columns,
    table,
  );
  const todo = new Map<ReadyRow, Looked>();
  const answers = rows.map((row, at): AppliedRow => {
    const now = there[at];
    if (now === 'gone') return refusal('it is gone');
    const other = columns.filter(
      (column) => now && !isSameValue(now[column], valueIn(table, column, row.before[column])),
    );
    if (other.length > 0) {
      const asPlanned = columns.every((column) =>
        isSameValue(now?.[column], valueIn(table, column, row.after[column])),
      );
      if (asPlanned) return already;
      const said = other.map((column) => {
        const field = resourceOf(name)?.fields.find((one) => one.column === column)?.json ?? column;
        return `${field} is ${valueText(now?.[column])} now, and was ${valueText(row.before[column])}`;
      });
      return refusal(`Halo has moved on since: ${said.join('; ')}`);
    }
    const { planned, key } = row;
    const changed = { ...planned, key, before: row.before, after: row.after };
    todo.set(row, {
      row: changed,
      from: rowIn(table, columns, row.before),
      to: rowIn(table, columns, row.after),
      reason: '',
    });
    return done;
  });
  const refused = await writeLooked(transaction, [...todo.values()], own, writeIn, clock);
  return rows.map((row, at) => {
    const looked = todo.get(row);
    const why = looked && refused.get(looked);
    return why === undefined ? (answers[at] ?? done) : refusal(why);
  });
}

function valueText(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  const text = value instanceof Date ? value.toISOString() : JSON.stringify(value as KeptValue);
  return text.length > shown ? `${text.slice(0, shown)}…` : text;
}
