import { saveSettings } from '../config/save-settings.ts';
import type { Environment } from '../environment.ts';
import { UsageError } from '../errors/command-errors.ts';
import { SchedulerUnavailableError, TaskNotFoundError } from '../errors/schedule-errors.ts';
import { nhserverNotices } from '../nhserver/nhserver-notices.ts';
import { inspectTasks, type InspectedTask } from '../schedule/inspect-tasks.ts';
import { moduleOf } from '../schedule/task-definition.ts';
import { planTasks, type TaskRequest } from '../schedule/plan-tasks.ts';
import type { ScheduledTask, TaskScheduler } from '../schedule/task-scheduler.ts';
import { textOf, textsOf, type Command } from './command.ts';

type Params = Readonly<Record<string, unknown>>;

/** The commands about scheduled tasks, on the scheduler that `open` gives. */
export function taskCommands(open: (environment: Environment) => Promise<TaskScheduler>): readonly Command[] {
  return [
    {
      // For the module, which has the scheduler itself: what is to be registered, beside the tasks it found.
      name: 'task-plan',
      async run(engine, params) {
        const request = requestOf(params, engine.environment);
        return { data: { tasks: await planTasks(request, tasksOf(params), engine.environment) }, exitCode: 0 };
      },
    },
    {
      name: 'task-inspect',
      async run(engine, params) {
        const tasks = await inspectTasks(tasksOf(params), engine.environment);
        return { data: { tasks, notices: await nhserverNotices(tasks, engine.environment) }, exitCode: 0 };
      },
    },
    {
      // The engine's own limit follows from how often it runs; the tasks are registered with it.
      name: 'task-limit',
      async run(engine, params) {
        const path = textOf(params, 'path');
        if (!path || typeof params['minutes'] !== 'number') throw new UsageError('task-limit needs path and minutes.');
        const changes = { 'Sync.TimeLimitMinutes': params['minutes'] };
        await saveSettings(path, changes, engine.environment, engine.registry);
        return { data: { path }, exitCode: 0 };
      },
    },
    {
      name: 'task-register',
      async run(engine, params) {
        const { environment, registry } = engine;
        const scheduler = await open(environment);
        const planned = await planTasks(requestOf(params, environment), await scheduler.list(), environment);
        for (const one of params['whatIf'] === true ? [] : planned) {
          const limit = one.newTimeLimitMinutes;
          if (one.action !== 'none') await scheduler.register(one.name, one.xml, one.account);
          if (limit !== undefined)
            await saveSettings(one.settingsPath, { 'Sync.TimeLimitMinutes': limit }, environment, registry);
        }
        return { data: { tasks: planned, whatIf: params['whatIf'] === true }, exitCode: 0 };
      },
    },
    {
      name: 'task-list',
      async run(engine, params) {
        const scheduler = await open(engine.environment);
        const all = await inspectTasks(await scheduler.list(), engine.environment);
        const tasks = chosen(all, textOf(params, 'task'));
        return { data: { tasks, notices: await nhserverNotices(tasks, engine.environment) }, exitCode: 0 };
      },
    },
    ...(['start', 'remove'] as const).map((deed) => ({
      name: `task-${deed}`,
      async run(engine: Parameters<Command['run']>[0], params: Params) {
        const asked = textOf(params, 'task');
        if (!asked) throw new UsageError(`task ${deed} needs the name of a task or the path of its instance.`);
        const scheduler = await open(engine.environment);
        const tasks = chosen(await inspectTasks(await scheduler.list(), engine.environment), asked);
        if (tasks.length === 0) throw new TaskNotFoundError(asked);
        for (const task of tasks) await scheduler[deed](task.name);
        return { data: { tasks: tasks.map((one) => one.name), deed }, exitCode: 0 };
      },
    })),
  ];
}

/** The Task Scheduler of this machine. Throws SchedulerUnavailableError off Windows. */
export async function systemScheduler(environment: Environment): Promise<TaskScheduler> {
  if (environment.platform !== 'win32') throw new SchedulerUnavailableError();
  const { windowsScheduler } = await import('../schedule/windows-scheduler.ts');
  return windowsScheduler(environment.variables['SystemRoot'] ?? 'C:\\Windows');
}

/** By name, by the path of the instance, or by a folder of instances. */
function chosen(tasks: readonly InspectedTask[], asked: string | undefined): readonly InspectedTask[] {
  if (asked === undefined) return tasks;
  const wanted = asked.replace(/[\\/]+$/, '').toLowerCase();
  return tasks.filter((one) => {
    const path = one.settingsPath.toLowerCase();
    const under = path.startsWith(wanted) && /^[\\/]/.test(path.slice(wanted.length));
    return one.name.toLowerCase() === wanted || path === wanted || under;
  });
}

function requestOf(params: Params, environment: Environment): TaskRequest {
  const paths = textsOf(params, 'paths');
  if (!paths) throw new UsageError('Name the folder of an instance, or one that holds instances.');
  const text = (name: 'every' | 'at' | 'name' | 'account'): object => {
    const value = textOf(params, name);
    return value === undefined ? {} : { [name]: value };
  };
  return {
    paths,
    ...text('every'),
    ...text('at'),
    ...text('name'),
    ...text('account'),
    ...(typeof params['viaPowerShell'] === 'boolean' && { viaPowerShell: params['viaPowerShell'] }),
    powerShell: powerShellOf(params, environment),
  };
}

/** The PowerShell that runs now and the module it has, or those that every Windows has. */
function powerShellOf(params: Params, environment: Environment): { program: string; module: string } {
  const root = environment.variables['SystemRoot'] ?? 'C:\\Windows';
  return {
    program: textOf(params, 'powerShellProgram') ?? `${root}\\System32\\WindowsPowerShell\\v1.0\\powershell.exe`,
    module: textOf(params, 'powerShellModule') ?? moduleOf(environment),
  };
}

function tasksOf(params: Params): ScheduledTask[] {
  const given = params['registered'];
  return Array.isArray(given) ? (given as ScheduledTask[]) : [];
}
