import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { fileIdentity } from '../../../node/src/instances/file-identity.ts';
import { neighbours } from '../../../node/src/instances/find-instances.ts';
import { listInstances } from '../../../node/src/instances/list-instances.ts';
import { systemEnvironment } from '../../../node/src/system-environment.ts';
import { needsWindows } from '../wine.ts';

let root: string;
const fileIn = (...names: string[]): string => join(root, ...names, 'appsettings.json');

beforeEach(async () => {
  root = await fs.mkdtemp(join(tmpdir(), 'halo-instances-'));
  for (const name of ['hourly', 'daily']) {
    await fs.mkdir(join(root, name));
    await fs.writeFile(fileIn(name), '{}');
  }
});
afterEach(() => fs.rm(root, { recursive: true, force: true }));

it('an instance typed in another case is not its own neighbour on Windows', async () => {
  // As Windows does: any case is found, and the real path is in the file's own.
  const realpath = async (path: unknown): Promise<string> => fs.realpath(String(path).replace('HOURLY', 'hourly'));
  const system = systemEnvironment(join(root, 'engine'));
  const environment = {
    ...system,
    platform: 'win32' as const,
    fs: { ...fs, realpath: realpath as typeof fs.realpath },
  };
  expect(await neighbours(fileIn('HOURLY'), environment)).toEqual([fileIn('daily')]);
  expect(await fileIdentity(join(root, 'HOURLY', 'Halo.db'), environment)).toBe(
    await fileIdentity(join(root, 'hourly', 'halo.DB'), environment),
  );
});

needsWindows('links to folders')(
  'an instance reached through a link is not its own neighbour, nor one there twice',
  async () => {
    const environment = systemEnvironment(join(root, 'daily'));
    await fs.symlink(join(root, 'hourly'), join(root, 'link'), 'junction');
    expect(await neighbours(fileIn('link'), environment)).toEqual([fileIn('daily')]);
    expect(await fileIdentity(join(root, 'link', 'none', 'halo.db'), environment)).toBe(
      await fileIdentity(join(root, 'hourly', 'none', 'halo.db'), environment),
    );
  },
);

it('instances are listed with what is on in them, however deep, and one that cannot be read says why', async () => {
  const environment = systemEnvironment(join(root, 'engine'));
  const settings = {
    Database: { Server: 'sql01', Name: 'Halo' },
    Integrations: { Pax8: { Entities: { Products: true, Customers: false } } },
    Sync: { TimeLimitMinutes: 54 },
  };
  await fs.writeFile(fileIn('hourly'), JSON.stringify(settings));
  await fs.writeFile(fileIn('daily'), '{ "Database": ');
  await fs.mkdir(join(root, 'customer', '5min'), { recursive: true });
  await fs.writeFile(fileIn('customer', '5min'), '{}');
  await fs.mkdir(join(root, 'hourly', 'logs'));
  await fs.writeFile(fileIn('hourly', 'logs'), '{}');
  const found = await listInstances([root, join(root, 'hourly')], environment);
  expect(found.map(({ path }) => path)).toEqual([fileIn('customer', '5min'), fileIn('daily'), fileIn('hourly')]);
  expect(found[2]).toEqual({
    path: fileIn('hourly'),
    folder: join(root, 'hourly'),
    frequency: 'hourly',
    timeLimitMinutes: 54,
    server: 'sql01',
    database: 'Halo',
    entitiesOn: ['Pax8 Products'],
  });
  expect(found[1]).toMatchObject({ entitiesOn: [], problem: expect.stringContaining('appsettings.json') });
});
