import type { Row, Transaction } from '../../database/database.ts';
import { cut } from '../values/cut-text.ts';
import { addDeviceApplications, updateDeviceApplications } from '../writes/device-application-rows.ts';
import { inParts } from '../reads/in-parts.ts';

/** DeviceApplications.DADesc and DAVersion. */
const longest = 500;

/** A program found on an asset. */
export interface AssetSoftware {
  readonly name: string;
  readonly version?: string;
}

/** An asset, by DEVICE.Did, and all the software found on it. */
export interface AssetWithSoftware {
  readonly id: number;
  readonly software: readonly AssetSoftware[];
}

interface Kept {
  readonly key: number;
  readonly name: string;
  readonly version: string | null;
}

/** Reads `{name, version}` objects; a text is the reason why they are none. */
export function softwareIn(given: unknown): readonly AssetSoftware[] | string {
  if (!Array.isArray(given)) return 'the field "software" should be a list';
  for (const one of given as unknown[]) {
    const { name, version } = (one ?? {}) as Record<string, unknown>;
    if (typeof name !== 'string' || name.trim() === '' || (version !== undefined && typeof version !== 'string'))
      return `the field "software" has ${JSON.stringify(one)?.slice(0, 60)}, which is no name with a version`;
  }
  return given as readonly AssetSoftware[];
}

/**
 * Makes a module's rows of DeviceApplications say which software is on assets. Rows of other modules, those made by hand and those with a
 * user (licences that people hold) are never touched. A program that is gone leaves its row without an asset, to be taken for the
 * next one, as rows of Halo are not deleted. Answers the assets of which something changed.
 */
export async function writeAssetSoftware(
  transaction: Transaction,
  moduleId: number,
  assets: readonly AssetWithSoftware[],
  { now, whatIf }: { readonly now: Date; readonly whatIf: boolean },
): Promise<ReadonlySet<number>> {
  const changed = new Set<number>();
  const fresh: Row[] = [];
  const written: { readonly key: number; readonly values: Row }[] = [];
  for (const some of inParts(assets)) {
    const kept = await keptOn(transaction, moduleId, some);
    for (const { id, software } of some) {
      const rows = kept.get(id) ?? [];
      const wanted = newestByName(software);
      const change = (key: number, values: Row): void => {
        written.push({ key, values });
        changed.add(id);
      };
      for (const { key, name, version } of rows) {
        const one = wanted.get(name.toLowerCase());
        if (!one) change(key, { DADID: 0, DACount: 0, DADesc: '', DAVersion: null });
        else if (versionOf(one) !== version)
          change(key, { DADID: id, DACount: 1, DADesc: name, DAVersion: versionOf(one) });
        wanted.delete(name.toLowerCase());
      }
      for (const one of wanted.values()) {
        fresh.push({ DADID: id, DACount: 1, DADesc: nameOf(one), DAVersion: versionOf(one), DAInstalledDate: now });
        changed.add(id);
      }
    }
  }
  if (whatIf) return changed;
  await updateDeviceApplications(transaction, written);
  await addDeviceApplications(transaction, moduleId, fresh, { dauserid: 0, damsid: moduleId });
  return changed;
}

/** A program that is there in several versions is one row, of the newest: in whatever order they come, nothing changes by that. */
function newestByName(software: readonly AssetSoftware[]): Map<string, AssetSoftware> {
  const wanted = new Map<string, AssetSoftware>();
  for (const one of software) {
    const name = nameOf(one).toLowerCase();
    const other = wanted.get(name);
    if (!other || isNewer(one, other)) wanted.set(name, one);
  }
  return wanted;
}

function isNewer(one: AssetSoftware, other: AssetSoftware): boolean {
  return (versionOf(one) ?? '').localeCompare(versionOf(other) ?? '', 'en', { numeric: true }) > 0;
}

function nameOf({ name }: AssetSoftware): string {
  return cut(name.trim(), longest);
}

function versionOf({ version }: AssetSoftware): string | null {
  return version === undefined || version === '' ? null : cut(version, longest);
}

/** The module's own rows on these assets. */
async function keptOn(
  transaction: Transaction,
  moduleId: number,
  assets: readonly AssetWithSoftware[],
): Promise<Map<number, Kept[]>> {
  const kept = new Map<number, Kept[]>();
  const rows = await transaction.read({
    from: 'DeviceApplications',
    columns: ['DAID', 'DADID', 'DADesc', 'DAVersion', 'dauserid'],
    where: {
      all: [
        { column: 'DADID', is: 'in', values: assets.map(({ id }) => id) },
        { column: 'damsid', is: 'equal', value: moduleId },
      ],
    },
    orderBy: [{ column: 'DAID' }],
  });
  for (const { DAID, DADID, DADesc, DAVersion, dauserid } of rows) {
    if (Number(dauserid ?? 0) > 0) continue;
    const known = kept.get(Number(DADID)) ?? [];
    kept.set(Number(DADID), known);
    const version = DAVersion === null || DAVersion === undefined ? null : String(DAVersion);
    known.push({ key: Number(DAID), name: String(DADesc ?? ''), version });
  }
  return kept;
}
