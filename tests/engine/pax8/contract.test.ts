import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import type { ValidateFunction } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { companies, products, subscriptions } from '../../../node/src/integrations/pax8/pax8-lists.ts';
import { openPax8 } from './open-pax8.ts';
import { startPax8Sandbox } from '../../sandbox/pax8/pax8-sandbox.ts';
import type { Pax8Sandbox } from '../../sandbox/pax8/pax8-sandbox.ts';
import { queryFaults, readReducedSpec } from '../../sandbox/pax8/reduced-spec.ts';
import type { SpecOperation, SpecSchema } from '../../sandbox/pax8/reduced-spec.ts';

interface Judge {
  readonly name: string;
  validator(schema: string): ValidateFunction;
  operation(path: string): SpecOperation | undefined;
}

const reduced = readReducedSpec();

function ajvWith(document: object): Ajv {
  const ajv = new Ajv({ strict: false, allErrors: true });
  ajv.addFormat('uuid', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/);
  ajv.addFormat('date', /^\d{4}-\d\d-\d\d$/);
  ajv.addFormat('email', /^[^@\s]+@[^@\s]+$/);
  ajv.addFormat('phone', true);
  ajv.addSchema({ $id: 'pax8', ...document });
  return ajv;
}

function judgeOf(name: string, document: object, place: string, operation: Judge['operation']): Judge {
  const ajv = ajvWith(document);
  return { name, operation, validator: (schema) => ajv.compile({ $ref: `pax8#/${place}/${schema}` }) };
}

/** The vendor's own specification, where the environment names a folder that has it. */
function fullSpecification(): Judge[] {
  const folder = process.env['HALO_SPECS'];
  const file = folder === undefined ? undefined : join(folder, 'pax8.json');
  if (file === undefined || !existsSync(file)) return [];
  const document = JSON.parse(readFileSync(file, 'utf8')) as {
    paths: Record<string, { get?: { parameters?: { name: string; in: string; schema: SpecSchema }[] } }>;
    components: object;
  };
  const operation = (path: string): SpecOperation | undefined => {
    const get = document.paths[path]?.get;
    const query = (get?.parameters ?? []).filter((one) => one.in === 'query').map((one) => [one.name, one.schema]);
    return get && { method: 'GET', path, query: Object.fromEntries(query) as Record<string, SpecSchema> };
  };
  return [judgeOf('the full specification', { components: document.components }, 'components/schemas', operation)];
}

const judges = [
  judgeOf('the reduced specification', { schemas: reduced.schemas }, 'schemas', (path) =>
    reduced.operations.find((one) => one.path === path && one.method === 'GET'),
  ),
  ...fullSpecification(),
];

describe.each(judges)('Pax8 against $name', (judge) => {
  let sandbox: Pax8Sandbox;

  beforeAll(async () => {
    sandbox = await startPax8Sandbox({
      companies: 60,
      subscriptions: 450,
      products: 40,
      contactsPerCompany: 3,
      seed: 5,
    });
    const pax8 = openPax8(sandbox);
    for (const list of [companies.active, products, subscriptions])
      for await (const page of pax8.pages(list)) expect(page.list?.total).toBeGreaterThan(0);
  });
  afterAll(() => sandbox.close());

  it('asks only what is described', () => {
    const asked = sandbox.requests.filter(({ method }) => method === 'GET');
    expect(asked.length).toBeGreaterThan(4);
    for (const { path, query } of asked) {
      const operation = judge.operation(path.replace(/^\/v1/, ''));
      expect(operation).toBeDefined();
      if (operation) expect(queryFaults(operation, new URLSearchParams(query))).toEqual([]);
    }
  });

  it('the sandbox answers what is described', async () => {
    const body = {
      client_id: sandbox.clientId,
      client_secret: sandbox.clientSecret,
      audience: 'https://api.pax8.com',
      grant_type: 'client_credentials',
    };
    const given = await fetch(`${sandbox.url}/v1/token`, { method: 'POST', body: JSON.stringify(body) });
    const token = (await given.json()) as { access_token: string };
    expectValid(judge.validator('TokenRequest'), body);
    expectValid(judge.validator('TokenResponse'), token);
    const headers = { authorization: `Bearer ${token.access_token}` };
    const read = async (path: string) => {
      const answer = await fetch(`${sandbox.url}/v1${path}`, { headers });
      expect(answer.status).toBe(200);
      return (await answer.json()) as { content: { id: string }[]; page: object };
    };
    const companies = await read('/companies?size=200');
    const listings: [string, { content: object[]; page: object }][] = [
      ['Company', companies],
      ['Product', await read('/products')],
      ['Subscription', await read('/subscriptions?page=2&size=200')],
      ['Contact', await read(`/companies/${companies.content[0]?.id}/contacts`)],
    ];
    for (const [schema, { content, page }] of listings) {
      const valid = judge.validator(schema);
      expect(content.length).toBeGreaterThan(0);
      for (const record of content) expectValid(valid, record);
      expectValid(judge.validator('Page'), page);
    }
  });

  it.each(['/companies?size=201', '/companies?colour=red', '/subscriptions?status=Gone', '/products?sort=price'])(
    'the sandbox’s rules refuse %s',
    async (path) => {
      const [plain = '', query] = path.split('?');
      const operation = judge.operation(plain);
      expect(operation && queryFaults(operation, new URLSearchParams(query))).toHaveLength(1);
    },
  );
});

function expectValid(validate: ValidateFunction, value: unknown): void {
  validate(value);
  expect(validate.errors ?? []).toEqual([]);
}
