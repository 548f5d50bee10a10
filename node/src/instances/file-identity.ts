import { basename, dirname, join } from 'node:path';
import type { Environment } from '../environment.ts';

/**
 * A text that is the same for every spelling of a file's path: through links, and on Windows in any case and by any drive letter. What
 * is not there yet is known by the folder it would be in.
 */
export async function fileIdentity(path: string, environment: Pick<Environment, 'fs' | 'platform'>): Promise<string> {
  const { fs, platform } = environment;
  const real = await fs.realpath(path).catch(() => undefined);
  const folder = dirname(path);
  const found = real ?? (folder === path ? path : join(await fileIdentity(folder, environment), basename(path)));
  return platform === 'win32' ? found.toLowerCase() : found;
}
