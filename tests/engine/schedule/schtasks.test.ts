import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { detailsIn, schtasksScheduler, tasksIn } from '../../../node/src/schedule/schtasks-scheduler.ts';
import { taskAccount } from '../../../node/src/schedule/task-account.ts';

const listing = `<?xml version="1.0" encoding="UTF-16"?>
<Tasks>
<!-- \\Adobe Update -->
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task"><Actions/></Task>
<!-- \\Halo DB Integrator\\5 min & more -->
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <Actions><Exec><Command>node.exe</Command></Exec></Actions>
</Task>
</Tasks>`;

describe('schtasks.exe', () => {
  it('lists our folder only, with state and last result', async () => {
    const asked: string[] = [];
    const details =
      '"SQL01","\\Halo DB Integrator\\5 min & more","25.11.2026 03:00:00","Bereit","Nur interaktiv","24.11.2026","6","CORP\\a ""b"""';
    const scheduler = schtasksScheduler('C:\\Windows', async (_, args) => {
      asked.push(args.join(' '));
      return { code: 0, output: args.includes('/XML') ? listing : details };
    });
    expect(await scheduler.list()).toEqual([
      {
        name: '5 min & more',
        xml: expect.stringContaining('node.exe'),
        nextRun: '25.11.2026 03:00:00',
        state: 'Bereit',
        lastRun: '24.11.2026',
        lastResult: 6,
      },
    ]);
    expect(asked).toHaveLength(2);
  });

  it('registers from a UTF-16 file, and takes no account with a password', async () => {
    const files: string[] = [];
    const scheduler = schtasksScheduler('C:\\Windows', async (_, args) => {
      files.push(readFileSync(args[args.indexOf('/XML') + 1] as string, 'utf16le'));
      return { code: 0, output: '' };
    });
    await scheduler.register('5min', '<Task>ü</Task>', taskAccount('CORP\\halo$'));
    expect(files).toEqual(['\uFEFF<Task>ü</Task>']);
    await expect(scheduler.register('5min', '<Task/>', taskAccount('CORP\\anna'))).rejects.toMatchObject({
      code: 'TaskPassword',
    });
  });

  it('passes on what Windows said', async () => {
    const scheduler = schtasksScheduler('C:\\Windows', async () => ({
      code: 1,
      output: 'ERROR: Access is denied.\r\n',
    }));
    await expect(scheduler.start('5min')).rejects.toMatchObject({
      code: 'SchedulerRefused',
      message: expect.stringContaining('Access is denied'),
    });
  });

  it('reads nothing out of nothing', () => {
    expect(tasksIn('<Tasks></Tasks>')).toEqual([]);
    expect(detailsIn('')).toEqual({});
  });
});
