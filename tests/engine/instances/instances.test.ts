import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { run, runsOf, start } from '../runs/engine-runs.ts';
import { pax8Instance, type Pax8Instance } from '../sync/pax8-instance.ts';
import { needsWindows } from '../wine.ts';

const project = fileURLToPath(new URL('../../..', import.meta.url));

/** Makes an instance in the base's folder with some of its entities on, as an admin does. */
async function frequencyFolder(base: Pax8Instance, name: string, ...entities: string[]): Promise<string> {
  const folder = join(base.folder, 'Halo & Co', name);
  expect((await run('instance', 'new', folder, '--copy-from', base.settingsPath)).status).toBe(0);
  for (const entity of entities)
    expect((await run('enable', 'Pax8', '--entity', entity, '--config', folder)).status).toBe(0);
  return folder;
}

describe('instances of one database', () => {
  it('sync different entities of one integration at the same time, each with its own log, state and limit', async () => {
    await using base = await pax8Instance({ entities: {} });
    const often = await frequencyFolder(base, '5min', 'Customers', 'Products');
    const daily = await frequencyFolder(base, 'daily-0300', 'Contacts');
    const ended = await Promise.all([often, daily].map((folder) => start(['auto', folder]).ended));
    expect(ended.map(({ status }) => status)).toEqual([0, expect.any(Number)]);
    const entitiesOf = async (folder: string) => (await runsOf(folder))[0]?.entities.map(({ entity }) => entity);
    expect(await entitiesOf(often)).toEqual(['Customers', 'Products']);
    expect(await entitiesOf(daily)).toEqual(['Contacts']);
    for (const folder of [often, daily]) expect((await run('logs', '--config', folder)).stdout).toContain('Sync ended');
    expect(existsSync(join(base.folder, 'logs'))).toBe(false);
    const limitOf = (folder: string) =>
      (JSON.parse(readFileSync(join(folder, 'appsettings.json'), 'utf8')) as { Sync: unknown }).Sync;
    expect([limitOf(often), limitOf(daily)]).toEqual([{ TimeLimitMinutes: 4 }, { TimeLimitMinutes: 720 }]);
  });

  it('an entity that is on in two is pointed out by the check and by the list', async () => {
    await using base = await pax8Instance({ entities: {} });
    const often = await frequencyFolder(base, '5min', 'Customers', 'Products');
    const hourly = await frequencyFolder(base, 'hourly', 'Products');
    const test = await run('test', '--json', '--config', often);
    expect(test.status).toBe(2);
    const { checks } = JSON.parse(test.stdout) as { checks: { name: string; passed: boolean; detail: string }[] };
    expect(checks.filter(({ name }) => name.endsWith('elsewhere'))).toEqual([
      expect.objectContaining({
        name: 'Pax8 Products elsewhere',
        passed: false,
        detail: expect.stringContaining(hourly),
      }),
    ]);
    const list = (await run('integrations', '--config', hourly)).stdout.replaceAll(/[│\s]+/g, ' ');
    expect(list).toMatch(/Pax8 Products Pax8 on on yes .*5min/);
    expect(list).not.toMatch(/Pax8 Customers Pax8 on on/);
  });

  it('relative paths in the settings are relative to their file, wherever the run starts', async () => {
    await using base = await pax8Instance({ entities: { Products: true } });
    const elsewhere = mkdtempSync(join(tmpdir(), 'halo-elsewhere-'));
    const { status } = await start(['AUTO', base.settingsPath], {}, { cwd: elsewhere }).ended;
    expect(status).toBe(0);
    expect(await base.database.count('ITEM')).toBeGreaterThan(20);
    expect(existsSync(join(elsewhere, 'halo.db'))).toBe(false);
    rmSync(elsewhere, { recursive: true });
  });

  needsWindows('links to folders')('AUTO without a path runs the settings beside the engine', async () => {
    const copy = mkdtempSync(join(tmpdir(), 'halo-engine-'));
    cpSync(join(project, 'node/src'), join(copy, 'node/src'), { recursive: true });
    cpSync(join(project, 'package.json'), join(copy, 'package.json'));
    symlinkSync(join(project, 'node_modules'), join(copy, 'node_modules'), 'junction');
    writeFileSync(
      join(copy, 'appsettings.json'),
      JSON.stringify({ Database: { Server: '(embedded)', Name: 'own.db' }, Logging: { Level: 'debug' } }),
    );
    mkdirSync(join(copy, 'work'));
    const { status, stderr } = spawnSync(process.execPath, ['--no-warnings', join(copy, 'node/src/main.ts'), 'AUTO'], {
      cwd: join(copy, 'work'),
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, expect.stringMatching(/^Warning: Nothing is switched on/)]);
    expect(existsSync(join(copy, 'state', 'runs.db'))).toBe(true);
    rmSync(copy, { recursive: true });
  });
});
