/** A value as it is bound and read. Dates are UTC; SQL `bit` is boolean. */
export type Value = string | number | bigint | boolean | Date | Uint8Array | null;
/** A row, by column name spelled as in the schema facts. */
export type Row = Record<string, Value>;
