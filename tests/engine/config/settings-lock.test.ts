import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { whileLocked } from '../../../node/src/config/settings-lock.ts';
import { systemEnvironment } from '../../../node/src/system-environment.ts';

let folder: string;
beforeEach(async () => (folder = await fs.mkdtemp(join(tmpdir(), 'halo-lock-'))));
afterEach(() => fs.rm(folder, { recursive: true, force: true }));

describe('the lock of the settings file', () => {
  it('of a killed process is taken away, and not the one that somebody else has in its place by then', async () => {
    const path = join(folder, 'appsettings.json');
    const lock = `${path}.lock`;
    await fs.writeFile(lock, '');
    await fs.utimes(lock, new Date(0), new Date(0));
    let others = false;
    const stat = async (of: string): Promise<unknown> => {
      const found = await fs.stat(of);
      if (of !== lock || found.mtimeMs > 0) return found;
      // Between the look and the deed another process does the same, and is at work.
      await fs.writeFile(lock, '');
      others = true;
      setTimeout(() => {
        others = false;
        void fs.rm(lock);
      }, 300);
      return found;
    };
    const environment = systemEnvironment(folder);
    const seen = await whileLocked(path, { ...environment, fs: { ...fs, stat } as typeof fs }, async () => others);
    expect(seen).toBe(false);
    expect(await fs.readdir(folder)).toEqual([]);
  });
});
