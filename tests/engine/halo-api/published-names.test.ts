import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Condition } from '../../../node/src/database/query.ts';
import { haloSchema } from '../../../node/src/database/schema/index.ts';
import { paging, parametersOf } from '../../../node/src/halo-api/reads/list.ts';
import { resources } from '../../../node/src/halo-api/resources/index.ts';
import facts from '../../facts/halo-api.json' with { type: 'json' };

interface Facts {
  readonly resources: Readonly<Record<string, readonly string[]>>;
  readonly schemas: Readonly<Record<string, Readonly<Record<string, string>>>>;
}
interface Published {
  readonly resources: Readonly<
    Record<string, { readonly methods: Readonly<Record<string, { readonly query: string[] }>> }>
  >;
  readonly schemas: Facts['schemas'];
}

const published = facts as Facts;
const all = [...resources.values()];

function columnsOf(where: Condition): string[] {
  if ('all' in where) return where.all.flatMap(columnsOf);
  if ('any' in where) return where.any.flatMap(columnsOf);
  return 'not' in where ? columnsOf(where.not) : [where.column];
}

describe.each(all.map((resource) => [resource.name, resource] as const))('%s', (_name, resource) => {
  it('has only fields that Halo publishes', () => {
    const names = Object.keys(published.schemas[resource.schema] ?? {});
    for (const field of resource.fields.filter(({ unpublished }) => !unpublished)) expect(names).toContain(field.json);
    for (const [json, column] of Object.entries(resource.address ?? {})) {
      expect(names).toContain(json);
      expect(Object.keys(haloSchema.get('ADDRESSSTORE')?.columns ?? {})).toContain(column);
    }
  });

  it('takes only filters that Halo publishes', () => {
    const own = parametersOf(resource).filter(
      (name) => !paging.includes(name) && !['includeinactive', 'includeactive'].includes(name),
    );
    for (const name of own) expect(published.resources[resource.name]).toContain(name);
  });

  it('stands on columns that Halo has', () => {
    const tables = new Map([
      [resource.table, resource.table],
      ...(resource.parents ?? []).map((one) => [one.as, one.table] as const),
    ]);
    const named = [
      ...resource.fields.map((field) => field.column),
      ...resource.search,
      ...Object.values(resource.filters).flatMap((filter) =>
        typeof filter === 'string' ? filter : 'when' in filter ? columnsOf(filter.when) : filter.column,
      ),
      ...(resource.parents ?? []).flatMap((parent) => parent.on.flat()),
      ...[
        resource.key.column,
        resource.inactive?.column,
        resource.lastUpdate,
        resource.created,
        resource.changeClock?.column,
      ],
    ].filter((column) => column !== undefined);
    for (const column of named) {
      const [first = '', second] = column.split('.');
      const table = second === undefined ? resource.table : (tables.get(first) ?? first);
      expect(Object.keys(haloSchema.get(table)?.columns ?? {})).toContain(second ?? first);
    }
    if (resource.changeClock)
      expect(Object.keys(haloSchema.get('CHANGESEQ')?.columns ?? {})).toContain(resource.changeClock.counter);
  });
});

it('the reduced facts agree with the whole published API, where it is given', () => {
  const folder = process.env['HALO_FACTS'];
  const whole = folder ? (JSON.parse(readFileSync(join(folder, 'api.json'), 'utf8')) as Published) : undefined;
  for (const [name, parameters] of Object.entries(published.resources))
    expect(whole?.resources[name]?.methods[`GET /${name}`]?.query ?? parameters).toEqual(
      expect.arrayContaining([...parameters]),
    );
  for (const [name, fields] of Object.entries(published.schemas))
    expect(whole?.schemas[name] ?? fields).toMatchObject(fields);
});
