import type { Condition, Query } from '../../database/query.ts';
import { schemaTable } from '../../database/schema/index.ts';
import { ParameterValueError, UnknownParameterError } from '../../errors/halo-api-errors.ts';
import { columnOf, filterConditions, filterNames, flag, type GivenParameters } from './list-filters.ts';
import type { Resource } from '../resources/resource.ts';

/** A listing is ordered by up to five fields. */
const orders = ['', '2', '3', '4', '5'];

/** Halo's numbers are ints. */
const largest = 2 ** 31 - 1;

/** Halo's page size where a request names none. */
const defaultPageSize = 50;

/** Taken by every resource here, also by the few whose published listing has no paging. */
export const paging = [
  ...['pageinate', 'page_size', 'page_no', 'count', 'idonly', 'search'],
  ...orders.flatMap((place) => [`order${place}`, `orderdesc${place}`]),
];

/** A listing as the database reads it. */
export interface Listing {
  readonly query: Query;
  readonly where: Condition | undefined;
  readonly idOnly: boolean;
}

/** The query parameters a resource takes. */
export function parametersOf(resource: Resource): string[] {
  return [...paging, ...filterNames(resource)];
}

/** Turns Halo's query parameters into a read. Throws UnknownParameterError, ParameterValueError. */
export function listingOf(resource: Resource, parameters: Readonly<Record<string, string>>): Listing {
  const given = new Map<string, string>();
  const known = parametersOf(resource);
  for (const [name, value] of Object.entries(parameters)) {
    if (!known.includes(name.toLowerCase())) throw new UnknownParameterError(resource.name, name, known);
    given.set(name.toLowerCase(), value);
  }
  const idOnly = flag(given, 'idonly') || (known.includes('ticketidonly') && flag(given, 'ticketidonly'));
  const size = flag(given, 'pageinate') ? (whole(given, 'page_size', 1) ?? defaultPageSize) : whole(given, 'count', 0);
  const page = flag(given, 'pageinate') ? (whole(given, 'page_no', 1) ?? 1) : 1;
  const conditions = filterConditions(resource, given);
  const where = conditions.length > 0 ? { all: conditions } : undefined;
  return {
    idOnly,
    where,
    query: {
      ...readOf(resource, idOnly ? 'key' : 'published'),
      orderBy: [...orderOf(resource, given), ...inOrderOfKeys(resource)],
      ...(where && { where }),
      ...(size !== undefined && { limit: size, offset: (page - 1) * size }),
    },
  };
}

/** What makes any order one that is the same each time. */
function inOrderOfKeys(resource: Resource): { column: string }[] {
  const several = (resource.parents ?? []).flatMap(({ as, several: key }) =>
    key === undefined ? [] : [`${as}.${key}`],
  );
  return [`${resource.table}.${resource.key.column}`, ...several].map((column) => ({ column }));
}

/**
 * Columns and joins that make a resource's JSON.
 * @param which the key alone, the fields Halo publishes, or those it does not publish as well
 */
export function readOf(resource: Resource, which: 'key' | 'published' | 'all' = 'published'): Query {
  const fields = resource.fields.filter(({ unpublished }) => which !== 'key' && (which === 'all' || !unpublished));
  return {
    from: resource.table,
    columns: [
      { column: `${resource.table}.${resource.key.column}`, as: resource.key.json },
      ...fields.map((field) => ({ column: columnOf(resource, field.column), as: field.json })),
    ],
    joins: (resource.parents ?? []).map(({ table, as, on }) => ({ kind: 'left' as const, table, as, on })),
  };
}

/** `order`, then `order2` to `order5`, each with its `orderdesc…`. */
function orderOf(resource: Resource, given: GivenParameters): { column: string; descending: boolean }[] {
  const key = `${resource.table}.${resource.key.column}`;
  const columns = schemaTable(resource.table)?.columns;
  // SQL Server sorts by no column of the old large types.
  const sortable = resource.fields.filter(
    ({ column, unpublished }) => !unpublished && columns?.get(column)?.type !== 'ntext',
  );
  return orders.flatMap((place, at) => {
    const name = given.get(`order${place}`);
    if (!name && at > 0) return [];
    const descending = flag(given, `orderdesc${place}`);
    if (!name || name.toLowerCase() === resource.key.json) return [{ column: key, descending }];
    const field = sortable.find((one) => one.json.toLowerCase() === name.toLowerCase());
    if (field) return [{ column: columnOf(resource, field.column), descending }];
    throw new ParameterValueError(`order${place}`, name, `one of ${sortable.map((one) => one.json).join(', ')}`);
  });
}

function whole(given: GivenParameters, name: string, least: number): number | undefined {
  const value = given.get(name);
  if (value === undefined) return undefined;
  if (!/^\d+$/.test(value) || Number(value) < least || Number(value) > largest)
    throw new ParameterValueError(name, value, `a whole number from ${least} to ${largest}`);
  return Number(value);
}
