import type { SQLInputValue } from 'node:sqlite';
import { UnknownColumnError } from '../../errors/database-errors.ts';
import type { ActualColumn, Row, Value } from '../database.ts';
import type { Condition, Query } from '../query.ts';
import { comparingEncoder, decoderOf } from './column-values.ts';
import type { Decode } from './column-values.ts';
import { compared, comparand, isTextType, spellings } from './compared.ts';
import type { Connection, KnownTable } from './connection.ts';
import { quote } from './table-definitions.ts';

/** SQL text with the values bound to it. */
export interface Rendered {
  readonly sql: string;
  readonly parameters: SQLInputValue[];
}

/** The tables a condition may name, by alias; the first is meant where no alias is given. */
export type Scope = readonly { readonly alias: string; readonly table: KnownTable }[];

interface Reference {
  readonly sql: string;
  readonly column: ActualColumn;
}

function resolve(scope: Scope, name: string): Reference {
  const dot = name.indexOf('.');
  const alias = dot < 0 ? undefined : name.slice(0, dot).toLowerCase();
  const bare = name.slice(dot + 1);
  const found = scope.find(
    (entry) => (alias === undefined || entry.alias.toLowerCase() === alias) && entry.table.has(bare),
  );
  if (!found) throw new UnknownColumnError(name);
  const column = found.table.column(bare);
  return { sql: `${quote(found.alias)}.${quote(column.name)}`, column };
}

const operators = {
  equal: '=',
  less: '<',
  'less-or-equal': '<=',
  greater: '>',
  'greater-or-equal': '>=',
} as const;

function likePattern(text: string): string {
  return text.replaceAll(/[\\%_]/g, (character) => `\\${character}`);
}

/** A condition as SQL; values are pushed to the parameters in the order they stand in the text. */
export function renderCondition(scope: Scope, condition: Condition, parameters: SQLInputValue[]): string {
  if ('all' in condition) {
    return `(${condition.all.map((part) => renderCondition(scope, part, parameters)).join(' AND ') || '1'})`;
  }
  if ('any' in condition) {
    return `(${condition.any.map((part) => renderCondition(scope, part, parameters)).join(' OR ') || '0'})`;
  }
  if ('not' in condition) return `NOT ${renderCondition(scope, condition.not, parameters)}`;
  const { sql, column } = resolve(scope, condition.column);
  switch (condition.is) {
    case 'null':
      return `(${sql} IS NULL)`;
    case 'not-null':
      return `(${sql} IS NOT NULL)`;
    case 'in': {
      const encode = comparingEncoder(column);
      const values = condition.values
        .map((value) => encode(value))
        .filter((value) => value !== null)
        .flatMap((value): readonly SQLInputValue[] => (typeof value === 'string' ? spellings(value) : [value]));
      if (values.length === 0) return '(0)';
      // One bound list: the statement stays the same however many values there are.
      parameters.push(JSON.stringify(values.map((value) => (typeof value === 'bigint' ? Number(value) : value))));
      return `(${asCompared({ sql, column })} IN (SELECT value FROM json_each(?)))`;
    }
    case 'contains':
    case 'starts-with':
      parameters.push(`${condition.is === 'contains' ? '%' : ''}${likePattern(condition.value)}%`);
      return `(${sql} LIKE ? ESCAPE '\\')`;
    default: {
      const value = comparingEncoder(column)(condition.value);
      if (value === null && condition.is === 'equal') return `(${sql} IS NULL)`;
      const alike = condition.is === 'equal' && typeof value === 'string' ? spellings(value) : [comparand(value)];
      parameters.push(...alike);
      const left = asCompared({ sql, column });
      if (alike.length > 1) return `(${left} IN (${alike.map(() => '?').join(', ')}))`;
      return `(${left} ${operators[condition.is]} ?)`;
    }
  }
}

function asCompared({ sql, column }: Reference): string {
  return isTextType(column.type) ? compared(sql) : sql;
}

/** A query in SQLite's dialect, and how each of its columns is named and read. */
function renderQuery(
  connection: Connection,
  query: Query,
): Rendered & { readonly names: readonly string[]; readonly decoders: readonly Decode[] } {
  const from = connection.table(query.from);
  const scope = [{ alias: query.as ?? from.name, table: from }];
  const parameters: SQLInputValue[] = [];
  let tables = `${quote(from.name)} AS ${quote(query.as ?? from.name)}`;
  for (const join of query.joins ?? []) {
    const joined = { alias: join.as, table: connection.table(join.table) };
    const outer = [...scope];
    scope.push(joined);
    const parts = join.on.map(([left, right]) => {
      const rightScope = right.includes('.') ? scope : [joined];
      const reference = resolve(left.includes('.') ? scope : outer, left);
      return `${asCompared(reference)} = ${asCompared(resolve(rightScope, right))}`;
    });
    if (join.where) parts.push(renderCondition([joined, ...outer], join.where, parameters));
    tables += ` ${join.kind === 'left' ? 'LEFT' : 'INNER'} JOIN ${quote(joined.table.name)} AS ${quote(join.as)} ON ${parts.join(' AND ')}`;
  }
  const selected = query.columns.map((wanted) => {
    const reference = resolve(scope, typeof wanted === 'string' ? wanted : wanted.column);
    return { ...reference, name: typeof wanted === 'string' ? reference.column.name : wanted.as };
  });
  let sql = `SELECT ${selected.map((column) => column.sql).join(', ')} FROM ${tables}`;
  if (query.where) sql += ` WHERE ${renderCondition(scope, query.where, parameters)}`;
  if (query.orderBy?.length) {
    const order = query.orderBy.map((by) => `${asCompared(resolve(scope, by.column))}${by.descending ? ' DESC' : ''}`);
    sql += ` ORDER BY ${order.join(', ')}`;
  }
  if (query.limit !== undefined || query.offset !== undefined) {
    sql += ' LIMIT ? OFFSET ?';
    parameters.push(BigInt(query.limit ?? -1), BigInt(query.offset ?? 0));
  }
  return {
    sql,
    parameters,
    names: selected.map((column) => column.name),
    decoders: selected.map(({ column }) => decoderOf(column)),
  };
}

/** Runs a query on a connection. */
export function runQuery(connection: Connection, query: Query): Row[] {
  return oneByOne(query).flatMap((one) => runOne(connection, one));
}

/**
 * Links of a connection or of none are asked for each by themselves: for either at once SQLite goes through all links of their kind. No link is
 * of both.
 */
function oneByOne(query: Query): readonly Query[] {
  const { links, where, orderBy, limit, offset } = query;
  if (!links || !where || !('all' in where) || (orderBy ?? limit ?? offset) !== undefined) return [query];
  const at = where.all.findIndex((part) => 'any' in part);
  const either = where.all[at];
  if (!either || !('any' in either)) return [query];
  return either.any.map((part) => ({ ...query, where: { all: where.all.with(at, part) } }));
}

function runOne(connection: Connection, query: Query): Row[] {
  const { sql, parameters, names, decoders } = renderQuery(connection, query);
  return connection.rows<(string | number | null)[]>(sql, parameters).map((stored) => {
    const row: Record<string, Value> = {};
    for (let at = 0; at < names.length; at++) {
      const name = names[at];
      const decode = decoders[at];
      if (name !== undefined && decode) row[name] = decode(stored[at]);
    }
    return row;
  });
}
