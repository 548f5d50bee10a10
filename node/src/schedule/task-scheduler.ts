import type { TaskAccount } from './task-account.ts';

/** A task as a scheduler lists it. */
export interface ScheduledTask {
  readonly name: string;
  readonly xml: string;
  /** As the scheduler calls it: Ready, Running, Disabled … */
  readonly state?: string;
  readonly lastResult?: number;
  /** As the scheduler gives it. */
  readonly lastRun?: string;
  readonly nextRun?: string;
}

/** The Task Scheduler, as far as it is needed: the tasks of one of its folders. */
export interface TaskScheduler {
  list(): Promise<readonly ScheduledTask[]>;
  /** Makes or replaces a task. Throws SchedulerRefusedError. */
  register(name: string, xml: string, account: TaskAccount): Promise<void>;
  start(name: string): Promise<void>;
  remove(name: string): Promise<void>;
}
