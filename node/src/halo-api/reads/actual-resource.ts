import type { ActualTable, Database } from '../../database/database.ts';
import type { Condition } from '../../database/query.ts';
import { MissingTableError } from '../../errors/halo-api-errors.ts';
import type { MissingColumns } from './missing-columns.ts';
import type { Filter, Resource } from '../resources/resource.ts';

/** Resources as this Halo has them: an older one may lack columns that a newer one has. */
export class ActualResources {
  readonly #database: Database;
  readonly #missing: MissingColumns;
  readonly #known = new Map<string, Promise<Resource>>();

  constructor(database: Database, missing: MissingColumns) {
    this.#database = database;
    this.#missing = missing;
  }

  /** The resource without what this Halo has no columns for, which is warned of once. Throws MissingTableError. */
  of(resource: Resource): Promise<Resource> {
    const known = this.#known.get(resource.name);
    if (known) return known;
    const found = this.#read(resource);
    found.catch(() => this.#known.delete(resource.name));
    this.#known.set(resource.name, found);
    return found;
  }

  async #read(resource: Resource): Promise<Resource> {
    const parents = resource.parents ?? [];
    const tables = await this.#database.describe([resource.table, ...parents.map(({ table }) => table)]);
    const own = tables.get(resource.table);
    if (!own) throw new MissingTableError(resource.table);
    const byAlias = new Map<string, ActualTable>([[resource.table, own]]);
    for (const parent of parents) {
      const table = tables.get(parent.table);
      if (table) byAlias.set(parent.as, table);
    }
    const has = (column: string): boolean => {
      const [alias = '', name = ''] = column.includes('.') ? column.split('.') : [resource.table, column];
      return byAlias.get(alias)?.columns.has(name) === true;
    };
    for (const { as, on } of parents) if (!on.flat().every(has)) byAlias.delete(as);
    const missing = resource.fields.filter(({ column }) => !has(column));
    for (const { json, column } of missing) {
      const [alias = '', name = ''] = column.includes('.') ? column.split('.') : [resource.table, column];
      const table = byAlias.get(alias)?.name ?? parents.find(({ as }) => as === alias)?.table ?? alias;
      this.#missing.tell(table, name, `the field "${json}" of ${resource.name} is left out`);
    }
    return {
      ...without(resource, ['inactive', 'lastUpdate', 'created', 'changeClock']),
      fields: resource.fields.filter((field) => !missing.includes(field)),
      parents: parents.filter(({ as }) => byAlias.has(as)),
      search: resource.search.filter(has),
      filters: Object.fromEntries(
        Object.entries(resource.filters).filter(([, filter]) => columnsAsked(filter).every(has)),
      ),
      ...(resource.inactive && has(resource.inactive.column) && { inactive: resource.inactive }),
      ...(resource.lastUpdate !== undefined && has(resource.lastUpdate) && { lastUpdate: resource.lastUpdate }),
      ...(resource.created !== undefined && has(resource.created) && { created: resource.created }),
      ...(resource.changeClock && has(resource.changeClock.column) && { changeClock: resource.changeClock }),
      ...(resource.history && {
        history: resource.history.filter((rule) => rule.of === 'creation' || has(rule.column)),
      }),
    };
  }
}

function columnsAsked(filter: Filter): readonly string[] {
  if (typeof filter === 'string') return [filter];
  return 'when' in filter ? columnsIn(filter.when) : [filter.column];
}

function columnsIn(condition: Condition): readonly string[] {
  if ('all' in condition) return condition.all.flatMap(columnsIn);
  if ('any' in condition) return condition.any.flatMap(columnsIn);
  if ('not' in condition) return columnsIn(condition.not);
  return [condition.column];
}

function without<K extends keyof Resource>(resource: Resource, names: readonly K[]): Omit<Resource, K> {
  return Object.fromEntries(
    Object.entries(resource).filter(([name]) => !(names as readonly string[]).includes(name)),
  ) as Omit<Resource, K>;
}
