import { AllocationConflictError, DatabaseBusyError } from '../../errors/database-errors.ts';
import type { ActualColumn, ActualTable, Row } from '../database.ts';
import { columnValue, jsonValue } from './column-value.ts';
import { countNumbered, highestInGroups, highestNumber, lockNumbering } from './sql-text/numbers.ts';
import { isLockGiven } from './sql-text/locks.ts';
import type { TransactionTools } from './transaction-tools.ts';

/** How many of the rows to be inserted get a number, and behind which one. */
export interface TakenNumbers {
  readonly last: number;
  readonly count: number;
}

/** The highest number given so far, as it is now: nothing is locked, and nobody is kept from taking the next one. */
export async function lastNumber({ run }: TransactionTools, table: ActualTable, column: ActualColumn): Promise<number> {
  return highestOf(await run(highestNumber(table.name, column.name, false)));
}

/**
 * Takes the next numbers for so many rows; they are ours until the transaction ends. To be asked for right before the rows are
 * inserted, as nobody else can add to the table from then on.
 */
export async function takeNumbers(
  tools: TransactionTools,
  table: ActualTable,
  column: ActualColumn,
  count: number,
): Promise<TakenNumbers> {
  if (!column.leadsIndex) await lockNumbers(tools, table, column);
  const locked = column.leadsIndex === true;
  return { last: highestOf(await tools.run(highestNumber(table.name, column.name, locked))), count };
}

/** Makes sure, once the rows are inserted, that nobody else gave one of their numbers. Throws AllocationConflictError, which is retried. */
export async function checkNumbers(
  { run }: TransactionTools,
  table: ActualTable,
  column: ActualColumn,
  { last, count }: TakenNumbers,
): Promise<void> {
  // The range behind the highest number was locked, or the key itself keeps the rows apart.
  if (column.leadsIndex || count === 0) return;
  const [row] = await run(countNumbered(table.name, column.name, last + 1, last + count));
  if (Number(row?.['n']) !== count) throw new AllocationConflictError(table.name, column.name);
}

/** The next numbers, row by row, each within its group of rows. */
export async function numbersWithin(
  tools: TransactionTools,
  table: ActualTable,
  column: ActualColumn,
  within: readonly ActualColumn[],
  rows: readonly Row[],
): Promise<number[]> {
  const places = new Map<string, number>();
  const groups: Record<string, unknown>[] = [];
  const groupOf = rows.map((row) => {
    const values = within.map((one) => jsonValue(columnValue(one, row[one.name] ?? null), one));
    const name = JSON.stringify(values);
    const known = places.get(name) ?? groups.length;
    if (known === groups.length)
      groups.push({ g: known, ...Object.fromEntries(values.map((value, at) => [`w${at}`, value])) });
    places.set(name, known);
    return known;
  });
  const locked = within.some((one) => one.leadsIndex);
  if (!locked) await lockNumbers(tools, table, column);
  const highest = new Map<number, number>();
  const statement = highestInGroups(table.name, column.name, within, locked, JSON.stringify(groups));
  for (const row of await tools.run(statement)) highest.set(Number(row['g']), highestOf([row]));
  return groupOf.map((group) => {
    const number = (highest.get(group) ?? 0) + 1;
    highest.set(group, number);
    return number;
  });
}

/** Keeps our other sessions from giving the same numbers, where locking the highest would lock the table. */
async function lockNumbers({ run }: TransactionTools, table: ActualTable, column: ActualColumn): Promise<void> {
  const [row] = await run(lockNumbering(table.name, column.name));
  if (!isLockGiven(row?.['result'])) throw new DatabaseBusyError(`another run was numbering new rows of ${table.name}`);
}

function highestOf([row]: readonly Row[]): number {
  return Math.max(Number(row?.['highest'] ?? 0), 0);
}
