import type { KindContext } from '../kind.ts';

/** LOOKUP.fid of the statuses of assets. */
const statusList = 61;

/** The statuses a connection names for its assets, as far as Halo has them. */
export interface AssetStatuses {
  /** Of a new asset. */
  readonly ofNew: number | undefined;
  /** Of one that is gone or out of use. */
  readonly ofRetired: number | undefined;
}

/** Reads them; a code that is none of Halo's statuses would hide the asset from reports, so it is left out with a warning. */
export async function readAssetStatuses({ api, told, warn }: KindContext): Promise<AssetStatuses> {
  const wanted = [told.defaultStatus, told.deleteStatus].filter((status) => status !== undefined);
  if (wanted.length === 0) return { ofNew: undefined, ofRetired: undefined };
  const rows = await api.settingsRows('LOOKUP', { fid: statusList });
  const known = new Set(rows.map((row) => Number(row['fcode'])));
  const status = (code: number | undefined): number | undefined => {
    if (code === undefined || known.has(code)) return code;
    warn(`The connection gives assets the status ${code}, which is none of Halo's: they keep the one they have.`);
    return undefined;
  };
  return { ofNew: status(told.defaultStatus), ofRetired: status(told.deleteStatus) };
}
