import { recordShape, type RecordOf } from '../../reading/record-shape.ts';
import { entity } from '../kit/descriptor/described-entity.ts';
import type { Descriptor } from '../kit/descriptor/descriptor.ts';
import { assets } from '../kit/kinds/assets/assets.ts';
import { happened } from '../kit/kinds/given-fields.ts';
import type { DeclaredSource } from '../kit/sources/declared-source.ts';

const assetShape = recordShape(
  {
    id: 'id',
    hostnames: 'texts',
    fqdns: 'texts',
    netbios_names: 'texts',
    agent_names: 'texts',
    ipv4s: 'texts',
    mac_addresses: 'texts',
    operating_systems: 'texts',
    system_types: 'texts',
    serial_number: 'text',
    last_seen: 'text',
    deleted_at: 'text',
    terminated_at: 'text',
  },
  { id: 'id' },
);
type TenableAsset = RecordOf<typeof assetShape>;
/** Assets, by an export: ordered, looked after, and fetched in parts. */
const assetExport: DeclaredSource<TenableAsset> = {
  shape: assetShape,
  url: '/assets/export',
  method: 'POST',
  json: { chunk_size: 1000 },
  paging: {
    style: 'export',
    id: 'export_uuid',
    state: { url: '/assets/export/{export}/status' },
    status: 'status',
    done: ['FINISHED'],
    failed: ['ERROR', 'CANCELLED'],
    chunks: { at: 'chunks_available', url: '/assets/export/{export}/chunks/{chunk}' },
  },
};

/** Tenable Vulnerability Management: the assets it knows. */
export const tenable: Descriptor = {
  name: 'Tenable',
  displayName: 'Tenable',
  summary: 'Assets that Tenable knows become assets with their fields, at the default site.',
  halo: {
    modules: ['Tenable', 'Tenable.io', 'Tenable Vulnerability Management'],
    details: { table: 'TenableDetails' },
  },
  settings: {
    Url: {
      type: 'string',
      default: 'https://cloud.tenable.com',
      fromHalo: { word: 'url', plain: /^https:\/\/\S+$/ },
      description: 'Where Tenable’s API is.',
    },
    AccessKey: {
      type: 'string',
      required: true,
      fromHalo: { word: 'clientId', plain: /^[0-9a-f]{64}$/i },
      description: 'Access key of a user who may export assets (My Account, API Keys).',
    },
    SecretKey: { type: 'string', required: true, secret: true, description: 'Its secret key.' },
  },
  api: {
    address: '{Url}',
    signIn: { style: 'key', headers: { 'X-ApiKeys': 'accessKey={AccessKey}; secretKey={SecretKey}' } },
  },
  probe: { url: '/assets/export/status' },
  entities: [
    entity({
      name: 'Assets',
      description: 'Assets with their fields; those that were deleted or terminated are out of use.',
      kind: assets(),
      source: assetExport,
      permissions: ['Export of assets'],
      record: (asset, id) => ({
        id,
        name: nameOf(asset),
        type: asset.system_types?.[0],
        serial: asset.serial_number,
        retired: happened(asset.deleted_at) || happened(asset.terminated_at),
        fields: fieldsOf(asset),
      }),
    }),
  ],
  documentation: { 'Tenable API': 'https://developer.tenable.com/reference/exports-assets-request-export' },
  assumed: [
    {
      what: 'An asset goes to the connection’s default site.',
      evidence: 'Tenable has no customers; TenableDetails has a default site.',
    },
    {
      what: 'An asset is called by its first host name, else its first full name, NetBIOS name, agent’s name or address.',
      evidence: 'Tenable gives lists of them and no name; which Halo takes is not public.',
    },
    {
      what: 'The type of an asset is its first system type (general-purpose, printer …).',
      evidence: 'Tenable says nothing else of what kind of thing it is.',
    },
    {
      what: 'Assets have no users.',
      evidence: 'Tenable names none.',
    },
  ],
  triedAgainst: 'a server made from our description of its export of assets',
};

function nameOf({ hostnames, fqdns, netbios_names, agent_names, ipv4s }: TenableAsset): string | undefined {
  return [hostnames, fqdns, netbios_names, agent_names, ipv4s]
    .flatMap((names) => names ?? [])
    .find((name) => name.trim() !== '');
}

/** Lists as one text. */
function fieldsOf(asset: TenableAsset): Record<string, string | null | undefined> {
  const written = Object.entries(asset).map(([name, value]) => [
    name,
    Array.isArray(value) ? (value as readonly string[]).join(', ') : value,
  ]);
  return Object.fromEntries(written) as Record<string, string | null | undefined>;
}
