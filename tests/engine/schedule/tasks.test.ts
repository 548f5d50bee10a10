import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadSettings } from '../../../node/src/config/load-settings.ts';
import { sharedEntities } from '../../../node/src/instances/shared-entities.ts';
import { integrations } from '../../../node/src/integrations/registry.ts';
import { Engine } from '../../../node/src/commands/engine.ts';
import { instanceNew } from '../../../node/src/commands/instance.ts';
import { taskCommands } from '../../../node/src/commands/tasks.ts';
import type { InspectedTask } from '../../../node/src/schedule/inspect-tasks.ts';
import type { PlannedTask } from '../../../node/src/schedule/plan-tasks.ts';
import { systemEnvironment } from '../../../node/src/system-environment.ts';
import { recordingScheduler } from './recording-scheduler.ts';

let root: string;
let scheduler: ReturnType<typeof recordingScheduler>;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'halo tasks & co-'));
  const settings = {
    HaloUrl: 'https://halo.example.com',
    Database: { Server: '(embedded)', Name: 'halo.db' },
    Integrations: { Pax8: { Entities: { Products: true }, Settings: { ClientSecret: { Environment: 'PAX8' } } } },
  };
  writeFileSync(join(root, 'appsettings.json'), JSON.stringify(settings));
  scheduler = recordingScheduler();
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function ask(method: string, params: Record<string, unknown>): Promise<unknown> {
  const command = [instanceNew, ...taskCommands(async () => scheduler)].find((one) => one.name === method);
  await using engine = new Engine({ ...systemEnvironment(root), workingFolder: root }, undefined);
  return (
    await command?.run(engine, params, { progress: () => {}, items: async () => {} }, new AbortController().signal)
  )?.data;
}

const make = (...names: string[]): Promise<unknown[]> =>
  Promise.all(names.map((name) => ask('instance-new', { path: join(root, name) })));
const register = async (params: Record<string, unknown> = {}): Promise<PlannedTask[]> =>
  ((await ask('task-register', { paths: [root], ...params })) as { tasks: PlannedTask[] }).tasks;
const list = async (task?: string): Promise<InspectedTask[]> =>
  ((await ask('task-list', { task })) as { tasks: InspectedTask[] }).tasks;
const settingsOf = (name: string): Record<string, Record<string, unknown>> =>
  JSON.parse(readFileSync(join(root, name, 'appsettings.json'), 'utf8')) as Record<string, Record<string, unknown>>;

describe('instances', () => {
  it('makes a folder that runs: settings with every entity off, logs, state, and a limit for its frequency', async () => {
    await make('5min');
    expect(settingsOf('5min')).toMatchObject({
      Database: { Name: 'halo.db' },
      Integrations: { Pax8: { Entities: { Products: false }, Settings: { ClientSecret: { Environment: 'PAX8' } } } },
      Sync: { TimeLimitMinutes: 4 },
    });
    expect(existsSync(join(root, '5min', 'logs')) && existsSync(join(root, '5min', 'state'))).toBe(true);
  });

  it('shares an embedded database that is there, and names one that is not in the new folder', async () => {
    await make('5min');
    writeFileSync(join(root, 'halo.db'), '');
    await make('hourly');
    await ask('instance-new', { path: join(root, 'daily'), copyFrom: join(root, '5min') });
    expect(['5min', 'hourly', 'daily'].map((name) => settingsOf(name)['Database']?.['Name'])).toEqual([
      'halo.db',
      join(root, 'halo.db'),
      join(root, '5min', 'halo.db'),
    ]);
  });

  it('takes the path of the settings file for that of its folder, and says what is in the way', async () => {
    await ask('instance-new', { path: join(root, '2h', 'appsettings.json') });
    expect(settingsOf('2h')['Sync']).toMatchObject({ TimeLimitMinutes: 108 });
    mkdirSync(join(root, '3h'));
    writeFileSync(join(root, '3h', 'logs'), '');
    await expect(make('3h')).rejects.toMatchObject({ code: 'InstanceFolder' });
  });

  it('never writes over settings that are there', async () => {
    await make('5min');
    writeFileSync(join(root, '5min', 'appsettings.json'), '{}');
    await expect(make('5min')).rejects.toMatchObject({ code: 'InstanceExists' });
    expect(readFileSync(join(root, '5min', 'appsettings.json'), 'utf8')).toBe('{}');
  });
});

describe('registering', () => {
  it('takes every frequency folder of a parent, names what it passes over, and does nothing the second time', async () => {
    await make('5min', 'hourly', 'daily-0300', 'old stuff');
    const first = await register({ account: 'LOCAL SERVICE' });
    expect(first.map((one) => [one.name, one.action, one.frequency])).toEqual([
      ['5min', 'create', 'every 5 minutes'],
      ['daily-0300', 'create', 'daily at 03:00'],
      ['hourly', 'create', 'hourly'],
    ]);
    expect(first[0]?.warnings[0]).toContain('old stuff');
    expect((await register({ account: 'LOCAL SERVICE' })).map((one) => one.action)).toEqual(['none', 'none', 'none']);
    // Without an account the one that is registered stays.
    expect((await register()).map((one) => one.action)).toEqual(['none', 'none', 'none']);
    expect(scheduler.deeds).toHaveLength(3);
  });

  it('updates what is otherwise, and only that', async () => {
    await make('5min', 'hourly');
    await register();
    expect((await register({ account: 'CORP\\halo$' })).map((one) => one.action)).toEqual(['update', 'update']);
    const [changed] = await register({ paths: [join(root, '5min')], every: '10m' });
    expect(changed).toMatchObject({ action: 'update', differences: [expect.stringContaining('when it starts')] });
    expect(scheduler.deeds.at(-1)).toBe('register 5min as CORP\\halo$');
  });

  it('gives a run a limit that ends before the next start, and keeps one that does', async () => {
    await make('5min', 'hourly');
    const save = (name: string, minutes: number): void =>
      writeFileSync(
        join(root, name, 'appsettings.json'),
        JSON.stringify({ ...settingsOf(name), Sync: { TimeLimitMinutes: minutes } }),
      );
    save('5min', 0);
    save('hourly', 30);
    const planned = await register();
    expect(planned.map((one) => one.newTimeLimitMinutes)).toEqual([4, undefined]);
    expect([settingsOf('5min'), settingsOf('hourly')].map((one) => one['Sync']?.['TimeLimitMinutes'])).toEqual([4, 30]);
    expect(scheduler.tasks.get('hourly')?.xml).toContain('PT33M</ExecutionTimeLimit>');
  });

  it('leaves what was chosen once: the time of day, the frequency, PowerShell; and moves to the module of now', async () => {
    await make('daily', 'mine');
    const moved = { viaPowerShell: true, powerShellProgram: process.execPath };
    const [daily] = await register({ paths: [join(root, 'daily')], at: '03:00', ...moved });
    expect(daily?.frequency).toBe('daily at 03:00');
    await register({ paths: [join(root, 'mine')], every: 'weekly-fri', at: '22:00' });
    expect((await register()).map((one) => [one.name, one.action, one.frequency])).toEqual([
      ['daily', 'none', 'daily at 03:00'],
      ['mine', 'none', 'every Friday at 22:00'],
    ]);
    expect((await list()).flatMap((one) => one.drift)).toEqual([]);

    await register({ paths: [join(root, 'daily')], powerShellModule: '/old/HaloDBIntegrator.psd1', ...moved });
    expect((await list('daily'))[0]?.drift).toEqual([expect.stringMatching(/^the arguments: .*\/old\//)]);
    const [again] = await register({ paths: [join(root, 'daily')] });
    expect(again?.action).toBe('update');
    expect(again?.xml).toContain(`${process.execPath}</Command>`);
    expect((await list('daily'))[0]?.drift).toEqual([]);
    const [straight] = await register({ paths: [join(root, 'daily')], viaPowerShell: false });
    expect(straight?.xml).not.toContain('Invoke-HaloSync');
  });

  it('runs through PowerShell where a secret can be opened there only, and warns where it is told not to', async () => {
    await make('5min');
    const settings = settingsOf('5min');
    settings['Integrations'] = { Pax8: { Settings: { ClientSecret: { Protected: 'AQAA' } } } };
    writeFileSync(join(root, '5min', 'appsettings.json'), JSON.stringify(settings));
    // What Windows protects the engine opens by itself.
    expect(await register({ whatIf: true })).toMatchObject([{ xml: expect.stringContaining('AUTO'), warnings: [] }]);
    settings['Integrations'] = { Pax8: { Settings: { ClientSecret: { Vault: 'Halo', Secret: 'pax8' } } } };
    writeFileSync(join(root, '5min', 'appsettings.json'), JSON.stringify(settings));
    const secret = 'Integrations.Pax8.Settings.ClientSecret';
    const [task] = await register();
    expect(task?.xml).toContain('Invoke-HaloSync');
    expect(task?.warnings).toEqual([expect.stringContaining(`through PowerShell, since ${secret}`)]);
    expect(await register()).toMatchObject([{ action: 'none', warnings: [] }]);
    const [told] = await register({ viaPowerShell: false });
    expect(told?.warnings).toEqual([expect.stringContaining(`${secret} can be opened in PowerShell only`)]);
  });

  it('what-if registers and saves nothing', async () => {
    await make('5min');
    expect((await register({ whatIf: true })).map((one) => one.action)).toEqual(['create']);
    expect(scheduler.deeds).toEqual([]);
  });

  it('refuses a name that runs another instance, and a folder without a frequency', async () => {
    await make('a/5min', 'b/5min', 'other');
    await register({ paths: [join(root, 'a')] });
    await expect(register({ paths: [join(root, 'b')] })).rejects.toMatchObject({ code: 'TaskNameTaken' });
    expect((await register({ paths: [join(root, 'b', '5min')], name: 'b 5min' }))[0]?.action).toBe('create');
    expect((await register({ paths: [join(root, 'b', '5min')] }))[0]).toMatchObject({ name: 'b 5min', action: 'none' });
    await expect(register({ paths: [join(root, 'other')] })).rejects.toMatchObject({ code: 'FrequencyUnknown' });
    await expect(register({ paths: [join(root, 'nowhere')] })).rejects.toMatchObject({ code: 'InstanceNotFound' });
    expect((await register({ paths: [join(root, 'other')], every: 'hourly' }))[0]?.name).toBe('other');
  });
});

describe('listing, starting and removing', () => {
  it('says what no longer fits the folder', async () => {
    await make('5min', 'hourly', 'daily');
    await register();
    expect((await list()).map((one) => [one.name, one.drift, one.lastOutcome])).toEqual([
      ['5min', [], 'has not run yet'],
      ['daily', [], 'has not run yet'],
      ['hourly', [], 'has not run yet'],
    ]);
    rmSync(join(root, 'daily'), { recursive: true });
    writeFileSync(join(root, 'hourly', 'appsettings.json'), '{ broken');
    const task = scheduler.tasks.get('5min');
    if (task) scheduler.tasks.set('5min', { ...task, xml: task.xml.replace('PT5M</Interval>', 'PT15M</Interval>') });
    const drift = (await list()).map((one) => one.drift.join(' '));
    expect(drift[0]).toContain('every 15 minutes');
    expect(drift[1]).toContain('is gone');
    expect(drift[2]).toContain('is not JSON');
  });

  it('finds tasks by name, by instance and by parent', async () => {
    await make('5min', 'hourly');
    await register();
    expect((await list('HOURLY')).map((one) => one.name)).toEqual(['hourly']);
    expect((await list(join(root, '5min'))).map((one) => one.name)).toEqual(['5min']);
    expect((await list(`${root}/`)).length).toBe(2);
    await ask('task-start', { task: '5min' });
    await ask('task-remove', { task: root });
    expect(scheduler.deeds.slice(2)).toEqual(['start 5min', 'remove 5min', 'remove hourly']);
    await expect(ask('task-remove', { task: '5min' })).rejects.toMatchObject({ code: 'TaskNotFound' });
  });

  it('leaves tasks of others alone', async () => {
    scheduler.tasks.set('backup', {
      name: 'backup',
      xml: '<Task><Actions><Exec><Command>x</Command></Exec></Actions></Task>',
    });
    expect(await list()).toEqual([]);
    await expect(ask('task-remove', { task: 'backup' })).rejects.toMatchObject({ code: 'TaskNotFound' });
    mkdirSync(join(root, 'backup'));
  });
});

describe('an entity in two instances', () => {
  it('is pointed out for the same database, and not for another', async () => {
    await make('5min', 'hourly', 'daily');
    const on = (name: string, database = join(root, 'halo.db')): void =>
      writeFileSync(
        join(root, name, 'appsettings.json'),
        JSON.stringify({
          ...settingsOf(name),
          Database: { Server: '(embedded)', Name: database },
          Integrations: { Pax8: { Entities: { Products: true } } },
        }),
      );
    on('5min');
    on('daily', 'another.db');
    const environment = systemEnvironment(join(root, 'engine'));
    const shared = async (): Promise<Record<string, readonly string[]>> => {
      const loaded = await loadSettings(join(root, '5min'), environment, integrations);
      return Object.fromEntries((await sharedEntities(loaded, environment)).enabledIn);
    };
    // The parent's own settings have it on, too.
    expect(await shared()).toEqual({ 'Pax8 Products': [join(root, 'appsettings.json')] });
    on('hourly');
    expect((await shared())['Pax8 Products']).toContain(join(root, 'hourly', 'appsettings.json'));
    writeFileSync(join(root, 'hourly', 'appsettings.json'), '{ broken');
    const loaded = await loadSettings(join(root, '5min'), environment, integrations);
    expect((await sharedEntities(loaded, environment)).unreadable[0]).toContain('hourly');
  });
});
