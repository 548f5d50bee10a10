import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import type { Environment } from '../environment.ts';
import { SettingsNotSavedError } from '../errors/config-errors.ts';
import { despiteHolders, perhapsHeld } from '../held-files.ts';

const pause = 25;
const longestWait = 10_000;
/** A change takes milliseconds: a lock this old was left by a process that was killed. */
const leftBehind = 5_000;

/**
 * Does the work while nobody else changes the settings file, since two who read it before either has written would lose the
 * first one's change. A file beside it says that somebody does. Throws SettingsNotSavedError.
 */
export async function whileLocked<T>(path: string, environment: Environment, work: () => Promise<T>): Promise<T> {
  const { fs, clock, platform } = environment;
  const lock = `${path}.lock`;
  for (let waited = 0; ; waited += pause) {
    try {
      await (await fs.open(lock, 'wx')).close();
      break;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Without the folder there is nothing to lock, and the work says so better.
      if (code === 'ENOENT') return work();
      // Windows says so of a file that is just being deleted.
      const taken = code === 'EEXIST' || (perhapsHeld(error, platform) && waited < 1000);
      if (!taken || waited >= longestWait) throw new SettingsNotSavedError(path, error);
      const since = await fs.stat(lock).catch(() => undefined);
      // Of either sign: a clock that was set back leaves one of the future.
      const stale = since && Math.abs(clock.now().getTime() - since.mtimeMs) > leftBehind;
      if (!stale || !(await takeAway(lock, since.mtimeMs, environment))) await clock.sleep(pause);
    }
  }
  try {
    return await work();
  } finally {
    // The change is made whether or not its lock can be removed; one that stays is soon taken for left behind.
    await despiteHolders(() => fs.rm(lock, { force: true }), environment).catch(() => undefined);
  }
}

/** Takes the lock of that time away, and no other: meanwhile somebody else may have done so, and hold it now. */
async function takeAway(lock: string, madeAt: number, environment: Environment): Promise<boolean> {
  const { fs } = environment;
  const aside = `${lock}.${randomUUID()}`;
  try {
    await fs.rename(lock, aside);
  } catch {
    return false;
  }
  const same = (await fs.stat(aside)).mtimeMs === madeAt;
  if (!same) await fs.copyFile(aside, lock, constants.COPYFILE_EXCL).catch(() => undefined);
  await despiteHolders(() => fs.rm(aside, { force: true }), environment).catch(() => undefined);
  return same;
}
