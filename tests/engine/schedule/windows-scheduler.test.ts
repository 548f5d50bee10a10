import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { systemScheduler } from '../../../node/src/commands/tasks.ts';
import { line, windowsScheduler } from '../../../node/src/schedule/windows-scheduler.ts';
import { taskAccount } from '../../../node/src/schedule/task-account.ts';
import { planTasks } from '../../../node/src/schedule/plan-tasks.ts';
import { systemEnvironment } from '../../../node/src/system-environment.ts';

const environment = systemEnvironment(tmpdir());
const settings = JSON.stringify({
  Database: { Server: '(embedded)', Name: 'halo.db' },
  Sync: { TimeLimitMinutes: 50 },
});

describe('asking Windows through its PowerShell', () => {
  /** What the script is given, and answers with these lines. */
  function answering(...answers: string[][]) {
    const asked: string[][] = [];
    const programs: string[] = [];
    const scheduler = windowsScheduler('C:\\Windows', (program, args, input) => {
      programs.push(`${program} ${args.slice(0, -1).join(' ')}`);
      asked.push(
        input
          .trim()
          .split(' ')
          .map((word) => Buffer.from(word, 'base64').toString()),
      );
      return Promise.resolve(answers.map(line).join('').replaceAll('\n', '\r\n'));
    });
    return { asked, programs, scheduler };
  }
  const done = ['done'];

  it('lists our folder, whatever language Windows has and whatever the path is written in', async () => {
    const { asked, programs, scheduler } = answering(
      ['task', '5 min & 日本', '<Task>ü</Task>', '3', '6', '2026-11-24 03:00:00', '2026-11-25 03:00:00'],
      ['task', 'new', '<Task/>', '1', '267011', '', ''],
      done,
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
    expect(asked).toEqual([['\\Halo DB Integrator', 'list']]);
    expect(programs[0]).toMatch(/powershell\.exe -NoProfile -NonInteractive -EncodedCommand$/);
  });

  it('registers under built-in and managed accounts, and takes none with a password', async () => {
    const { asked, scheduler } = answering(done);
    await scheduler.register('5min', '<Task>ü</Task>', taskAccount('SYSTEM'));
    await scheduler.register('5min', '<Task/>', taskAccount('CORP\\halo$'));
    await scheduler.start('5min');
    await scheduler.remove('5min');
    await expect(scheduler.register('5min', '<Task/>', taskAccount('CORP\\anna'))).rejects.toMatchObject({
      code: 'TaskPassword',
    });
    expect(asked.map((words) => words.slice(1))).toEqual([
      ['register', '5min', '<Task>ü</Task>', '', '5'],
      ['register', '5min', '<Task/>', 'CORP\\halo$', '1'],
      ['start', '5min'],
      ['remove', '5min'],
    ]);
  });

  it('passes on what Windows said, and says when it said nothing', async () => {
    const refused = { code: 'SchedulerRefused', message: expect.stringContaining('Zugriff verweigert') };
    await expect(answering(['refused', 'Zugriff verweigert']).scheduler.start('5min')).rejects.toMatchObject(refused);
    await expect(answering().scheduler.list()).rejects.toMatchObject({ code: 'SchedulerRefused' });
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
