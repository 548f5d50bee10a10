import { recordShape, type RecordOf } from '../../reading/record-shape.ts';
import { entity } from '../kit/descriptor/described-entity.ts';
import type { Descriptor } from '../kit/descriptor/descriptor.ts';
import { assets } from '../kit/kinds/assets/assets.ts';
import type { DeclaredSource } from '../kit/sources/declared-source.ts';

const columns = [
  'objid',
  'device',
  'host',
  'group',
  'probe',
  'status',
  'tags',
  'type',
  'priority',
  'comments',
  'location',
];

const deviceShape = recordShape(
  {
    objid: 'id',
    device: 'text',
    host: 'text',
    group: 'text',
    probe: 'text',
    status: 'text',
    tags: 'text',
    type: 'text',
    priority: 'id',
    comments: 'text',
    location: 'text',
  },
  { id: 'objid', name: ['device', 'host'] },
);
/** Devices, as the table of them has it. */
const devices: DeclaredSource<RecordOf<typeof deviceShape>> = {
  shape: deviceShape,
  url: '/api/table.json',
  query: { content: 'devices', columns: columns.join(',') },
  records: 'devices',
  paging: { style: 'offset', parameter: 'start', size: { parameter: 'count', value: 500 }, total: 'treesize' },
};

/** PRTG Network Monitor: its devices. */
export const prtg: Descriptor = {
  name: 'Prtg',
  displayName: 'PRTG',
  summary: 'Devices become assets with their fields, at the sites that say so or the default one.',
  halo: {
    modules: ['PRTG', 'PRTG Network Monitor'],
    details: { table: 'PrtgDetails' },
  },
  settings: {
    Url: {
      type: 'string',
      required: true,
      fromHalo: { word: 'url', plain: /^https?:\/\/\S+$/ },
      description: 'Address of the core server, such as https://prtg.example.com.',
    },
    ApiToken: {
      type: 'string',
      required: true,
      secret: true,
      description: 'API key of a user who may read (Account settings, API keys; PRTG 22.3.79 and later).',
    },
    DeactivateMissing: {
      type: 'boolean',
      default: false,
      description: 'Whether assets that are gone in PRTG are set inactive; Halo has no switch for that.',
    },
  },
  api: {
    address: '{Url}',
    signIn: { style: 'query', parameters: { apitoken: '{ApiToken}' } },
  },
  probe: {
    url: '/api/table.json',
    query: { content: 'devices', columns: 'objid', count: 1, start: 0 },
    count: { at: 'treesize', of: 'devices' },
  },
  ownIds: { Asset: 'prtg_id' },
  entities: [
    entity({
      name: 'Devices',
      description: 'Devices as assets, with their fields.',
      // Every core server numbers its devices from 1.
      kind: assets({
        ownScope: ({ connection }) => ({ prtg_details_id: connection.id }),
        deactivates: ({ settings }) => settings['DeactivateMissing'] === true,
      }),
      source: devices,
      permissions: ['Read access to the devices'],
      record: (device, id) => {
        const fields = Object.fromEntries(
          Object.entries(device).map(([name, value]) => [name, typeof value === 'string' ? unescaped(value) : value]),
        ) as Record<string, string | number | null | undefined>;
        return { id, name: textIn(fields['device']) ?? textIn(fields['host']), type: device.type, fields };
      },
    }),
  ],
  documentation: { 'PRTG HTTP API': 'https://www.paessler.com/manuals/prtg/http_api' },
  assumed: [
    {
      what: 'Assets go to the connection’s default site; one that Halo has already stays where it is.',
      evidence: 'PrtgDetails has a default site, and nothing by which groups or probes are mapped to sites.',
    },
    {
      what: 'Assets that are gone in PRTG are left as they are.',
      evidence: 'PrtgDetails has no switch for it.',
      setting: 'DeactivateMissing',
    },
    {
      what: 'The own id in Halo (DPRTGId) counts with the connection’s row (dprtgdetailsid) alone.',
      evidence: 'Each core server numbers its objects by itself, and the second column names the row.',
    },
    {
      what: 'Texts may be written as HTML writes them (&amp;amp;), and are read either way.',
      evidence: 'PRTG shows the same values in its web pages; whether this version escapes them is not documented.',
    },
  ],
  triedAgainst: 'a server made from our description of its table of devices',
};

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** A text that may be escaped for HTML; the five that XML knows. */
function unescaped(text: string): string {
  const names: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (whole, name: string) => names[name] ?? whole);
}
