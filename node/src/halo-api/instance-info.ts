import type { HaloObject } from './halo-api.ts';
import type { HaloApiParts } from './api-parts.ts';

/**
 * `GET /InstanceInfo`: which Halo this is, by the names of Halo's published Instance schema. The version is that of the
 * database (CONTROL.RDBVersion); the host is the one in the settings.
 */
export async function instanceInfo({ database, haloUrl }: HaloApiParts): Promise<HaloObject> {
  const [control] = await database.read({ from: 'CONTROL', columns: ['RDBVersion'], limit: 1 });
  return {
    hostname: haloUrl && URL.canParse(haloUrl) ? new URL(haloUrl).hostname : '',
    version: control?.RDBVersion === undefined || control.RDBVersion === null ? '' : String(control.RDBVersion),
    isself: true,
  };
}
