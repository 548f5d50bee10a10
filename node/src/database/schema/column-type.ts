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
  const kind = kindOf(text);
  if (!kind) throw new SyntaxError(`column ${name} has a type that cannot be read: ${text}`);
  return columnOf(name, kind, isKey);
}

type ColumnKind = Omit<SchemaColumn, 'name'>;

function columnOf(name: string, kind: ColumnKind, isKey: boolean): SchemaColumn {
  return { name, ...kind, nullable: kind.nullable && !isKey };
}

function kindOf(text: string): ColumnKind | undefined {
  const groups = columnText.exec(text)?.groups;
  if (!groups) return undefined;
  const { type = '', length, identity, required, fallback } = groups;
  return {
    type: type.toLowerCase(),
    // What stands behind time and datetime2 is a precision.
    ...(length && /char|binary/i.test(type) && length !== 'max' ? { length: Number(length) } : {}),
    nullable: !required,
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
  // Hundreds of columns are written in a few ways.
  const kinds = new Map<string, ColumnKind>();
  const columns = Object.entries(table.columns).map(([column, text]): [string, SchemaColumn] => {
    const kind = kinds.get(text) ?? kindOf(text);
    if (!kind) throw new SyntaxError(`column ${column} of ${name} has a type that cannot be read: ${text}`);
    kinds.set(text, kind);
    return [column, columnOf(column, kind, key.has(column))];
  });
  return { name, primaryKey: table.primaryKey, columns: new Map(columns) };
}
