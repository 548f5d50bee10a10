/** A value as it is bound and read. Dates are UTC; SQL `bit` is boolean. */
export type Value = string | number | bigint | boolean | Date | Uint8Array | null;
/** A row, by column name spelled as in the schema facts. */
export type Row = Record<string, Value>;

/** Those columns of a row, with null for one that it has not. */
export function onlyColumns(row: Row, names: readonly string[]): Row {
  return Object.fromEntries(names.map((name) => [name, row[name] ?? null]));
}
