import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { StateFolder } from '../../../node/src/sync/state-folder.ts';

let folder: string;
let waited: number;

beforeEach(async () => {
  folder = await fs.mkdtemp(join(tmpdir(), 'halo-state-'));
  waited = 0;
});
afterEach(() => fs.rm(folder, { recursive: true, force: true }));

/** The state folder where another program holds a file: so many renames and removals fail. */
function held(times: number, code: string, platform: NodeJS.Platform): StateFolder {
  let left = times;
  const refuse = (): void => {
    if (left-- > 0) throw Object.assign(new Error('held'), { code });
  };
  const rename: typeof fs.rename = async (...paths) => {
    refuse();
    await fs.rename(...paths);
  };
  const rm: typeof fs.rm = async (...given) => {
    refuse();
    await fs.rm(...given);
  };
  const sleep = async (milliseconds: number): Promise<void> => void (waited += milliseconds);
  return new StateFolder(folder, { fs: { ...fs, rename, rm }, clock: { now: () => new Date(), sleep }, platform });
}

it.each(['EPERM', 'EACCES', 'EBUSY'])('writes and removes what Windows gives as %s for a moment', async (code) => {
  await held(2, code, 'win32').write('one', { at: 1 });
  const state = held(2, code, 'win32');
  expect(await state.read('one')).toEqual({ at: 1 });
  await state.write('one', undefined);
  expect(await fs.readdir(join(folder, 'state'))).toEqual([]);
});

it('says so where it stays held, after some two seconds', async () => {
  await expect(held(Infinity, 'EPERM', 'win32').write('one', {})).rejects.toMatchObject({ code: 'StateFolder' });
  expect(waited).toBeGreaterThan(2000);
  expect(waited).toBeLessThan(3000);
});

it('does not wait for what is final', async () => {
  await expect(held(1, 'EACCES', 'linux').write('one', {})).rejects.toMatchObject({ code: 'StateFolder' });
  await expect(held(1, 'ENOSPC', 'win32').write('one', {})).rejects.toMatchObject({ code: 'StateFolder' });
  expect(waited).toBe(0);
});

it.each([
  ['cut', (text: string) => text.slice(0, -10)],
  ['edited', (text: string) => text.replace('"at":1', '"at":2')],
  ['not JSON', () => '\0\0\0'],
])('tells of a file that is %s, and makes it anew', async (_, damage) => {
  const told: string[] = [];
  const clock = { now: () => new Date(), sleep: async () => {} };
  const state = new StateFolder(folder, { fs, clock, platform: 'linux' }, (message) => told.push(message));
  await state.write('one', { at: 1 });
  const path = join(folder, 'state', 'one');
  await fs.writeFile(path, damage(await fs.readFile(path, 'utf8')));
  expect(await state.read('one')).toBeUndefined();
  expect(told).toEqual([expect.stringContaining(path)]);
  await state.write('one', { at: 3 });
  expect(await state.read('one')).toEqual({ at: 3 });
});
