import * as fs from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { behindSessionDrive } from '../../../node/src/schedule/session-drive.ts';

function behind(path: string, real: string | undefined, platform: NodeJS.Platform = 'win32') {
  const realpath = async () => real ?? Promise.reject(new Error('none'));
  return behindSessionDrive(path, { platform, fs: { ...fs, realpath: realpath as unknown as typeof fs.realpath } });
}

describe('a drive letter of this sign-in only', () => {
  it.each([
    ['a share', 'Z:\\hourly', '\\\\files\\halo', '\\\\files\\halo\\hourly'],
    ['the root of a share', 'z:\\hourly', '\\\\files\\halo\\', '\\\\files\\halo\\hourly'],
    ['a folder', 'H:\\hourly\\appsettings.json', 'D:\\Halo', 'D:\\Halo\\hourly\\appsettings.json'],
  ])('is followed to %s', async (_, path, real, expected) => expect(await behind(path, real)).toBe(expected));

  it('is no other', async () => {
    expect(await behind('C:\\Halo\\hourly', 'C:\\')).toBeUndefined();
    expect(await behind('c:\\Halo\\hourly', 'C:\\')).toBeUndefined();
    expect(await behind('C:\\Halo\\hourly', undefined)).toBeUndefined();
    expect(await behind('\\\\files\\halo\\hourly', '\\\\files\\halo')).toBeUndefined();
    expect(await behind('/halo/hourly', '/halo', 'linux')).toBeUndefined();
  });

  if (process.platform === 'win32')
    it('is not the one this runs on', async () =>
      expect(await behindSessionDrive(process.cwd(), { platform: 'win32', fs })).toBeUndefined());
});
