import type { Value } from '../../database/database.ts';
import type { Condition } from '../../database/query.ts';
import { ParameterValueError } from '../../errors/halo-api-errors.ts';
import { isoDate } from '../values/iso-date.ts';
import type { Filter, Resource } from '../resources/resource.ts';

/** Query parameters as given, by lower-cased name. */
export type GivenParameters = ReadonlyMap<string, string>;

/** The parameters of a resource that narrow a listing, beside `search`. */
export function filterNames(resource: Resource): string[] {
  const { inactive, filtersByLastUpdate, dateSearch, filters } = resource;
  return [
    ...(inactive ? ['includeinactive', 'includeactive', ...(inactive.parameter ? [inactive.parameter] : [])] : []),
    ...(filtersByLastUpdate ? ['lastupdatefromdate', 'lastupdatetodate'] : []),
    ...(dateSearch ? ['startdate', 'enddate', 'datesearch'] : []),
    ...Object.keys(filters),
  ];
}

/** What the parameters given ask for. Throws ParameterValueError. */
export function filterConditions(resource: Resource, given: GivenParameters): Condition[] {
  const conditions: Condition[] = [];
  // No column holds the character, and SQLite would take it for the end of what is looked for.
  const search = given.get('search')?.replaceAll('\0', '');
  if (search)
    conditions.push({
      any: resource.search.map((column) => ({ column: columnOf(resource, column), is: 'contains', value: search })),
    });
  conditions.push(...activity(resource, given));
  for (const [name, filter] of Object.entries(resource.filters)) {
    const value = given.get(name);
    if (value !== undefined) conditions.push(...asked(resource, name, filter, value, given));
  }
  return [...conditions, ...dates(resource, given)];
}

/** A column with its table. */
export function columnOf(resource: Resource, column: string): string {
  return column.includes('.') ? column : `${resource.table}.${column}`;
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

/** A switch among the parameters; false where it is not given. */
export function flag(given: GivenParameters, name: string, otherwise = false): boolean {
  const value = given.get(name);
  if (value === undefined) return otherwise;
  if (!/^(true|false|1|0)$/i.test(value)) throw new ParameterValueError(name, value, 'true or false');
  return /^(true|1)$/i.test(value);
}

function activity(resource: Resource, given: GivenParameters): Condition[] {
  if (!resource.inactive) return [];
  const { column, value, parameter } = resource.inactive;
  const withInactive = flag(given, 'includeinactive') || (parameter !== undefined && flag(given, parameter));
  const named = columnOf(resource, column);
  return [
    ...(withInactive ? [] : [activeRows(named, value)]),
    ...(flag(given, 'includeactive', true) ? [] : [{ column: named, is: 'equal', value } as const]),
  ];
}

function asked(
  resource: Resource,
  name: string,
  filter: Filter,
  value: string,
  given: GivenParameters,
): readonly Condition[] {
  if (typeof filter === 'string') {
    return [{ column: columnOf(resource, filter), is: 'equal', value: valueOf(resource, name, filter, value) }];
  }
  if ('when' in filter) return flag(given, name) ? [filter.when] : [];
  const column = columnOf(resource, filter.column);
  if (filter.kind === 'contains') return [{ column, is: 'contains', value }];
  if (filter.kind === 'switch') {
    const on = flag(given, name);
    return [on ? { column, is: 'equal', value: true } : activeRows(column, true)];
  }
  const values = value
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
    .map((one) => valueOf(resource, name, filter.column, one));
  const listed: Condition = { column, is: 'in', values };
  return [filter.kind === 'one of' ? listed : { not: listed }];
}

/** Filters on text columns take the text; all others compare numbers. */
function valueOf(resource: Resource, name: string, column: string, value: string): Value {
  if (resource.fields.some((field) => field.column === column && field.type === 'string')) return value;
  if (!/^-?\d+$/.test(value) || Math.abs(Number(value)) >= 2 ** 31)
    throw new ParameterValueError(name, value, 'a whole number of up to ten digits');
  return Number(value);
}

function dates(resource: Resource, given: GivenParameters): Condition[] {
  const conditions: Condition[] = [];
  const add = (name: string, column: string, is: 'greater-or-equal' | 'less-or-equal'): void => {
    const value = given.get(name);
    if (value !== undefined) conditions.push({ column: columnOf(resource, column), is, value: dateOf(name, value) });
  };
  if (resource.filtersByLastUpdate && resource.lastUpdate) {
    add('lastupdatefromdate', resource.lastUpdate, 'greater-or-equal');
    add('lastupdatetodate', resource.lastUpdate, 'less-or-equal');
  }
  if (resource.dateSearch !== undefined) {
    const column = searchedDate(resource, given.get('datesearch') ?? resource.dateSearch);
    add('startdate', column, 'greater-or-equal');
    add('enddate', column, 'less-or-equal');
  }
  return conditions;
}

/** The column `datesearch` names, as a date field of the API or as the column itself. */
function searchedDate(resource: Resource, name: string): string {
  const known = resource.fields.filter((field) => field.type === 'date');
  const wanted = name.toLowerCase();
  const found = known.find(({ json, column }) => json.toLowerCase() === wanted || column.toLowerCase() === wanted);
  if (!found) throw new ParameterValueError('datesearch', name, `one of ${known.map(({ json }) => json).join(', ')}`);
  return found.column;
}

/** A date; an `enddate` without a time is the end of that day, as far as SQL Server's `datetime` tells it from the next. */
function dateOf(name: string, value: string): Date {
  const date = isoDate(value);
  if (!date) throw new ParameterValueError(name, value, 'a date such as 2026-01-31T08:00:00Z');
  return name === 'enddate' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? new Date(date.getTime() + 86_400_000 - 3) : date;
}
