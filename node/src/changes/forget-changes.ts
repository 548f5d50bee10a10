import { join } from 'node:path';
import { changesFolder } from './change-file.ts';
import type { Environment } from '../environment.ts';

/** What files of changes are removed by. */
export interface ForgetParts {
  /** The instance's folder. */
  readonly folder: string;
  readonly environment: Pick<Environment, 'fs' | 'clock'>;
  readonly retentionDays: number;
  /** Bytes that all files together may take. */
  readonly mostBytes: number;
}

/** Removes files that are older than the logs are kept, and the oldest of those that are too many together. */
export async function forgetChanges(parts: ForgetParts): Promise<void> {
  const { fs, clock } = parts.environment;
  const folder = changesFolder(parts.folder);
  const files: { readonly path: string; readonly at: number; readonly size: number }[] = [];
  for (const name of await fs.readdir(folder).catch(() => [])) {
    const found = name.endsWith('.jsonl') && (await fs.stat(join(folder, name)).catch(() => undefined));
    if (found) files.push({ path: join(folder, name), at: found.mtimeMs, size: found.size });
  }
  const first = clock.now().getTime() - parts.retentionDays * 86_400_000;
  let room = parts.mostBytes;
  for (const { path, at, size } of files.toSorted((one, other) => other.at - one.at)) {
    room -= size;
    // One that another process holds open goes at the next run.
    if (at < first || room < 0) await fs.rm(path, { force: true }).catch(() => undefined);
  }
}
