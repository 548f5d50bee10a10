import { chmod, mkdir, stat } from 'node:fs/promises';

/** Rights of a file that only its account reads and writes. Windows has none of these: there, files inherit from their folder. */
export const ownFile = 0o600;
/** The same of a folder. */
export const ownFolder = 0o700;

/** Makes a folder, and those above it, for the account alone; one that is there and open to others is closed to them. */
export async function makeOwnFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: ownFolder });
  await closeToOthers(path, ownFolder);
}

/** Takes from others what rights they have to a file or folder of our own; what belongs to somebody else stays as it is. */
export async function closeToOthers(path: string, rights: number): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (!found || process.getuid?.() !== found.uid || (found.mode & 0o077) === 0) return;
  // The folder may be on a disk without rights; it is used all the same.
  await chmod(path, rights & found.mode).catch(() => undefined);
}
