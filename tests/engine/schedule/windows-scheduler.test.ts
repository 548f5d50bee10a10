import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { systemScheduler } from '../../../node/src/commands/tasks.ts';
import { windowsScheduler } from '../../../node/src/schedule/windows-scheduler.ts';
import { taskAccount } from '../../../node/src/schedule/task-account.ts';
import { planTasks } from '../../../node/src/schedule/plan-tasks.ts';
import { systemEnvironment } from '../../../node/src/system-environment.ts';

// The module's library is found from there.
const environment = systemEnvironment(fileURLToPath(new URL('../../..', import.meta.url)));
const settings = JSON.stringify({
  Database: { Server: '(embedded)', Name: 'halo.db' },
  Sync: { TimeLimitMinutes: 50 },
});

describe("asking Windows' Task Scheduler", () => {
  /** Answers each question with these rows, and keeps what was asked. */
  function answering(...rows: string[][]) {
    const asked: string[][] = [];
    const scheduler = windowsScheduler({
      detour: undefined,
      consoleCloses: () => undefined,
      call: async (method, words) => {
        asked.push([method, ...words]);
        return rows;
      },
    });
    return { asked, scheduler };
  }

  it('lists our folder', async () => {
    const { asked, scheduler } = answering(
      ['5 min & 日本', '<Task>ü</Task>', 'Ready', '6', '2026-11-24 03:00:00', '2026-11-25 03:00:00'],
      ['new', '<Task/>', 'Disabled', '267011', '', ''],
    );
    expect(await scheduler.list()).toEqual([
      {
        name: '5 min & 日本',
        xml: '<Task>ü</Task>',
        state: 'Ready',
        lastResult: 6,
        lastRun: '2026-11-24 03:00:00',
        nextRun: '2026-11-25 03:00:00',
      },
      { name: 'new', xml: '<Task/>', state: 'Disabled', lastResult: 267011 },
    ]);
    expect(asked).toEqual([['ListTasks']]);
  });

  it('registers under built-in and managed accounts, and takes none with a password', async () => {
    const { asked, scheduler } = answering();
    await scheduler.register('5min', '<Task>ü</Task>', taskAccount('SYSTEM'));
    await scheduler.register('5min', '<Task/>', taskAccount('CORP\\halo$'));
    await scheduler.start('5min');
    await scheduler.remove('5min');
    await expect(scheduler.register('5min', '<Task/>', taskAccount('CORP\\anna'))).rejects.toMatchObject({
      code: 'TaskPassword',
    });
    expect(asked).toEqual([
      ['RegisterTask', '5min', '<Task>ü</Task>', 'S-1-5-18', 'service'],
      ['RegisterTask', '5min', '<Task/>', 'CORP\\halo$', 'managed'],
      ['StartTask', '5min'],
      ['RemoveTask', '5min'],
    ]);
  });

  it('passes on what Windows said', async () => {
    const said = 'The Task Scheduler refused to start 5min: Zugriff verweigert';
    const scheduler = windowsScheduler({
      detour: undefined,
      consoleCloses: () => undefined,
      call: () => Promise.reject(new Error(said)),
    });
    await expect(scheduler.start('5min')).rejects.toMatchObject({ code: 'SchedulerRefused', message: `${said}.` });
  });
});

describe('the scheduler of this machine', () => {
  if (process.platform === 'win32')
    it('registers a task that it then finds as it should be, and removes it', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'halo & Söhne 日本-'));
      writeFileSync(join(folder, 'appsettings.json'), settings);
      const scheduler = await systemScheduler(environment);
      const powerShell = { program: 'powershell.exe', module: 'HaloDBIntegrator.psd1' };
      const request = { paths: [folder], every: 'hourly', account: 'LOCAL SERVICE', powerShell };
      const name = basename(folder);
      try {
        const [task] = await planTasks(request, await scheduler.list(), environment);
        expect(task?.action).toBe('create');
        await scheduler.register(name, task?.xml ?? '', task?.account ?? { userId: '', name: '', kind: 'service' });
        const [again] = await planTasks(request, await scheduler.list(), environment);
        expect([again?.action, again?.differences]).toEqual(['none', []]);
      } finally {
        await scheduler.remove(name);
        rmSync(folder, { recursive: true, force: true });
      }
      expect((await scheduler.list()).map((one) => one.name)).not.toContain(name);
    });
  else
    it('is missing, and the way around is named', async () => {
      await expect(systemScheduler(environment)).rejects.toMatchObject({
        code: 'SchedulerUnavailable',
        advice: expect.stringContaining('-AsXml'),
      });
    });
});
