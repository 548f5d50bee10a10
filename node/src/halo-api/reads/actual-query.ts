import type { ActualTable, Value } from '../../database/database.ts';
import type { Condition, Join, Query } from '../../database/query.ts';
import { schemaTable } from '../../database/schema/index.ts';

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
    // Of a join that is left out, what it is joined by was told already.
    if (table === '') return false;
    const found = tables.get(table)?.columns.has(name) === true;
    if (!found) tell(table, name);
    return found;
  };
  const left = (condition: Condition) => simplified(condition, has, (column) => emptyValue(...placeOf(column)));
  const joins: Join[] = [];
  for (const join of query.joins ?? []) {
    const there = tables.get(join.table) && join.on.flat().every(has);
    const { where: asked, ...plain } = join;
    const where = there && (asked === undefined || left(asked));
    if (where === true) joins.push(plain);
    else if (typeof where === 'object') joins.push({ ...plain, where });
    else if (join.kind === 'inner') return undefined;
    else names.delete(join.as);
  }
  const { where: asked, ...rest } = query;
  const where = asked === undefined ? true : left(asked);
  const columns = query.columns.filter((column) => has(typeof column === 'string' ? column : column.column));
  if (typeof where !== 'object' && where !== true) return undefined;
  if (columns.length === 0) return undefined;
  return {
    ...rest,
    columns,
    joins,
    ...(where !== true && { where }),
    ...(query.orderBy && { orderBy: query.orderBy.filter(({ column }) => has(column)) }),
  };
}

function emptyValue(table: string, column: string): Value {
  return schemaTable(table)?.columns.get(column)?.type === 'bit' ? false : null;
}

/** How a condition turns out where that is known; undefined is SQL's unknown, of which no row comes, denied or not. */
type Left = Condition | boolean | undefined;

/** What is left of a condition once it is known how those on missing columns turn out. */
function simplified(condition: Condition, has: (column: string) => boolean, empty: (column: string) => Value): Left {
  const parts = (all: readonly Condition[]): Left[] => all.map((one) => simplified(one, has, empty));
  const open = (all: readonly Left[]): Condition[] => all.filter((one) => typeof one === 'object');
  if ('all' in condition) {
    const all = parts(condition.all);
    if (all.includes(false)) return false;
    if (all.includes(undefined)) return undefined;
    return open(all).length === 0 || { all: open(all) };
  }
  if ('any' in condition) {
    const any = parts(condition.any);
    if (any.includes(true)) return true;
    if (open(any).length > 0) return { any: open(any) };
    return any.includes(undefined) ? undefined : false;
  }
  if ('not' in condition) {
    const not = simplified(condition.not, has, empty);
    if (typeof not === 'boolean') return !not;
    return not && { not };
  }
  if (has(condition.column)) return condition;
  const value = empty(condition.column);
  switch (condition.is) {
    case 'null':
      return value === null;
    case 'not-null':
      return value !== null;
    case 'equal':
      return value === condition.value || (value === null ? undefined : false);
    case 'in':
      return value === null ? undefined : condition.values.includes(value);
    default:
      return undefined;
  }
}
