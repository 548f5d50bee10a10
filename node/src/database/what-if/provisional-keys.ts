/**
 * Numbers of rows that are planned and not there: far above those that Halo gives, and within an int. Each table has its own, so that the
 * number tells of which table's row a column speaks.
 */
const first = 2_000_000_000;
const tableShare = 5_000_000;
const largest = 2 ** 31 - 1;

/** The first number of the nth table; undefined where there is none left. */
export function provisionalFrom(nth: number): number | undefined {
  const from = first + nth * tableShare + 1;
  return from + tableShare > largest ? undefined : from;
}

/** Whether a value can be the number of a row that is planned. */
export function isProvisional(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > first && value <= largest;
}

/** The how-manieth planned row of its table that is, counted from 1. */
export function ordinalOf(key: number): number {
  return ((key - first - 1) % tableShare) + 1;
}
