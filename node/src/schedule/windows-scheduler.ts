import { SchedulerRefusedError, TaskPasswordError } from '../errors/schedule-errors.ts';
import type { DoorMethod, WindowsDoor } from '../windows/windows-door.ts';
import type { ScheduledTask, TaskScheduler } from './task-scheduler.ts';

/** The Task Scheduler of this Windows machine, as the module asks it (module/src/Scheduling). No password ever goes through it. */
export function windowsScheduler(door: WindowsDoor): TaskScheduler {
  async function ask(method: DoorMethod, ...words: readonly string[]): Promise<readonly (readonly string[])[]> {
    try {
      return await door.call(method, words);
    } catch (error) {
      throw new SchedulerRefusedError(error);
    }
  }
  return {
    list: async () => (await ask('ListTasks')).map(taskOf),
    async register(name, xml, account) {
      if (account.kind === 'password') throw new TaskPasswordError(account.name);
      await ask('RegisterTask', name, xml, account.userId, account.kind);
    },
    start: async (name) => void (await ask('StartTask', name)),
    remove: async (name) => void (await ask('RemoveTask', name)),
  };
}

function taskOf([name = '', xml = '', state = 'Unknown', result, lastRun, nextRun]: readonly string[]): ScheduledTask {
  return {
    name,
    xml,
    state,
    ...(result && { lastResult: Number(result) }),
    ...(lastRun && { lastRun }),
    ...(nextRun && { nextRun }),
  };
}
