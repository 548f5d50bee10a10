import type { ActualColumn, ActualTable } from '../database.ts';

/** A table of the schema facts: its key, and each column's type as text. */
export interface SchemaTable {
  readonly primaryKey: readonly string[];
  readonly columns: Readonly<Record<string, string>>;
}

/** A column of the facts in parsed form; `default` is the T-SQL expression as written. */
export interface SchemaColumn extends ActualColumn {
  readonly default?: string;
}

const columnText =
  /^(?<type>[a-z0-9]+)(?:\((?<length>max|\d+)(?:,\s*\d+)?\))?(?<identity> identity)?(?<required> not null)?(?: default (?<fallback>.*))?$/is;

/** Reads a column's text such as `nvarchar(500) not null default ''`. */
export function parseColumn(name: string, text: string, isKey = false): SchemaColumn {
  const groups = columnText.exec(text)?.groups;
  if (!groups) throw new SyntaxError(`column ${name} has a type that cannot be read: ${text}`);
  const { type = '', length, identity, required, fallback } = groups;
  return {
    name,
    type: type.toLowerCase(),
    // What stands behind time and datetime2 is a precision.
    ...(length && /char|binary/i.test(type) && length !== 'max' ? { length: Number(length) } : {}),
    nullable: !required && !isKey,
    identity: identity !== undefined,
    computed: false,
    hasDefault: fallback !== undefined,
    ...(fallback === undefined ? {} : { default: fallback }),
  };
}

/** Reads a whole table; columns of the primary key never take null. */
export function parseTable(
  name: string,
  table: SchemaTable,
): ActualTable & { readonly columns: ReadonlyMap<string, SchemaColumn> } {
  const key = new Set(table.primaryKey);
  return {
    name,
    primaryKey: table.primaryKey,
    columns: new Map(
      Object.entries(table.columns).map(([column, text]) => [column, parseColumn(column, text, key.has(column))]),
    ),
  };
}
