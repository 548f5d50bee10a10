import type { ActualColumn, Value } from '../../database.ts';
import type { Condition, Join, Query } from '../../query.ts';
import { bracket, collate, plainInJson } from './names.ts';

/** A statement with the values of @p0, @p1 …. */
export interface Statement {
  readonly sql: string;
  readonly values: readonly Value[];
}

const operators = { equal: '=', less: '<', 'less-or-equal': '<=', greater: '>', 'greater-or-equal': '>=' } as const;

/** The column that a condition names, where it is known. */
export type FindColumn = (name: string) => ActualColumn | undefined;

/** Adds a value and answers its parameter. */
export function bind(values: Value[], value: Value): string {
  values.push(value);
  return `@p${values.length - 1}`;
}

/** `alias.Column` in brackets. */
export function reference(name: string, alias?: string): string {
  if (name.includes('.')) return name.split('.').map(bracket).join('.');
  return alias === undefined ? bracket(name) : `${bracket(alias)}.${bracket(name)}`;
}

/** The narrowest type that holds all of a list, so that an index on the column can be used. */
function listType(list: readonly Value[]): string {
  if (list.every((value) => typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 31))
    return 'int';
  if (list.every((value) => typeof value === 'bigint' || Number.isInteger(value))) return 'bigint';
  return list.every((value) => typeof value === 'number') ? 'float' : 'nvarchar(4000)';
}

const like = (text: string): string => text.replaceAll(/[\\%_[]/g, (found) => `\\${found}`);

/** A condition as T-SQL; its values are added to the list. A list of texts is compared as the column `find` knows is. */
export function condition(where: Condition, values: Value[], alias?: string, find?: FindColumn): string {
  const render = (part: Condition): string => condition(part, values, alias, find);
  if ('all' in where) return `(${where.all.map(render).join(' AND ') || '1 = 1'})`;
  if ('any' in where) return `(${where.any.map(render).join(' OR ') || '1 = 0'})`;
  if ('not' in where) return `NOT ${render(where.not)}`;
  const column = reference(where.column, alias);
  switch (where.is) {
    case 'null':
      return `(${column} IS NULL)`;
    case 'not-null':
      return `(${column} IS NOT NULL)`;
    case 'in': {
      const given = where.values.filter((value) => value !== null);
      // Servers that only speak the protocol may leave JSON's escapes in a text: those few go by themselves.
      const plain = (value: Value): boolean => typeof value !== 'string' || plainInJson(value);
      const alone = given.filter((value) => !plain(value)).map((value) => `${column} = ${bind(values, value)}`);
      const list = given.filter(plain);
      if (list.length === 0) return `(${alone.join(' OR ') || '1 = 0'})`;
      // One parameter however many values there are: a statement takes at most 2,100.
      const type = listType(list);
      const collation = type.startsWith('nvarchar') ? collate(find?.(where.column)) : '';
      const json = JSON.stringify(list.map((value) => (typeof value === 'bigint' ? value.toString() : value)));
      const among = `${column} IN (SELECT CAST(j.[value] AS ${type})${collation} FROM OPENJSON(${bind(values, json)}) j)`;
      return `(${[among, ...alone].join(' OR ')})`;
    }
    case 'contains':
      return `(${column} LIKE ${bind(values, `%${like(where.value)}%`)} ESCAPE N'\\')`;
    case 'starts-with':
      return `(${column} LIKE ${bind(values, `${like(where.value)}%`)} ESCAPE N'\\')`;
    default:
      if (where.value === null) return where.is === 'equal' ? `(${column} IS NULL)` : '(1 = 0)';
      return `(${column} ${operators[where.is]} ${bind(values, where.value)})`;
  }
}

/** A query as T-SQL; `fromOf` says what the rows are taken from where that is few rows of the table. */
export function select(query: Query, find?: FindColumn, fromOf?: (values: Value[]) => string): Statement {
  const values: Value[] = [];
  const from = fromOf?.(values) ?? bracket(query.from);
  const alias = query.as ?? query.from;
  const columns = query.columns.map((each) => {
    const name = typeof each === 'string' ? each : each.column;
    const as = typeof each === 'string' ? each.slice(each.indexOf('.') + 1) : each.as;
    return `${reference(name, alias)} AS ${bracket(as)}`;
  });
  const joins = (query.joins ?? []).map((join) => {
    const on = join.on.map(([left, right]) => `${reference(left, alias)} = ${reference(right, join.as)}`);
    if (join.where)
      on.push(
        condition(join.where, values, join.as, (name) => find?.(name.includes('.') ? name : `${join.as}.${name}`)),
      );
    const loop = fromOf && seeks(join, find);
    const kind = join.kind === 'left' ? (loop ? 'LEFT OUTER LOOP' : 'LEFT') : loop ? 'INNER LOOP' : 'INNER';
    return ` ${kind} JOIN ${bracket(join.table)} AS ${bracket(join.as)} ON ${on.join(' AND ')}`;
  });
  // SQL Server fetches one row at least, so none is a condition that no row meets.
  const none = query.limit === 0;
  const filter = query.where ? condition(query.where, values, alias, find) : undefined;
  const met = [...(filter ? [filter] : []), ...(none ? ['(1 = 0)'] : [])];
  const where = met.length > 0 ? ` WHERE ${met.join(' AND ')}` : '';
  const paged = !none && (query.limit !== undefined || query.offset !== undefined);
  const order = orderOf(query, alias);
  let sql = `SELECT ${columns.join(', ')} FROM ${from} AS ${bracket(alias)}${joins.join('')}${where}`;
  if (order.length > 0 || paged) sql += ` ORDER BY ${order.join(', ') || '(SELECT NULL)'}`;
  if (paged) sql += ` OFFSET ${query.offset ?? 0} ROWS`;
  if (paged && query.limit !== undefined) sql += ` FETCH NEXT ${query.limit} ROWS ONLY`;
  return { sql, values };
}

/** Whether a join's rows can each be sought by what they are joined by. */
function seeks({ as, on: [[, right] = ['', '']] }: Join, find: FindColumn | undefined): boolean {
  return find?.(right.includes('.') ? right : `${as}.${right}`)?.leadsIndex === true;
}

/** What rows are ordered by; SQL Server refuses a column that is named twice, and the second time says nothing. */
function orderOf({ orderBy = [] }: Query, alias: string): string[] {
  const columns = new Map<string, string>();
  for (const { column, descending } of orderBy) {
    const name = reference(column, alias);
    if (!columns.has(name.toLowerCase())) columns.set(name.toLowerCase(), `${name}${descending ? ' DESC' : ''}`);
  }
  return [...columns.values()];
}

/** How many rows match, or how many different values of a column they have. */
export function count(table: string, where?: Condition, different?: string, find?: FindColumn): Statement {
  const values: Value[] = [];
  const filter = where ? ` WHERE ${condition(where, values, undefined, find)}` : '';
  const counted = different === undefined ? '*' : `DISTINCT ${bracket(different)}`;
  return { sql: `SELECT COUNT(${counted}) AS [n] FROM ${bracket(table)}${filter}`, values };
}
