import { saveSettings } from '../config/save-settings.ts';
import type { Environment } from '../environment.ts';
import { UsageError } from '../errors/command-errors.ts';
import { SchedulerUnavailableError, TaskNotFoundError } from '../errors/schedule-errors.ts';
import { nhserverNotices } from '../nhserver/nhserver-notices.ts';
import { inspectTasks, type InspectedTask } from '../schedule/inspect-tasks.ts';
import { moduleOf } from '../schedule/task-definition.ts';
import { planTasks, type PlannedTask, type TaskRequest } from '../schedule/plan-tasks.ts';
import type { ScheduledTask, TaskScheduler } from '../schedule/task-scheduler.ts';
import { command, type Command } from './command.ts';
import type { Given } from './params.ts';

const requestShape = {
  paths: 'texts',
  every: 'text',
  at: 'text',
  name: 'text',
  account: 'text',
  viaPowerShell: 'switch',
  powerShellProgram: 'text',
  powerShellModule: 'text',
} as const;

/** The commands about scheduled tasks, on the scheduler that `open` gives. */
export function taskCommands(open: (environment: Environment) => Promise<TaskScheduler>): readonly Command[] {
  return [
    // For the module, which has the scheduler itself: what is to be registered, beside the tasks it found.
    command('task-plan', { ...requestShape, registered: 'list' }, async ({ environment }, params) => {
      const planned = await planTasks(requestOf(params, environment), tasksOf(params.registered), environment);
      // Without the tasks there are, it is the XML that is wanted, and nobody saves the limit that goes with it.
      const tasks = params.registered ? planned : planned.map((one) => ({ ...one, warnings: warningsOfXml(one) }));
      return { data: { tasks }, exitCode: 0 };
    }),
    command('task-inspect', { registered: 'list' }, async ({ environment }, { registered }) => {
      const tasks = await inspectTasks(tasksOf(registered), environment);
      return { data: { tasks, notices: await nhserverNotices(tasks, environment) }, exitCode: 0 };
    }),
    // The engine's own limit follows from how often it runs; the tasks are registered with it.
    command('task-limit', { path: 'text', minutes: 'number' }, async (engine, { path, minutes }) => {
      if (!path || minutes === undefined) throw new UsageError('task-limit needs path and minutes.');
      await saveSettings(path, { 'Sync.TimeLimitMinutes': minutes }, engine.environment, engine.registry);
      return { data: { path }, exitCode: 0 };
    }),
    command('task-register', { ...requestShape, whatIf: 'switch' }, async ({ environment, registry }, params) => {
      const { whatIf = false } = params;
      const scheduler = await open(environment);
      const planned = await planTasks(requestOf(params, environment), await scheduler.list(), environment);
      for (const one of whatIf ? [] : planned) {
        const limit = one.newTimeLimitMinutes;
        if (one.action !== 'none') await scheduler.register(one.name, one.xml, one.account);
        if (limit !== undefined)
          await saveSettings(one.settingsPath, { 'Sync.TimeLimitMinutes': limit }, environment, registry);
      }
      return { data: { tasks: planned, whatIf }, exitCode: 0 };
    }),
    command('task-list', { task: 'text' }, async ({ environment }, { task }) => {
      const scheduler = await open(environment);
      const tasks = chosen(await inspectTasks(await scheduler.list(), environment), task);
      return { data: { tasks, notices: await nhserverNotices(tasks, environment) }, exitCode: 0 };
    }),
    ...(['start', 'remove'] as const).map((deed) =>
      command(`task-${deed}`, { task: 'text' }, async ({ environment }, { task: asked }) => {
        if (!asked) throw new UsageError(`task ${deed} needs the name of a task or the path of its instance.`);
        const scheduler = await open(environment);
        const tasks = chosen(await inspectTasks(await scheduler.list(), environment), asked);
        if (tasks.length === 0) throw new TaskNotFoundError(asked);
        for (const task of tasks) await scheduler[deed](task.name);
        return { data: { tasks: tasks.map((one) => one.name), deed }, exitCode: 0 };
      }),
    ),
  ];
}

/** The Task Scheduler of this machine. Throws SchedulerUnavailableError off Windows. */
export async function systemScheduler(environment: Environment): Promise<TaskScheduler> {
  if (!environment.windows) throw new SchedulerUnavailableError();
  const { windowsScheduler } = await import('../schedule/windows-scheduler.ts');
  return windowsScheduler(environment.windows);
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

function warningsOfXml({ warnings, folder, settingsPath, newTimeLimitMinutes: limit }: PlannedTask): readonly string[] {
  if (limit === undefined) return warnings;
  const change = `halo-db-integrator config set Sync.TimeLimitMinutes ${limit} --config "${settingsPath}"`;
  const ended = `a run that takes longer than its task allows is ended by Windows in the midst of its work`;
  return [
    ...warnings,
    `${folder}: Sync.TimeLimitMinutes there does not end a run before the next start, so ${ended}. Set it to ${limit}: ${change}`,
  ];
}

function requestOf(params: Given<typeof requestShape>, environment: Environment): TaskRequest {
  const { paths, every, at, name, account, viaPowerShell } = params;
  if (!paths) throw new UsageError('Name the folder of an instance, or one that holds instances.');
  return {
    paths,
    ...(every !== undefined && { every }),
    ...(at !== undefined && { at }),
    ...(name !== undefined && { name }),
    ...(account !== undefined && { account }),
    ...(viaPowerShell !== undefined && { viaPowerShell }),
    powerShell: powerShellOf(params, environment),
  };
}

/** The PowerShell that runs now and the module it has, or those that every Windows has. */
function powerShellOf(
  { powerShellProgram, powerShellModule }: Given<typeof requestShape>,
  environment: Environment,
): TaskRequest['powerShell'] {
  const root = environment.variables['SystemRoot'] ?? 'C:\\Windows';
  return {
    program: powerShellProgram ?? `${root}\\System32\\WindowsPowerShell\\v1.0\\powershell.exe`,
    module: powerShellModule ?? moduleOf(environment),
  };
}

/** The tasks a client found; what it leaves out may be null. Throws UsageError. */
function tasksOf(registered: readonly unknown[] = []): ScheduledTask[] {
  return registered.map((one) => {
    const given = Object.entries((one ?? {}) as object).filter(([, value]) => value !== null);
    const task = Object.fromEntries(given) as Record<string, unknown>;
    const fits = (name: keyof ScheduledTask, type: string, needed = false): boolean =>
      typeof task[name] === type || (!needed && task[name] === undefined);
    if (
      !fits('name', 'string', true) ||
      !fits('xml', 'string', true) ||
      !fits('lastResult', 'number') ||
      !(['state', 'lastRun', 'nextRun'] as const).every((name) => fits(name, 'string'))
    )
      throw new UsageError(
        'A registered task is not of the form that is expected.',
        'Give name and xml as texts, and if known state, lastRun and nextRun as texts, lastResult as a number.',
      );
    return task as unknown as ScheduledTask;
  });
}
