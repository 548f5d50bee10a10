import { win32 } from 'node:path';
import type { Environment } from '../environment.ts';

/**
 * A path without its drive letter, where only this sign-in has the letter (net use, subst): a task runs in one of its own, without it.
 * Undefined where every account has it.
 */
export async function behindSessionDrive(
  path: string,
  { fs, platform }: Pick<Environment, 'fs' | 'platform'>,
): Promise<string | undefined> {
  const { root } = win32.parse(path);
  if (platform !== 'win32' || !/^[a-z]:[\\/]$/i.test(root)) return undefined;
  // Windows follows such a letter as it does a link.
  const real = await fs.realpath(root).catch(() => undefined);
  const same = real === undefined || win32.relative(real, root) === '';
  return same ? undefined : win32.join(real, path.slice(root.length));
}
