import type { Row, Value } from '../database/database.ts';
import type { Condition } from '../database/query.ts';
import {
  ParameterValueError,
  RecordNotFoundError,
  UnknownParameterError,
  UnknownResourceError,
} from '../errors/halo-api-errors.ts';
import type { HaloApi, HaloListing } from './halo-api.ts';
import type { HaloApiParts } from './api-parts.ts';
import { ActualResources } from './reads/actual-resource.ts';
import { assetLinks, knownAssets } from './assets/known-assets.ts';
import { createHaloReads } from './reads/halo-reads.ts';
import { createHaloSession } from './halo-session.ts';
import { instanceInfo } from './instance-info.ts';
import { MissingColumns } from './reads/missing-columns.ts';
import { listingOf, readOf } from './reads/list.ts';
import { RecordedSession } from './changes/recorded-session.ts';
import { asset } from './resources/asset.ts';
import { resources } from './resources/index.ts';
import type { Resource } from './resources/resource.ts';

/** Halo's keys are ints. */
const largestKey = 2 ** 31 - 1;

/** Halo's API over the database: the same names, filters and envelopes as the published one. */
export function createHaloApi(parts: HaloApiParts): HaloApi {
  const { database } = parts;
  const missing = new MissingColumns(parts.warn);
  const actual = new ActualResources(database, missing);

  function find(name: string): Resource {
    const found = resources.get(name.toLowerCase());
    if (!found)
      throw new UnknownResourceError(name, [...[...resources.values()].map((one) => one.name), 'InstanceInfo']);
    return found;
  }

  async function list(name: string, query: Readonly<Record<string, string>> = {}): Promise<HaloListing> {
    const resource = await actual.of(find(name));
    const listing = listingOf(resource, query);
    const rows = await database.read(listing.query);
    if (resource.listKey === undefined) return rows;
    const record_count = listing.query.limit === undefined ? rows.length : await countOf(resource, listing.where);
    return { record_count, [resource.listKey]: rows };
  }

  /** A condition on a joined table has to be counted over the join. */
  async function countOf(resource: Resource, where: ReturnType<typeof listingOf>['where']): Promise<number> {
    const joined = (resource.parents ?? []).some(
      ({ as, several }) => several !== undefined || JSON.stringify(where ?? {}).includes(`"${as}.`),
    );
    if (!joined) return database.count(resource.table, where);
    return (await database.read({ ...readOf(resource, 'key'), ...(where && { where }) })).length;
  }

  /** `parent` is the id that the record's own id counts within (an action's ticket). */
  async function get(name: string, id: number, parent?: string): Promise<Row> {
    const resource = await actual.of(find(name));
    const { column, within } = resource.key;
    const where: Condition[] = [{ column: `${resource.table}.${column}`, is: 'equal', value: id }];
    if (within) {
      if (!/^\d+$/.test(parent ?? '')) throw new ParameterValueError(within.json, parent ?? '', 'a whole number');
      where.push({ column: `${resource.table}.${within.column}`, is: 'equal', value: Number(parent) });
    }
    const [row] = await database.read({ ...readOf(resource), where: { all: where } });
    if (!row) throw new RecordNotFoundError(resource.name, id);
    return row;
  }

  const reads = createHaloReads({
    ...parts,
    reader: database,
    describe: (tables) => database.describe(tables),
    actual,
    find,
  });

  return {
    list,
    get: (name, id) => get(name, id),
    async request(_method, path) {
      const url = new URL(path.startsWith('/') ? path : `/${path}`, 'http://halo');
      const [name = '', id, ...rest] = decodePath(url.pathname)
        .split('/')
        .filter((part) => part !== '' && part.toLowerCase() !== 'api');
      if (id === undefined && name.toLowerCase() === 'instanceinfo') return instanceInfo(parts);
      if (id === undefined) return list(name, Object.fromEntries(url.searchParams));
      if (!/^\d{1,10}$/.test(id) || Number(id) > largestKey || rest.length > 0)
        throw new ParameterValueError('id', [id, ...rest].join('/'), 'a whole number');
      const { within } = find(name).key;
      const known = ['includedetails', ...(within ? [within.json] : [])];
      // The one record is whole whether its details are asked for or not.
      let parent: string | undefined;
      for (const [parameter, value] of url.searchParams) {
        if (!known.includes(parameter.toLowerCase())) throw new UnknownParameterError(name, parameter, known);
        if (parameter.toLowerCase() === within?.json) parent = value;
      }
      return get(name, Number(id), parent);
    },
    async write(purpose, signal, changes) {
      const session = await database.session(purpose, signal);
      const recorded =
        changes && new RecordedSession(session, changes, async (name) => (await database.describe([name])).get(name));
      return createHaloSession({ session: recorded ?? session, parts, find, missing, actual });
    },
    async settingsRows(table, where = {}) {
      const actual = (await database.describe([table])).get(table);
      if (!actual) return [];
      const conditions = Object.entries(where).map(([column, value]) => ({
        column,
        is: 'equal' as const,
        value: value as Value,
      }));
      return database.read({
        from: table,
        columns: [...actual.columns.keys()],
        ...(conditions.length > 0 && { where: { all: conditions } }),
      });
    },
    async missingTables(tables) {
      const there = await database.describe(tables);
      return tables.filter((table) => !there.has(table));
    },
    async moduleId(integration) {
      const [row] = await database.read({
        from: 'MODULESETUP',
        columns: ['MSid'],
        where: {
          any: [
            { column: 'MSActualName', is: 'equal', value: integration },
            { column: 'MSName', is: 'equal', value: integration },
          ],
        },
        orderBy: [{ column: 'MSid' }],
      });
      return row ? Number(row.MSid) : parts.settings.ModuleIds?.[integration];
    },
    ...reads,
    knownAssets: (request) => knownAssets(parts, asset, request),
    assetLinks: (scope) => assetLinks(parts, asset, scope),
  };
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new ParameterValueError('path', path, 'a path with its % signs escaped as %25');
  }
}
