import { recordShape, type RecordOf } from '../../reading/record-shape.ts';
import { entity } from '../kit/descriptor/described-entity.ts';
import type { Descriptor } from '../kit/descriptor/descriptor.ts';
import { fieldAt, textOf } from '../kit/field-path.ts';
import { assets } from '../kit/kinds/assets/assets.ts';
import type { DeclaredSource } from '../kit/sources/declared-source.ts';

/** What is asked of each device, by Addigy's names. */
const facts = ['device_name', 'serial_number', 'agent_version', 'last_online', 'localhost_name'];

const deviceShape = recordShape({ agentid: 'id', orgid: 'id', facts: 'any', audit_date: 'text' }, { id: 'agentid' });
/** Devices, each with the facts asked for. Addigy lists them by a request with a body, which changes nothing. */
const devices: DeclaredSource<RecordOf<typeof deviceShape>> = {
  shape: deviceShape,
  url: '/devices',
  method: 'POST',
  json: { desired_fact_identifiers: facts, sort_field: 'serial_number', sort_direction: 'asc' },
  records: 'items',
  paging: {
    style: 'page',
    parameter: 'page',
    first: 1,
    size: { parameter: 'per_page', value: 100 },
    total: 'metadata.total',
    pages: 'metadata.page_count',
  },
};

/** Addigy: the devices its agent is on. */
export const addigy: Descriptor = {
  name: 'Addigy',
  displayName: 'Addigy',
  summary: 'Devices become assets with their fields, at the default site.',
  halo: {
    modules: ['Addigy'],
    details: { table: 'AddigyDetails' },
  },
  settings: {
    ApiKey: {
      type: 'string',
      required: true,
      secret: true,
      description:
        'API key of version 2 that may view devices. The client id and secret in Halo are of version 1, and none.',
    },
    BaseUrl: { type: 'string', default: 'https://api.addigy.com', description: 'Where Addigy’s API is.' },
  },
  api: {
    address: '{BaseUrl}/api/v2',
    signIn: { style: 'key', headers: { 'x-api-key': '{ApiKey}' } },
  },
  probe: async ({ vendorApi }) => {
    const { text } = await vendorApi().ask({
      method: 'POST',
      url: '/devices',
      json: { page: 1, per_page: 1, desired_fact_identifiers: ['serial_number'] },
    });
    return `${String(textOf(fieldAt(JSON.parse(text), 'metadata.total')) ?? 'Its')} devices can be read.`;
  },
  ownIds: { Asset: 'addigy_id' },
  entities: [
    entity({
      name: 'Devices',
      description: 'Devices as assets, with their facts as fields.',
      kind: assets(),
      source: devices,
      permissions: ['View Devices'],
      record: ({ facts: found, audit_date }, id) => {
        const fact = (name: string): string | undefined => textOf(fieldAt(found, `${name}.value`));
        return {
          id,
          name: fact('device_name') ?? fact('localhost_name') ?? fact('serial_number'),
          serial: fact('serial_number'),
          fields: { ...Object.fromEntries(facts.map((name) => [name, fact(name)])), audit_date },
        };
      },
    }),
  ],
  documentation: { Addigy: 'https://addigy.com' },
  assumed: [
    {
      what: 'Policies are not brought as clients: devices go to the connection’s default site, and stay where somebody moved them.',
      evidence: 'Which facts say the policies of a device is not documented.',
    },
    {
      what: 'A fact is an object with its value; one that is missing or failed counts as not said.',
      evidence: 'Addigy’s description gives each fact a value and an error.',
    },
    {
      what: 'The API is at api.addigy.com.',
      evidence: 'Addigy’s description says the path alone.',
      setting: 'BaseUrl',
    },
    {
      what: 'Only facts that Addigy’s description names are asked for.',
      evidence: 'The names of the others are not in it.',
    },
  ],
  triedAgainst: 'a server made from the part of Addigy’s description of version 2 that is called',
};
