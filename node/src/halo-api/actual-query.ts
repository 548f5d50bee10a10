import type { ActualTable, Value } from '../database/database.ts';
import type { Condition, Join, Query } from '../database/query.ts';
import { schemaTable } from '../database/schema/index.ts';

type Tables = ReadonlyMap<string, ActualTable | undefined>;

/** Tables a query names. */
export function tablesAsked({ from, joins = [] }: Query): readonly string[] {
  return [from, ...joins.map(({ table }) => table)];
}

/**
 * A query without the columns that this Halo has not: they are not read, and count as empty in conditions (a bit as off). Undefined
 * where nothing can come of it. Each column left out is told, by its table.
 */
export function actualQuery(
  query: Query,
  tables: Tables,
  tell: (table: string, column: string) => void,
): Query | undefined {
  if (!tables.get(query.from)) return undefined;
  const names = new Map<string, string>([[query.as ?? query.from, query.from]]);
  for (const { as, table } of query.joins ?? []) names.set(as, table);
  const placeOf = (column: string): readonly [table: string, column: string] => {
    const [alias, name] = column.includes('.') ? column.split('.') : [query.as ?? query.from, column];
    return [names.get(alias ?? '') ?? '', name ?? ''];
  };
  const has = (column: string): boolean => {
    const [table, name] = placeOf(column);
    const found = tables.get(table)?.columns.has(name) === true;
    if (!found) tell(table, name);
    return found;
  };
  const joins: Join[] = [];
  for (const join of query.joins ?? []) {
    if (tables.get(join.table) && join.on.flat().every(has)) joins.push(join);
    else if (join.kind === 'inner') return undefined;
    else names.delete(join.as);
  }
  const { where: asked, ...rest } = query;
  const where = asked && simplified(asked, has, (column) => emptyValue(...placeOf(column)));
  const columns = query.columns.filter((column) => has(typeof column === 'string' ? column : column.column));
  if (where === false || columns.length === 0) return undefined;
  return {
    ...rest,
    columns,
    joins,
    ...(where !== undefined && where !== true && { where }),
    ...(query.orderBy && { orderBy: query.orderBy.filter(({ column }) => has(column)) }),
  };
}

function emptyValue(table: string, column: string): Value {
  return schemaTable(table)?.columns.get(column)?.type === 'bit' ? false : null;
}

/** What is left of a condition once it is known how those on missing columns turn out. */
function simplified(
  condition: Condition,
  has: (column: string) => boolean,
  empty: (column: string) => Value,
): Condition | boolean {
  const parts = (all: readonly Condition[]) => all.map((one) => simplified(one, has, empty));
  const open = (all: readonly (Condition | boolean)[]): Condition[] => all.filter((one) => typeof one !== 'boolean');
  if ('all' in condition) {
    const all = parts(condition.all);
    return all.includes(false) ? false : open(all).length === 0 || { all: open(all) };
  }
  if ('any' in condition) {
    const any = parts(condition.any);
    return any.includes(true) || (open(any).length > 0 && { any: open(any) });
  }
  if ('not' in condition) {
    const not = simplified(condition.not, has, empty);
    return typeof not === 'boolean' ? !not : { not };
  }
  if (has(condition.column)) return condition;
  const value = empty(condition.column);
  switch (condition.is) {
    case 'null':
      return value === null;
    case 'not-null':
      return value !== null;
    case 'equal':
      return value !== null && condition.value === value;
    case 'in':
      return value !== null && condition.values.includes(value);
    default:
      return false;
  }
}
