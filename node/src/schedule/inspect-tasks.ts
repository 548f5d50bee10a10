import { readSettingsFile } from '../config/settings-file.ts';
import type { Environment } from '../environment.ts';
import { reportOf } from '../errors/integrator-error.ts';
import { differences } from './compare-tasks.ts';
import { frequencyOf, isViaPowerShell } from './registered-choices.ts';
import { readTask, type RegisteredFacts } from './registered-task.ts';
import { defineTask, moduleOf, pathsOf } from './task-definition.ts';
import { taskAccount } from './task-account.ts';
import { resultInWords } from './task-results.ts';
import type { ScheduledTask } from './task-scheduler.ts';
import { endsInTime } from './time-limits.ts';

/** A registered task, and where it no longer fits its folder. */
export interface InspectedTask {
  readonly name: string;
  readonly settingsPath: string;
  readonly account: string;
  /** When it starts, in words. */
  readonly schedule: string;
  readonly enabled: boolean;
  readonly state: string;
  readonly lastResult?: number;
  /** The last result in words. */
  readonly lastOutcome: string;
  readonly lastRun?: string;
  readonly nextRun?: string;
  /** What is otherwise in the folder than in the task; empty when nothing. */
  readonly drift: readonly string[];
}

/** Looks at the tasks that run this product; others in the folder are left out. */
export async function inspectTasks(
  tasks: readonly ScheduledTask[],
  environment: Environment,
): Promise<InspectedTask[]> {
  const found: InspectedTask[] = [];
  for (const task of tasks) {
    const facts = await readTask(task.xml);
    if (facts.settingsPath === undefined) continue;
    found.push({
      name: task.name,
      settingsPath: facts.settingsPath,
      account: facts.accountName || facts.userId,
      schedule: facts.trigger,
      enabled: facts.enabled,
      state: task.state ?? '',
      ...(task.lastResult !== undefined && { lastResult: task.lastResult }),
      lastOutcome: task.lastResult === undefined ? '' : resultInWords(task.lastResult),
      ...(task.lastRun !== undefined && { lastRun: task.lastRun }),
      ...(task.nextRun !== undefined && { nextRun: task.nextRun }),
      drift: await driftOf(task.name, facts, facts.settingsPath, environment),
    });
  }
  return found;
}

async function driftOf(
  name: string,
  facts: RegisteredFacts,
  settingsPath: string,
  environment: Environment,
): Promise<string[]> {
  const { fs } = environment;
  const folder = pathsOf(settingsPath).dirname(settingsPath);
  if (!(await fs.stat(folder).catch(() => undefined))) return [`the folder ${folder} is gone`];
  const drift: string[] = [];
  if (!(await fs.stat(facts.command).catch(() => undefined))) drift.push(`the program ${facts.command} is gone`);
  let limit: number;
  try {
    const { content } = await readSettingsFile(settingsPath, environment);
    limit = (content as { Sync?: { TimeLimitMinutes?: number } } | null)?.Sync?.TimeLimitMinutes ?? 0;
  } catch (error) {
    return [...drift, reportOf(error).message];
  }
  const frequency = frequencyOf(folder, facts);
  if (!frequency) return drift;
  if (!endsInTime(limit, frequency))
    drift.push(`Sync.TimeLimitMinutes is ${limit}, so a run may not end before the next start`);
  const wanted = defineTask({
    settingsPath,
    name,
    frequency,
    account: taskAccount(facts.accountName || facts.userId),
    engineLimit: limit,
    program: environment.program,
    // Whichever PowerShell it is; the module has to be this one.
    ...(isViaPowerShell(facts) && { powerShell: { program: facts.command, module: moduleOf(environment) } }),
  });
  return [...drift, ...(await differences(wanted, facts))];
}
