import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { systemScheduler } from '../../../node/src/commands/tasks.ts';
import { planTasks } from '../../../node/src/schedule/plan-tasks.ts';
import { systemEnvironment } from '../../../node/src/system-environment.ts';

const environment = systemEnvironment(tmpdir());
const settings = JSON.stringify({
  Database: { Server: '(embedded)', Name: 'halo.db' },
  Sync: { TimeLimitMinutes: 50 },
});

describe('the scheduler of this machine', () => {
  if (process.platform === 'win32')
    it('registers a task that it then finds as it should be, and removes it', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'halo & Söhne 日本-'));
      writeFileSync(join(folder, 'appsettings.json'), settings);
      const scheduler = await systemScheduler(environment);
      const request = { paths: [folder], every: 'hourly', account: 'LOCAL SERVICE' };
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
