import type { Condition, Query } from '../database/query.ts';
import type { Value } from '../database/database.ts';
import { ParameterValueError, UnknownParameterError } from '../errors/halo-api-errors.ts';
import type { Field, Resource } from './resources/resource.ts';

/** Halo's page size where a request names none. */
const defaultPageSize = 50;

/** Taken by every resource here, also by the few whose published listing has no paging. */
export const paging = ['pageinate', 'page_size', 'page_no', 'count', 'idonly', 'search', 'order', 'orderdesc'];

/** A listing as the database reads it. */
export interface Listing {
  readonly query: Query;
  readonly where: Condition | undefined;
  readonly idOnly: boolean;
}

/** The query parameters a resource takes. */
export function parametersOf(resource: Resource): string[] {
  return [
    ...paging,
    ...(resource.inactive ? ['includeinactive'] : []),
    ...(resource.filtersByLastUpdate ? ['lastupdatefromdate', 'lastupdatetodate'] : []),
    ...Object.keys(resource.filters),
  ];
}

/** Turns Halo's query parameters into a read. Throws UnknownParameterError, ParameterValueError. */
export function listingOf(resource: Resource, parameters: Readonly<Record<string, string>>): Listing {
  const given = new Map<string, string>();
  const known = parametersOf(resource);
  for (const [name, value] of Object.entries(parameters)) {
    if (!known.includes(name.toLowerCase())) throw new UnknownParameterError(resource.name, name, known);
    given.set(name.toLowerCase(), value);
  }
  const idOnly = flag(given, 'idonly');
  const size = flag(given, 'pageinate') ? (whole(given, 'page_size', 1) ?? defaultPageSize) : whole(given, 'count', 0);
  const page = flag(given, 'pageinate') ? (whole(given, 'page_no', 1) ?? 1) : 1;
  const conditions = conditionsOf(resource, given);
  const where = conditions.length > 0 ? { all: conditions } : undefined;
  return {
    idOnly,
    where,
    query: {
      ...readOf(resource, idOnly),
      orderBy: [orderOf(resource, given), { column: `${resource.table}.${resource.key.column}` }],
      ...(where && { where }),
      ...(size !== undefined && { limit: size, offset: (page - 1) * size }),
    },
  };
}

/** Columns and joins that make a resource's JSON. */
export function readOf(resource: Resource, idOnly = false): Query {
  const fields = idOnly ? [] : resource.fields;
  return {
    from: resource.table,
    columns: [
      { column: `${resource.table}.${resource.key.column}`, as: resource.key.json },
      ...fields.map((field) => ({ column: columnOf(resource, field.column), as: field.json })),
    ],
    joins: (resource.parents ?? []).map((parent) => ({ kind: 'left' as const, ...parent })),
  };
}

/** Rows that are not inactive; a row that says nothing counts as active. */
export function activeRows(column: string, inactive: boolean): Condition {
  return {
    any: [
      { column, is: 'null' },
      { column, is: 'equal', value: !inactive },
    ],
  };
}

function conditionsOf(resource: Resource, given: ReadonlyMap<string, string>): Condition[] {
  const conditions: Condition[] = [];
  const search = given.get('search');
  if (search)
    conditions.push({
      any: resource.search.map((column) => ({ column: columnOf(resource, column), is: 'contains', value: search })),
    });
  if (resource.inactive && !flag(given, 'includeinactive')) {
    const { column, value } = resource.inactive;
    conditions.push(activeRows(columnOf(resource, column), value));
  }
  for (const [name, column] of Object.entries(resource.filters)) {
    const value = given.get(name);
    if (value === undefined) continue;
    conditions.push({
      column: columnOf(resource, column),
      is: 'equal',
      value: filterValue(resource, name, column, value),
    });
  }
  for (const [name, is] of [
    ['lastupdatefromdate', 'greater-or-equal'],
    ['lastupdatetodate', 'less-or-equal'],
  ] as const) {
    const value = given.get(name);
    if (value === undefined || !resource.lastUpdate) continue;
    const date = new Date(value);
    if (Number.isNaN(date.getTime())) throw new ParameterValueError(name, value, 'a date such as 2026-01-31T08:00:00Z');
    conditions.push({ column: columnOf(resource, resource.lastUpdate), is, value: date });
  }
  return conditions;
}

/** Filters on text columns take the text; all others compare numbers. */
function filterValue(resource: Resource, name: string, column: string, value: string): Value {
  if (resource.fields.some((field) => field.column === column && field.type === 'string')) return value;
  if (!/^-?\d+$/.test(value)) throw new ParameterValueError(name, value, 'a whole number');
  return Number(value);
}

function orderOf(resource: Resource, given: ReadonlyMap<string, string>): { column: string; descending?: boolean } {
  const name = given.get('order');
  const key = `${resource.table}.${resource.key.column}`;
  if (!name || name === resource.key.json) return { column: key, descending: flag(given, 'orderdesc') };
  const field: Field | undefined = resource.fields.find((one) => one.json === name);
  if (!field)
    throw new ParameterValueError('order', name, `one of ${resource.fields.map((one) => one.json).join(', ')}`);
  return { column: columnOf(resource, field.column), descending: flag(given, 'orderdesc') };
}

function columnOf(resource: Resource, column: string): string {
  return column.includes('.') ? column : `${resource.table}.${column}`;
}

function flag(given: ReadonlyMap<string, string>, name: string): boolean {
  const value = given.get(name);
  if (value === undefined) return false;
  if (!/^(true|false|1|0)$/i.test(value)) throw new ParameterValueError(name, value, 'true or false');
  return /^(true|1)$/i.test(value);
}

function whole(given: ReadonlyMap<string, string>, name: string, least: number): number | undefined {
  const value = given.get(name);
  if (value === undefined) return undefined;
  if (!/^\d+$/.test(value) || Number(value) < least)
    throw new ParameterValueError(name, value, `a whole number of at least ${least}`);
  return Number(value);
}
