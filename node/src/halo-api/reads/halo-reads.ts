import type { Database, DatabaseSession, Row } from '../../database/database.ts';
import { UnknownParameterError } from '../../errors/halo-api-errors.ts';
import type { ActualResources } from './actual-resource.ts';
import { comparedText } from '../values/compared-text.ts';
import { generalUserName } from './general-user.ts';
import type { HaloApiParts } from '../api-parts.ts';
import type { HaloReads } from './look-ups.ts';
import { inParts } from './in-parts.ts';
import { linkedIds, thirdPartyIds } from '../links/linked-ids.ts';
import { parametersOf, readOf } from './list.ts';
import type { Resource } from '../resources/resource.ts';
import { mappedSites, siteMappings } from '../links/site-mappings.ts';

/** What reading by ids and names needs. */
export interface HaloReadsParts extends Pick<HaloApiParts, 'settings' | 'warn'> {
  /** Where rows are read: the database, or a transaction, whose reads see what it has written and wait for none of its locks. */
  readonly reader: Pick<DatabaseSession, 'read'>;
  readonly describe: Database['describe'];
  readonly actual: ActualResources;
  find(name: string): Resource;
}

/** Looks records up by their ids and names, many at once. */
export function createHaloReads({ reader, describe, actual, find, settings, warn }: HaloReadsParts): HaloReads {
  const parts = { database: { read: reader.read.bind(reader), describe }, settings, warn };
  const { read } = parts.database;
  let general: Promise<string> | undefined;
  return {
    linkedIds: (name, scope, ids) => linkedIds(parts, find(name), scope, ids),
    siteMappings: (scope) => siteMappings(parts, scope),
    mappedSites: (scope) => mappedSites(parts, scope),
    thirdPartyIds: (name, scope, ids) => thirdPartyIds(parts, find(name), scope, ids),
    async idsByName(name, names) {
      const resource = find(name);
      const column = resource.fields.find((field) => field.json === 'name')?.column ?? resource.key.column;
      const found = new Map<string, number[]>();
      for (const some of inParts(names)) {
        const rows = await read({
          from: resource.table,
          columns: [resource.key.column, column],
          where: { column, is: 'in', values: some },
        });
        for (const row of rows) {
          const key = comparedText(row[column]);
          found.set(key, [...(found.get(key) ?? []), Number(row[resource.key.column])]);
        }
      }
      return found;
    },
    async listBy(name, field, values) {
      const resource = await actual.of(find(name));
      const column = [...resource.fields, resource.key].find((one) => one.json === field)?.column;
      if (column === undefined) throw new UnknownParameterError(name, field, parametersOf(resource));
      const found: Row[] = [];
      for (const some of inParts(values)) {
        const named = column.includes('.') ? column : `${resource.table}.${column}`;
        found.push(...(await read({ ...readOf(resource, 'all'), where: { column: named, is: 'in', values: some } })));
      }
      // What looks for people must not come by him.
      if (resource.name !== 'Users' || column === resource.key.column) return found;
      general ??= generalUserName({ describe }, { read });
      const nobodys = comparedText(await general);
      return found.filter((user) => comparedText(user['name']) !== nobodys);
    },
  };
}
