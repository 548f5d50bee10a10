import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import type { ValidateFunction } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { queryFaults, type SpecOperation } from '../../sandbox/graph/graph-routes.ts';
import { operationOf, readDirectorySpec } from '../../sandbox/graph/reduced-spec.ts';
import { entraInstance, type EntraInstance } from './entra-instance.ts';

interface Judge {
  readonly name: string;
  validator(schema: string): ValidateFunction;
  operation(path: string): SpecOperation | undefined;
}

const reduced = readDirectorySpec();

function ajvWith(document: object): Ajv {
  const ajv = new Ajv({ strict: false, allErrors: true });
  ajv.addFormat('uuid', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/);
  for (const known of ['int32', 'int64', 'double', 'base64url', 'duration', 'date', 'time']) ajv.addFormat(known, true);
  ajv.addSchema({ $id: 'graph', ...document });
  return ajv;
}

/** A path of the specification (`{user-id}`) for one that was asked for. */
const pattern = (path: string) =>
  new RegExp(`^${path.replaceAll(/[()$.]/g, '\\$&').replaceAll(/\{[\w-]+\}/g, '[^/]+')}$`);

/** OpenAPI 3.0 says "nullable" where JSON Schema has a type "null". */
function withNulls(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withNulls);
  if (typeof schema !== 'object' || schema === null) return schema;
  const made = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, withNulls(value)]));
  if (made['nullable'] !== true || typeof made['type'] !== 'string') return made;
  return { ...made, type: [made['type'], 'null'] };
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema: { readonly type: string; readonly minimum?: number };
}

/** Microsoft's own specification, where the environment names a folder that has it. */
function fullSpecification(): Judge[] {
  const folder = process.env['HALO_SPECS'];
  const file = folder === undefined ? undefined : join(folder, 'microsoft-graph.json');
  if (file === undefined || !existsSync(file)) return [];
  const document = JSON.parse(readFileSync(file, 'utf8')) as {
    paths: Record<string, { get?: { parameters?: (Parameter & { $ref?: string })[] } }>;
    components: { schemas: Record<string, object>; parameters: Record<string, Parameter> };
  };
  const ajv = ajvWith({ components: withNulls(document.components) as object });
  const properties = (name: string): string[] => {
    const schema = document.components.schemas[name] as {
      properties?: object;
      allOf?: { $ref?: string; properties?: object }[];
    };
    return [schema.properties ?? {}, ...(schema.allOf ?? [])].flatMap((part): string[] => {
      const { $ref, properties: own } = part as { $ref?: string; properties?: object };
      return $ref ? properties($ref.split('/').at(-1) ?? '') : Object.keys(own ?? part);
    });
  };
  return [
    {
      name: 'the full specification',
      validator: (schema) => ajv.compile({ $ref: `graph#/components/schemas/microsoft.graph.${schema}` }),
      operation(path) {
        const [name, found] =
          Object.entries(document.paths)
            .toSorted(([a], [b]) => a.split('{').length - b.split('{').length)
            .find(([one, { get }]) => get && pattern(one).test(path)) ?? [];
        if (!found?.get) return undefined;
        const lists = {
          '/users': 'user',
          '/users/delta()': 'user',
          '/users/{user-id}': 'user',
          '/deviceManagement/managedDevices': 'managedDevice',
        }[name ?? ''];
        const query = (found.get.parameters ?? []).flatMap((given) => {
          const one = given.$ref ? document.components.parameters[given.$ref.split('/').at(-1) ?? ''] : given;
          if (!one) return [];
          if (one.in !== 'query') return [];
          const names = one.name === '$select' && lists ? properties(`microsoft.graph.${lists}`) : undefined;
          return [[one.name, { type: one.schema.type, ...(names && { names }) }] as const];
        });
        return { method: 'GET', path, query: Object.fromEntries(query) };
      },
    },
  ];
}

const reducedAjv = ajvWith({ schemas: reduced.schemas });
const judges: Judge[] = [
  {
    name: 'the reduced specification',
    validator: (schema) => reducedAjv.compile({ $ref: `graph#/schemas/${schema}` }),
    operation(path) {
      const found = reduced.operations.find((one) => one.method === 'GET' && pattern(one.path).test(path));
      return found && operationOf(reduced, 'GET', found.path);
    },
  },
  ...fullSpecification(),
];

describe.each(judges)('Entra ID against $name', (judge) => {
  let instance: EntraInstance;

  beforeAll(async () => {
    instance = await entraInstance({
      users: 1_200,
      devices: 20,
      entities: ['Users', 'Agents', 'Licences', 'LicenceUsers', 'Devices'],
      connection: { ACUseDeltaQueries: true, ACIntuneEnabled: true, ACDefaultAssetType: 12, aclicenceimportclient: 1 },
    });
    const [tenant] = instance.sandbox.tenants;
    await instance.add(
      'AzureADMapping',
      {
        AMConnectionID: 1,
        AMSiteID: 4,
        AMFilterField: 'group',
        AMFilterType: 0,
        AMFilterValue: tenant?.idOf('groups', 1) ?? '',
      },
      { AMConnectionID: 1, AMSiteID: 5, AMFilterField: 'officeLocation', AMFilterType: 0, AMFilterValue: 'Main' },
      { AMConnectionID: 1, AMRoleID: 2, AMFilterField: 'department', AMFilterType: 0, AMFilterValue: 'Service' },
    );
    for (let run = 0; run < 2; run++) {
      const report = await instance.sync();
      expect(report.results.map(({ status }) => status)).toEqual(Array(5).fill('succeeded'));
      tenant?.change('users', 5, { jobTitle: 'Director' });
    }
  });
  afterAll(async () => instance[Symbol.asyncDispose]());

  it('asks only what is described, also within batches', () => {
    const batched = instance.sandbox.requests
      .filter(({ path }) => path === '/$batch')
      .flatMap(({ body }) => (JSON.parse(body) as { requests: { url: string }[] }).requests.map(({ url }) => url));
    expect(batched.length).toBeGreaterThan(0);
    const asked = instance.sandbox.requests
      .filter(({ method }) => method === 'GET')
      .map(({ path, query }) => path + query);
    const paths = new Set<string>();
    for (const url of [...asked, ...batched]) {
      const { pathname, searchParams } = new URL(url, 'http://sandbox');
      const operation = judge.operation(pathname);
      expect([pathname, operation]).not.toEqual([pathname, undefined]);
      if (operation) expect(queryFaults(operation, searchParams)).toEqual([]);
      paths.add(pathname.split('/').at(-1) ?? '');
    }
    expect([...paths]).toEqual(
      expect.arrayContaining(['users', 'delta()', 'transitiveMembers', 'subscribedSkus', 'managedDevices']),
    );
  });

  it('the sandbox answers what is described', () => {
    const [tenant] = instance.sandbox.tenants;
    if (!tenant) throw new Error('there is no tenant');
    const records: [string, (object | undefined)[]][] = [
      ['user', [0, 4, 24, 39, 48].map((index) => tenant.record('users', index))],
      ['managedDevice', [0, 3, 29].map((index) => tenant.record('devices', index))],
      ['subscribedSku', tenant.skus()],
    ];
    for (const [schema, list] of records) {
      const valid = judge.validator(schema);
      for (const record of list) {
        valid(record);
        // With minimal metadata Graph leaves out the types that a reader knows anyway.
        expect((valid.errors ?? []).filter(({ params }) => params['missingProperty'] !== '@odata.type')).toEqual([]);
      }
    }
  });
});
