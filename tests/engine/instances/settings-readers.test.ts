import { tmpdir } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import type { Settings } from '../../../node/src/config/settings.ts';
import { exposedSecrets, type ExposedSecrets } from '../../../node/src/instances/settings-readers.ts';
import { integrations } from '../../../node/src/integrations/registry.ts';
import { needsWindows } from '../wine.ts';

const inherited = 'D:AI(A;ID;FA;;;SY)(A;ID;FA;;;BA)(A;ID;0x1200a9;;;BU)';
const own = 'D:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1301bf;;;S-1-5-21-1-2-3-1104)';

function exposed(sddl: string, Password: unknown = 'secret', platform: NodeJS.Platform = 'win32') {
  const settings = { Database: { Password } } as unknown as Settings;
  const saved = { path: 'C:\\Halo\\hourly\\appsettings.json', folder: 'C:\\Halo\\hourly', settings };
  return exposedSecrets(saved, { platform, variables: {} }, integrations, async () => sddl);
}
const readers = async (sddl: string): Promise<ExposedSecrets['readers'] | undefined> => (await exposed(sddl))?.readers;

describe('plain secrets that ordinary users may read', () => {
  it('are told, with what takes them away', async () => {
    const told = await exposed(inherited);
    expect(told).toMatchObject({ settings: ['Database.Password'], readers: ['Users'] });
    expect(told?.fix).toContain(
      "icacls 'C:\\Halo\\hourly' /inheritance:r /grant '*S-1-5-18:(OI)(CI)F' '*S-1-5-32-544:(OI)(CI)F'",
    );
    expect(await readers('D:(A;;FR;;;WD)(A;;GRGX;;;AU)(A;;0x80000000;;;S-1-5-21-1-2-3-513)')).toEqual([
      'Everyone',
      'Authenticated Users',
      'Domain Users',
    ]);
    expect(await readers('D:NO_ACCESS_CONTROL')).toEqual(['Everyone']);
  });

  it.each([
    ['only chosen accounts', own],
    ['no answer', ''],
    ['what is for files within only', 'D:(A;OICIIO;FA;;;BU)(A;OIIOCI;GA;;;WD)'],
    ['rights without reading', 'D:(A;;RC;;;BU)(A;;0x100000;;;WD)'],
    ['a refusal', 'D:(D;;FA;;;BU)'],
  ])('are not where there is %s', async (_, sddl) => expect(await exposed(sddl)).toBeUndefined());

  it('are not where the secret is kept elsewhere, or there is no Windows', async () => {
    expect(await exposed(inherited, { Protected: 'AQAA' })).toBeUndefined();
    expect(await exposed(inherited, '')).toBeUndefined();
    expect(await exposed(inherited, 'secret', 'linux')).toBeUndefined();
  });

  if (process.platform === 'win32')
    needsWindows('access rights of files')('are asked of this Windows', async () => {
      const settings = { Database: { Password: 'secret' } } as unknown as Settings;
      const windows = process.env['SystemRoot'] ?? '';
      const saved = { path: `${windows}\\System32\\cmd.exe`, folder: tmpdir(), settings };
      const told = await exposedSecrets(saved, { platform: 'win32', variables: process.env }, integrations);
      expect(told?.readers).toContain('Users');
    });
});
