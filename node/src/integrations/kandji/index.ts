import { recordShape, type RecordOf } from '../../reading/record-shape.ts';
import { entity } from '../kit/descriptor/described-entity.ts';
import type { Descriptor } from '../kit/descriptor/descriptor.ts';
import { fieldAt, textOf } from '../kit/field-path.ts';
import { assets } from '../kit/kinds/assets/assets.ts';
import type { DeclaredSource } from '../kit/sources/declared-source.ts';

const deviceShape = recordShape(
  {
    device_id: 'id',
    device_name: 'text',
    serial_number: 'text',
    model: 'text',
    platform: 'text',
    os_version: 'text',
    asset_tag: 'text',
    blueprint_name: 'text',
    last_check_in: 'text',
    // An object, or an empty text where nobody is assigned.
    user: 'any',
    is_missing: 'boolean',
    is_removed: 'boolean',
  },
  { id: 'device_id', name: ['device_name', 'serial_number'] },
);
/** Devices; a page has 300 at most, whatever is asked for. */
const devices: DeclaredSource<RecordOf<typeof deviceShape>> = {
  shape: deviceShape,
  url: '/api/v1/devices',
  paging: { style: 'offset', parameter: 'offset', size: { parameter: 'limit', value: 300 } },
};

/** Kandji, now called Iru: the devices it manages. */
export const kandji: Descriptor = {
  name: 'Kandji',
  displayName: 'Kandji (Iru)',
  summary: 'Devices become assets with their fields and owners, at their users’ sites or the default one.',
  halo: {
    modules: ['Kandji', 'Iru'],
    details: { table: 'KandjiDetails' },
  },
  settings: {
    ApiUrl: {
      type: 'string',
      required: true,
      fromHalo: { word: 'apiUrl', plain: /^https:\/\/\S+$/ },
      description: 'API address of your tenant, such as https://example.api.kandji.io (Settings, Access).',
    },
    ApiToken: { type: 'string', required: true, secret: true, description: 'API token that may list devices.' },
  },
  api: {
    address: '{ApiUrl}',
    signIn: { style: 'key', headers: { Authorization: 'Bearer {ApiToken}' } },
    rates: { windows: [{ requests: 10_000, seconds: 3600 }] },
  },
  probe: { url: '/api/v1/devices', query: { limit: 1, offset: 0 } },
  entities: [
    entity({
      name: 'Devices',
      description: 'Devices as assets, with their fields and the user they are assigned to.',
      kind: assets(),
      source: devices,
      permissions: ['Device list'],
      record: ({ user, ...device }, id) => {
        const [email, name] = [textOf(fieldAt(user, 'email')), textOf(fieldAt(user, 'name'))];
        return {
          id,
          name: device.device_name || device.serial_number,
          type: device.platform,
          serial: device.serial_number,
          owners: [email, name],
          retired: device.is_removed === true,
          fields: { ...device, 'user.email': email, 'user.name': name },
        };
      },
    }),
  ],
  documentation: { 'Kandji API': 'https://api-docs.kandji.io/' },
  assumed: [
    {
      what: 'A device goes to the connection’s default site.',
      evidence: 'Kandji has no customers or sites; KandjiDetails has a default site.',
    },
    {
      what: 'A device that is removed (is_removed) is out of use; one that is missing (is_missing) is not.',
      evidence: 'Kandji calls those missing that have not checked in for a while, and they may come back.',
    },
    {
      what: 'The owner is the user’s e-mail address or name.',
      evidence: 'Kandji gives both with each device; which Halo compares is not public.',
    },
  ],
  triedAgainst: 'a server made from our description of its list of devices',
};
