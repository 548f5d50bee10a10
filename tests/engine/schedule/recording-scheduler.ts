import type { ScheduledTask, TaskScheduler } from '../../../node/src/schedule/task-scheduler.ts';

/** A scheduler that keeps tasks in memory and writes down what was asked of it. */
export function recordingScheduler(): TaskScheduler & {
  readonly deeds: string[];
  readonly tasks: Map<string, ScheduledTask>;
} {
  const deeds: string[] = [];
  const tasks = new Map<string, ScheduledTask>();
  return {
    deeds,
    tasks,
    list: async () => [...tasks.values()],
    register: async (name, xml, account) => {
      deeds.push(`register ${name} as ${account.name}`);
      tasks.set(name, { name, xml, state: 'Ready', lastResult: 267011 });
    },
    start: async (name) => void deeds.push(`start ${name}`),
    remove: async (name) => {
      deeds.push(`remove ${name}`);
      tasks.delete(name);
    },
  };
}
