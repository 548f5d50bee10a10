import type { Environment } from './environment.ts';

/** Milliseconds from one try to the next: two and a half seconds in all. */
const waits = [10, 20, 40, 80, 160, 320, 640, 1280];

/**
 * Whether a file may only be in another program's hands for a moment: Windows says so of one that a virus scanner, the indexer or
 * a backup has open. Elsewhere the same codes mean that it is not allowed.
 */
export function perhapsHeld(error: unknown, platform: NodeJS.Platform): boolean {
  return platform === 'win32' && ['EPERM', 'EACCES', 'EBUSY'].includes(String((error as NodeJS.ErrnoException).code));
}

/** Renames, replaces or removes a file, and tries again for as long as others usually hold one. Throws the last error. */
export async function despiteHolders<T>(
  work: () => Promise<T>,
  { clock, platform }: Pick<Environment, 'clock' | 'platform'>,
): Promise<T> {
  for (const wait of waits) {
    try {
      return await work();
    } catch (error) {
      if (!perhapsHeld(error, platform)) throw error;
      await clock.sleep(wait);
    }
  }
  return work();
}
